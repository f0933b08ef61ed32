/** The package as a stranger gets it: what is in it, its command, its types, and the examples that import it. */
import { execFile, execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT } from "./plan";

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

interface Ended {
  readonly code: number | string | undefined;
  readonly out: string;
  readonly err: string;
}

let root: string;
let packed: Packed;

/** Types are compiled, on a machine that is busy with other tests. */
const PATIENCE = 600_000;

/** `npm install` without a registry: the tarball, and links to what is installed here. */
function install(folder: string, wanted: (name: string) => boolean = () => true): string {
  const modules = join(folder, "node_modules");
  const installed = join(PROJECT, "node_modules");
  const names = readdirSync(installed).flatMap((name) =>
    name.startsWith("@") ? readdirSync(join(installed, name)).map((one) => `${name}/${one}`) : name,
  );
  for (const name of names.filter((one) => !one.startsWith(".") && wanted(one))) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(installed, name), join(modules, name));
  }
  const own = join(modules, "runstack");
  mkdirSync(own, { recursive: true });
  execFileSync("tar", ["xzf", join(root, packed.filename), "-C", own, "--strip-components=1"]);
  mkdirSync(join(modules, ".bin"));
  symlinkSync("../runstack/cli/runstack.cjs", join(modules, ".bin/runstack"));
  return folder;
}

function start(cwd: string, command: string, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(command, [...args], { cwd, maxBuffer: 64 * 1024 ** 2 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : (error.code ?? undefined), out, err });
    });
  });
}

const runstack = (cwd: string, ...args: readonly string[]): Promise<Ended> =>
  start(cwd, process.execPath, join(root, "user/node_modules/.bin/runstack"), ...args);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "runstack-package-"));
  const options = ["pack", "--ignore-scripts=false", "--json", "--pack-destination", root];
  const said = execFileSync("npm", options, { cwd: PROJECT, encoding: "utf8", stdio: "pipe" });
  const [first] = JSON.parse(said.slice(said.indexOf("["))) as readonly Packed[];
  if (first === undefined) throw new Error("npm packed nothing.");
  packed = first;
  install(join(root, "user"), (name) => !name.startsWith("@pulumi/"));
  cpSync(join(PROJECT, "test/fixtures/check"), join(root, "user/deploy"), { recursive: true });
}, PATIENCE);

afterAll(() => {
  rmSync(root, { recursive: true });
});

describe("the tarball", () => {
  it("has the commands, the policy pack and the compiled components, and nothing else", () => {
    const paths = packed.files.map(({ path }) => path);
    const compiled = paths.filter((path) => path.startsWith("dist/modules/"));
    expect(paths.filter((path) => !compiled.includes(path)).sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "bundle/budget.cjs",
      "bundle/compiled.cjs",
      "bundle/load.cjs",
      "bundle/replace.cjs",
      "bundle/stamp.cjs",
      "cli/runstack.cjs",
      "cli/start.cjs",
      "dist/LICENSES.md",
      "dist/cli-check.cjs",
      "dist/cli-findings.cjs",
      "dist/cli-plan.cjs",
      "dist/policies-index.cjs",
      "offline/compiler.cjs",
      "offline/late.cjs",
      "offline/preload.cjs",
      "offline/traces.cjs",
      "package.json",
      "policies/PulumiPolicy.yaml",
      "policies/load.cjs",
      "policies/package.json",
    ]);
    expect(compiled.filter((path) => !/\.(?:js|d\.ts)$/u.test(path))).toEqual([]);
    expect(compiled.filter((path) => /\.test\.|testing|fixtures/u.test(path))).toEqual([]);
    for (const name of ["index", "aws", "digitalocean", "gcp"]) {
      expect(compiled).toContain(`dist/modules/library/${name}.js`);
      expect(compiled).toContain(`dist/modules/library/${name}.d.ts`);
    }
  });
});

describe("the command", () => {
  it("checks files by their path from where it is called, without Pulumi", async () => {
    const folder = join(root, "user/deploy");
    const { code, out, err } = await runstack(folder, "check", "--json", "bad");
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toContain('"bad/orders.yaml"');
    const good = await runstack(folder, "check", "good/orders.yaml");
    expect({ code: good.code, err: good.err }).toEqual({ code: 0, err: "" });
  });

  it("takes paths of a script from the script's folder, wherever npm was called", async () => {
    const scripts = { check: "runstack check deploy/good" };
    writeFileSync(join(root, "user/package.json"), JSON.stringify({ name: "user", scripts }));
    const { code, out } = await start(join(root, "user/deploy"), "npm", "run", "-s", "check");
    expect(code).toBe(0);
    expect(out).toContain("1 object in 1 file");
  });

  it("calls itself by the name that it was called by", async () => {
    const { code, out } = await runstack(root, "check", "--help");
    expect(code).toBe(0);
    expect(out).toContain("\n  runstack check ");
    expect(out).toContain("helm template CHART | runstack check -");
    expect(out).not.toContain("npm run");
    const { err } = await runstack(root, "check", "--nothing-like-it");
    expect(err).toContain("Run `runstack check --help` for help.");
  });

  it("lists the commands, and its version", async () => {
    const { code, out } = await runstack(root, "--help");
    expect(code).toBe(0);
    expect(out).toContain("runstack COMMAND [ARGUMENT]…");
    expect((await runstack(root, "--version")).out).toMatch(/^\d+\.\d+\.\d+\n$/u);
  });

  it.each([
    [
      ["chekc", "x.yaml"],
      'There is no command "chekc". The commands are: check, plan, findings, new-system.\n',
    ],
    [["new-system"], "new-system needs a checkout of Runstack, to which it adds the system.\n"],
    [
      ["plan"],
      "@pulumi/pulumi is not installed. Install it beside runstack: npm install @pulumi/pulumi @pulumi/policy\n",
    ],
  ])("refuses %j in a sentence", async (args, message) => {
    expect(await runstack(join(root, "user"), ...args)).toEqual({ code: 2, out: "", err: message });
  });

  it("refuses a Node.js that is too old", async () => {
    const old = 'Object.defineProperty(process.versions, "node", { value: "18.20.4" });';
    writeFileSync(join(root, "old.cjs"), old);
    const command = join(root, "user/node_modules/.bin/runstack");
    const args = ["--require", join(root, "old.cjs"), command, "check", "x.yaml"];
    expect(await start(root, process.execPath, ...args)).toEqual({
      code: 2,
      out: "",
      err: "Node.js 18.20.4 is too old: 20.19 or newer is required.\n",
    });
  });
});

describe.each(readdirSync(join(PROJECT, "examples")))("the example %s", (name) => {
  let folder: string;

  beforeAll(() => {
    folder = join(root, name);
    cpSync(join(PROJECT, "examples", name), folder, { recursive: true });
    install(folder);
  });

  it.each(["node16", "bundler"])(
    "compiles with moduleResolution %s",
    async (resolution) => {
      const module = resolution === "node16" ? "node16" : "preserve";
      const options = ["--module", module, "--moduleResolution", resolution, "-p", "."];
      const tsc = join(folder, "node_modules/typescript/bin/tsc");
      expect(await start(folder, process.execPath, tsc, ...options)).toEqual({
        code: 0,
        out: "",
        err: "",
      });
    },
    PATIENCE,
  );

  it(
    "is planned without a mandatory violation of the package's policies",
    async () => {
      const pack = "node_modules/runstack/policies";
      expect(existsSync(join(folder, pack, "PulumiPolicy.yaml"))).toBe(true);
      const command = join(folder, "node_modules/.bin/runstack");
      const args = ["plan", "--policy-pack", pack];
      const { code, out, err } = await start(folder, process.execPath, command, ...args);
      const refused =
        out.slice(0, out.indexOf("\n  advisory")).match(/^ {2}mandatory[^]*/mu)?.[0] ?? "";
      expect({ code, refused, err: err.replace(/^Planning .*\n/u, "") }).toEqual({
        code: 0,
        refused: "",
        err: "",
      });
      expect(out).toMatch(/\d+ resources; .*violations? in \d{2,} evaluations/u);
    },
    PATIENCE,
  );
});

it("loads no cloud's SDK with the components that need none", async () => {
  const script =
    'require("runstack"); console.log(Object.keys(require.cache).filter((file) => /@pulumi.(aws|gcp|digitalocean)/.test(file)).length)';
  const { out } = await start(join(root, "workload"), process.execPath, "-e", script);
  expect(out).toBe("0\n");
});
