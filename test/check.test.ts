/** `check` as users run it, in this process; a few times as a separate process. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { main } from "../cli/check";
import { COMMAND } from "../cli/check/arguments";
import { usage } from "../cli/options";
import { runMain, type Ended } from "../cli/testing";
import { PROJECT } from "./plan";

const GOOD = join(__dirname, "fixtures/check/good");
const BAD = join(__dirname, "fixtures/check/bad");

interface Violation {
  readonly policy: string;
  readonly enforcement: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
  readonly [key: string]: unknown;
}

interface Report {
  readonly violations: readonly Violation[];
  readonly [key: string]: unknown;
}

let cwd = "";
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), "runstack-check-")));
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(cwd, file)), { recursive: true });
  writeFileSync(join(cwd, file), text);
}

const run = (args: readonly string[], input = ""): Promise<Ended> =>
  runMain(main, args, { cwd, input });

const json = async (...args: readonly string[]): Promise<Report> =>
  JSON.parse((await run([...args, "--json"])).out) as Report;

/** The positions of findings. The pack grows, so tests name their policies. */
const placesOf = ({ violations }: Report, policy: string): readonly string[] =>
  violations
    .filter((one) => one.policy === policy)
    .map(({ enforcement, line, column, path }) => `${enforcement} ${line}:${column} ${path}`);

describe("npm run check", () => {
  it("prints its help", async () => {
    expect(await run(["--help"])).toEqual({ code: 0, out: usage(COMMAND), err: "" });
  });

  it("accepts correct manifests", async () => {
    const { code, out, err } = await run([GOOD]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^1 object in 1 file: 0 violations in \d+ evaluations\n$/);
  });

  it("finds violations, with their lines, and exits with 1", async () => {
    expect((await run([BAD])).code).toBe(1);
    const report = await json(BAD);
    expect(placesOf(report, "pod-security-baseline-privileged")).toEqual([
      "mandatory 19:13 spec.template.spec.containers[0].securityContext.privileged",
    ]);
    expect(placesOf(report, "image-pinned")).toEqual([
      "mandatory 17:11 spec.template.spec.containers[0].image",
    ]);
    expect(report).toMatchObject({ files: 1, objects: 1, errors: [], notes: [], undecided: 0 });
    const one = report.violations.find(({ policy }) => policy === "image-pinned");
    expect(one).toMatchObject({
      file: join(BAD, "orders.yaml"),
      kind: "Deployment",
      namespace: "shop",
      name: "orders",
      severity: "high",
    });
    expect(one?.message).toContain('Deployment "shop/orders", container "api"');
    expect(one?.remediation).not.toBe("");
    expect(one?.clause).toContain("PO-03");
  });

  it("is advisory in staging", async () => {
    expect((await run([BAD, "--environment", "staging"])).code).toBe(0);
    const advice = placesOf(await json(BAD, "--environment", "staging"), "image-pinned");
    expect(advice).toEqual(["advisory 17:11 spec.template.spec.containers[0].image"]);
  });

  it("uses the standards of the requested version", async () => {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a", namespace: "shop" },
      spec: { securityContext: { sysctls: [{ name: "net.ipv4.tcp_rmem", value: "1" }] } },
    };
    write("a.json", JSON.stringify(pod));
    const policy = "pod-security-baseline-sysctls";
    expect(placesOf(await json("a.json", "--policy-version", "v1.31"), policy)).toHaveLength(1);
    expect(placesOf(await json("a.json", "--policy-version", "v1.32"), policy)).toHaveLength(0);
  });

  it("reads Helm's output from standard input, and names the templates", async () => {
    const text = `---\n# Source: shop/templates/a.yaml\n${readFileSync(join(BAD, "orders.yaml"), "utf8")}`;
    const { code, out } = await run(["-", "--json"], text);
    expect(code).toBe(1);
    expect((JSON.parse(out) as Report).violations[0]).toMatchObject({
      file: "stdin",
      template: "shop/templates/a.yaml",
    });
  });

  it("exits with 2 for empty input, because the command before the pipe may have failed", async () => {
    expect(await run(["-"])).toMatchObject({ code: 2, err: "stdin: it contains no objects\n" });
    write("values.yaml", "replicas: 2");
    expect(await run(["."])).toMatchObject({ code: 2, err: ".: there is nothing to check\n" });
  });

  it("reports what cannot be read, and checks the rest", async () => {
    write("a.yaml", "apiVersion: v1\nkind: Pod\nspec: [\n");
    write("b.yaml", readFileSync(join(GOOD, "orders.yaml"), "utf8"));
    writeFileSync(join(cwd, "c.yaml"), Uint8Array.of(0xff, 0xfe, 0x61));
    write("chart/Chart.yaml", "name: a");
    write("chart/templates/a.yaml", "kind: {{ x }}");
    write("other.yaml", "a: 1");
    const { code, out, err } = await run([".", "gone.yaml"]);
    expect(code).toBe(2);
    expect(err.split("\n")).toEqual([
      "gone.yaml: cannot be read: there is no such file or folder",
      "a.yaml:4:1: unexpected end of the stream within a flow collection",
      "c.yaml: cannot be read: it is not UTF-16LE",
      "",
    ]);
    expect(out).toContain("chart: is a Helm chart and was not checked");
    expect(out).toContain("1 object in 1 file: 0 violations");
    expect(out).toContain("; 1 other file skipped; 3 errors\n");
  });

  it("reads a file with a byte order mark", async () => {
    write("a.yaml", `\uFEFF${readFileSync(join(GOOD, "orders.yaml"), "utf8")}`);
    expect((await run(["a.yaml"])).code).toBe(0);
  });

  it("notes duplicate objects", async () => {
    const text = readFileSync(join(GOOD, "orders.yaml"), "utf8");
    write("a.yaml", `${text}---\n${text}`);
    write("b.yaml", text);
    expect((await json("."))["notes"]).toEqual([
      {
        file: "a.yaml",
        line: 2,
        column: 1,
        message: "ConfigMap shop/orders-settings appears again in a.yaml:12:1, b.yaml:2:1",
      },
    ]);
  });

  it("takes exemptions and configuration from files, and writes SARIF", async () => {
    write(
      "pack.json",
      '{"all": "disabled", "image-pinned": "mandatory", "exemption-valid": "mandatory"}',
    );
    write(
      "exemptions.yaml",
      '- {policy: image-pinned, resource: "*Deployment::shop/orders", reason: r, owner: o, expires: 2999-01-01}',
    );
    const options = ["--config", "pack.json", "--exemptions", "exemptions.yaml", "--json"];
    const { code, out } = await run([BAD, ...options, "--sarif", "out.sarif"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ violations: [], exempted: 1 });
    const sarif = JSON.parse(readFileSync(join(cwd, "out.sarif"), "utf8")) as unknown;
    expect(sarif).toMatchObject({ version: "2.1.0", runs: [{ results: [] }] });
  });

  it("reports invalid exemptions", async () => {
    write("exemptions.yaml", "- policy: image-pinned\n");
    const report = await json(GOOD, "--exemptions", "exemptions.yaml");
    expect(report.violations.map(({ file, message }) => [file, message])).toEqual([
      [
        "exemptions.yaml",
        'exemptions.yaml[0] has no "resource"; every exemption needs policy, resource, reason, owner, expires.',
      ],
    ]);
  });

  it.each([
    [[], "Name a file, a folder or -. Run `npm run -s check -- --help` for help.\n"],
    [["a", "--jsn"], 'Unknown option "--jsn". Did you mean --json?\n'],
    [
      [GOOD, "--config", "gone.json"],
      "--config gone.json cannot be read: there is no such file or folder.\n",
    ],
    [
      [GOOD, "--sarif", "gone/out.sarif"],
      "--sarif gone/out.sarif cannot be written: there is no such file or folder.\n",
    ],
  ])("refuses %j with 2", async (args, err) => {
    expect(await run(args)).toEqual({ code: 2, out: "", err });
  });

  it("reports all errors of a configuration", async () => {
    write("pack.json", '{\n  "image-pined": "advisory",\n  "tier": 1\n}');
    expect(await run([GOOD, "--config", "pack.json"])).toEqual({
      code: 2,
      out: "",
      err: 'pack.json: The pack has no policy "image-pined". Did you mean "image-pinned"?\npack.json: The pack has no policy "tier". Correct the name, or remove it.\n',
    });
    write("pack.json", "{");
    expect((await run([GOOD, "--config", "pack.json"])).err).toBe(
      "pack.json:1:2: unexpected end of the stream within a flow collection.\n",
    );
    write("pack.json", "a: 1\n---\nb: 2");
    expect((await run([GOOD, "--config", "pack.json"])).err).toBe(
      "pack.json contains several documents; --config takes one.\n",
    );
  });
});

describe("the process", () => {
  const start = (command: string, args: readonly string[], input = "") => {
    const env = { PATH: process.env["PATH"], HOME: cwd };
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd,
      env,
      input,
      encoding: "utf8",
    });
    return { code: status, out: stdout, err: stderr };
  };

  it("reads standard input, prints results, and returns the exit code", () => {
    const args = [join(PROJECT, "cli/run.cjs"), "check", "cli/check.ts", "-", "--json"];
    const { code, out, err } = start(
      process.execPath,
      args,
      readFileSync(join(BAD, "orders.yaml"), "utf8"),
    );
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect((JSON.parse(out) as Report).violations.length).toBeGreaterThan(5);
  });

  it("resolves paths from the folder in which npm is called", () => {
    write("sub/orders.yaml", readFileSync(join(GOOD, "orders.yaml"), "utf8"));
    const options = ["--prefix", PROJECT, "run", "-s", "check", "--"];
    const { code, out, err } = start("npm", [
      ...options,
      "sub/orders.yaml",
      "--sarif",
      "out.sarif",
    ]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("1 object in 1 file");
    expect(readFileSync(join(cwd, "out.sarif"), "utf8")).toContain("runstack/check/");
  });

  it("reports in one sentence that nothing is installed", () => {
    for (const path of ["bundle", "cli/run.cjs", "cli/start.cjs", "cli/check.ts"]) {
      cpSync(join(PROJECT, path), join(cwd, path), { recursive: true });
    }
    cpSync(join(PROJECT, "package.json"), join(cwd, "package.json"));
    expect(start(process.execPath, ["cli/run.cjs", "check", "cli/check.ts", "a.yaml"])).toEqual({
      code: 2,
      out: "",
      err: `The package tsx is not installed. Run \`npm ci\` in ${cwd} first.\n`,
    });
  });
});
