/** `npm run check` as people run it: a process with arguments, streams and an exit code. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { USAGE } from "../cli/check/arguments";
import type { CheckViolation } from "../reports/check";
import { PROJECT } from "./plan";

const GOOD = join(__dirname, "fixtures/check/good");
const BAD = join(__dirname, "fixtures/check/bad");

interface Report {
  readonly violations: readonly CheckViolation[];
  readonly [key: string]: unknown;
}

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "runstack-check-"));
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(cwd, file)), { recursive: true });
  writeFileSync(join(cwd, file), text);
}

function run(
  args: readonly string[],
  input = "",
): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--require", require.resolve("tsx/cjs"), join(PROJECT, "cli/check.ts"), ...args],
    { cwd, input, encoding: "utf8", env: { PATH: process.env["PATH"], HOME: cwd } },
  );
  return { code: status, out: stdout, err: stderr };
}

const json = (...args: readonly string[]): Report =>
  JSON.parse(run([...args, "--json"]).out) as Report;

/** Where a policy found something: the pack grows, so tests name the policies they mean. */
const placesOf = ({ violations }: Report, policy: string): readonly string[] =>
  violations
    .filter((one) => one.policy === policy)
    .map(({ enforcement, line, column, path }) => `${enforcement} ${line}:${column} ${path}`);

describe("npm run check", () => {
  it("explains itself", () => {
    expect(run(["--help"])).toEqual({ code: 0, out: USAGE, err: "" });
  });

  it("passes what is right", () => {
    const { code, out, err } = run([GOOD]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^1 object in 1 file: 0 mandatory violations in \d+ evaluations\n$/);
  });

  it("finds what is wrong, with its line, and ends with 1", () => {
    expect(run([BAD]).code).toBe(1);
    const report = json(BAD);
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

  it("only advises in staging", () => {
    expect(run([BAD, "--environment", "staging"]).code).toBe(0);
    const advice = placesOf(json(BAD, "--environment", "staging"), "image-pinned");
    expect(advice).toEqual(["advisory 17:11 spec.template.spec.containers[0].image"]);
  });

  it("judges by the standards of the version that is asked for", () => {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a", namespace: "shop" },
      spec: { securityContext: { sysctls: [{ name: "net.ipv4.tcp_rmem", value: "1" }] } },
    };
    write("a.json", JSON.stringify(pod));
    const policy = "pod-security-baseline-sysctls";
    expect(placesOf(json("a.json", "--policy-version", "v1.31"), policy)).toHaveLength(1);
    expect(placesOf(json("a.json", "--policy-version", "v1.32"), policy)).toHaveLength(0);
  });

  it("reads what Helm renders from standard input, and names its templates", () => {
    const text = `---\n# Source: shop/templates/a.yaml\n${readFileSync(join(BAD, "orders.yaml"), "utf8")}`;
    const { code, out } = run(["-", "--json"], text);
    expect(code).toBe(1);
    expect((JSON.parse(out) as Report).violations[0]).toMatchObject({
      file: "stdin",
      template: "shop/templates/a.yaml",
    });
  });

  it("ends with 2 where there is nothing, since the command before the pipe may have failed", () => {
    expect(run(["-"])).toMatchObject({ code: 2, err: "stdin: there is no object in it\n" });
    write("values.yaml", "replicas: 2");
    expect(run(["."])).toMatchObject({ code: 2, err: ".: there is nothing to check\n" });
  });

  it("says what cannot be read, and checks the rest", () => {
    write("a.yaml", "apiVersion: v1\nkind: Pod\nspec: [\n");
    write("b.yaml", readFileSync(join(GOOD, "orders.yaml"), "utf8"));
    writeFileSync(join(cwd, "c.yaml"), Uint8Array.of(0xff, 0xfe, 0x61));
    write("chart/Chart.yaml", "name: a");
    write("chart/templates/a.yaml", "kind: {{ x }}");
    write("other.yaml", "a: 1");
    const { code, out, err } = run([".", "gone.yaml"]);
    expect(code).toBe(2);
    expect(err.split("\n")).toEqual([
      "gone.yaml: cannot be read: there is no such file or folder",
      "a.yaml:4:1: deficient indentation",
      "c.yaml: cannot be read: it is not UTF-8",
      "",
    ]);
    expect(out).toContain("chart: is a Helm chart and was not checked");
    expect(out).toContain("1 object in 1 file: 0 mandatory violations");
    expect(out).toContain("; 1 other file skipped; 3 errors\n");
  });

  it("reads a file with a mark in front", () => {
    write("a.yaml", `\uFEFF${readFileSync(join(GOOD, "orders.yaml"), "utf8")}`);
    expect(run(["a.yaml"]).code).toBe(0);
  });

  it("notes what is written twice", () => {
    const text = readFileSync(join(GOOD, "orders.yaml"), "utf8");
    write("a.yaml", `${text}---\n${text}`);
    write("b.yaml", text);
    expect(json(".")["notes"]).toEqual([
      {
        file: "a.yaml",
        line: 2,
        column: 1,
        message: "ConfigMap shop/orders-settings is written again in a.yaml:12:1, b.yaml:2:1",
      },
    ]);
  });

  it("takes exemptions and configuration from files, and writes SARIF", () => {
    write(
      "pack.json",
      '{"all": "disabled", "image-pinned": "mandatory", "exemption-valid": "mandatory"}',
    );
    write(
      "exemptions.yaml",
      '- {policy: image-pinned, resource: "*Deployment::shop/orders", reason: r, owner: o, expires: 2999-01-01}',
    );
    const options = ["--config", "pack.json", "--exemptions", "exemptions.yaml", "--json"];
    const { code, out } = run([BAD, ...options, "--sarif", "out.sarif"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ violations: [], exempted: 1 });
    const sarif = JSON.parse(readFileSync(join(cwd, "out.sarif"), "utf8")) as unknown;
    expect(sarif).toMatchObject({ version: "2.1.0", runs: [{ results: [] }] });
  });

  it("says which exemption is in vain", () => {
    write("exemptions.yaml", "- policy: image-pinned\n");
    const report = json(GOOD, "--exemptions", "exemptions.yaml");
    expect(report.violations.map(({ file, message }) => [file, message])).toEqual([
      [
        "exemptions.yaml",
        'exemptions.yaml[0] has no "resource"; every exemption needs policy, resource, reason, owner, expires.',
      ],
    ]);
  });

  it.each([
    [[], "Name a file, a folder or -. Run `npm run -s check -- --help` to see what there is.\n"],
    [["a", "--jsn"], 'There is no option "--jsn". Did you mean --json?\n'],
    [
      [GOOD, "--config", "gone.json"],
      "--config gone.json cannot be read: there is no such file or folder.\n",
    ],
    [
      [GOOD, "--sarif", "gone/out.sarif"],
      "--sarif gone/out.sarif cannot be written: there is no such file or folder.\n",
    ],
  ])("refuses %j with 2", (args, err) => {
    expect(run(args)).toEqual({ code: 2, out: "", err });
  });

  it("says everything that is wrong with a configuration", () => {
    write("pack.json", '{\n  "image-pined": "advisory",\n  "tier": 1\n}');
    expect(run([GOOD, "--config", "pack.json"])).toEqual({
      code: 2,
      out: "",
      err: 'pack.json: The pack has no policy "image-pined". Did you mean "image-pinned"?\npack.json: The pack has no policy "tier". docs/policies.md lists them.\n',
    });
    write("pack.json", "{");
    expect(run([GOOD, "--config", "pack.json"]).err).toBe(
      "pack.json:1:2: unexpected end of the stream within a flow collection.\n",
    );
    write("pack.json", "a: 1\n---\nb: 2");
    expect(run([GOOD, "--config", "pack.json"]).err).toBe(
      "pack.json holds several documents; --config takes one.\n",
    );
  });
});
