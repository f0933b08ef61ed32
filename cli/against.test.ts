/** The whole command in its own repository, whose revisions use this same command. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";

const COMMAND = join(__dirname, "plan.ts");
const STACK = "config:\n  runstack:system: todo-chatbot\n";

const PROGRAM = (body: string): string => `
const pulumi = require("@pulumi/pulumi");
const config = new pulumi.Config();
class Thing extends pulumi.CustomResource {
  constructor(name, inputs, options) { super("kubernetes:core/v1:ConfigMap", name, inputs, options); }
}
${body}
`;
const map = (name: string, inputs: string, options = "{}"): string =>
  `new Thing("${name}", ${inputs}, ${options});`;

let top: string;
/** The folder for temporary files, so that leftovers are noticed. */
let temporary: string;

const git = (...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
    cwd: top,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();

const write = (path: string, text: string): void => {
  writeFileSync(join(top, path), text);
};

function commit(message: string): void {
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message", message);
}

beforeAll(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "against-test-")));
  temporary = realpathSync(mkdtempSync(join(tmpdir(), "against-test-tmp-")));
  git("init", "--quiet", "--initial-branch=main");
  mkdirSync(join(top, "cli"));
  // Every revision uses the command under test.
  write("cli/plan.ts", `require(${JSON.stringify(COMMAND)}).run();\n`);
  write(".gitignore", "node_modules\nout\n");
  write("package.json", '{ "private": true }\n');
  write("package-lock.json", "{}\n");
  write(
    "Pulumi.yaml",
    "name: runstack\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  );
  cpSync(join(__dirname, "fixtures/project/policies"), join(top, "policies"), { recursive: true });
  symlinkSync(realpathSync(join(__dirname, "../node_modules")), join(top, "node_modules"), "dir");
  write("Pulumi.prod.yaml", STACK);
  write("index.js", PROGRAM(map("a", "{ data: { x: '1' } }") + map("old", "{ data: { y: '2' } }")));
  commit("first");
  git("branch", "first");
});

beforeEach(() => {
  git("reset", "--quiet", "--hard", "first");
  git("clean", "--quiet", "-fd");
});

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ["--require", "tsx/cjs", "cli/plan.ts", ...args], {
    cwd: top,
    env: { ...process.env, TMPDIR: temporary, A_CREDENTIAL: "hunter2" },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function ended(child: ChildProcess) {
  let [out, err] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  // Two stacks are planned at once, one on each side.
  return { code, out, err: err.split("\n").filter(Boolean).sort() };
}

const plan = (...args: readonly string[]) => ended(start(...args));

/** Nothing is left of a worktree: no folder, and no entry in git. */
function expectNothingLeft(): void {
  expect(readdirSync(temporary).filter((name) => name.startsWith("runstack-against"))).toEqual([]);
  expect(git("worktree", "list", "--porcelain").match(/^worktree /gm)).toHaveLength(1);
}

describe("plan --against", () => {
  it("shows the working tree's changes, repeatably, and leaves nothing behind", async () => {
    write(
      "index.js",
      PROGRAM(map("a", "{ data: { x: '3' } }") + map("new", "{ data: { y: '2' } }")),
    );
    const first = await plan("--against", "HEAD");
    expect(first).toEqual({
      code: 0,
      out:
        `Against HEAD (${git("rev-parse", "--short=7", "HEAD")} first)\n\n` +
        "  prod  ~1 »1  ~»\n\n" +
        "Renamed\n" +
        "  Same type and inputs under another name or parent. Without an alias, the engine creates a new one\n" +
        "  and deletes the old one.\n" +
        "  » core/v1:ConfigMap old → new\n\n" +
        "Changed\n  ~ core/v1:ConfigMap a\n" +
        '      data.x: "1" → "3"\n\n' +
        "1 of 1 stack changes\n",
      err: ["Planning prod", "Planning prod at HEAD"],
    });
    expectNothingLeft();
    expect((await plan("--against=HEAD")).out).toBe(first.out);
  });

  it("reports that nothing changes", async () => {
    const { code, out } = await plan("prod", "--against", "first", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      version: 1,
      against: { revision: "first", commit: git("rev-parse", "first") },
      stacks: [{ stack: "prod", status: "unchanged" }],
    });
  });

  it("shows stacks that only one side has, and plans only the requested ones", async () => {
    git("mv", "Pulumi.prod.yaml", "Pulumi.other.yaml");
    const { code, out } = await plan("--against", "first");
    expect(code).toBe(0);
    expect(out).toContain("  other: new stack, 3 resources\n  prod: stack removed, 3 resources\n");
    expect(out.endsWith("\n2 of 2 stacks change\n")).toBe(true);
    expect((await plan("prod", "--against", "first")).out).not.toContain("other");
    expect(await plan("prud", "--against", "first")).toEqual({
      code: 2,
      out: "",
      err: ['There is no stack "prud". Did you mean prod?'],
    });
    expectNothingLeft();
  });

  it("exits like the plans here: their mandatory violations count, those of the revision do not", async () => {
    cpSync(join(__dirname, "fixtures/project/index.js"), join(top, "index.js"));
    cpSync(join(__dirname, "fixtures/project/Pulumi.yaml"), join(top, "Pulumi.yaml"));
    cpSync(join(__dirname, "fixtures/project/Pulumi.clean.yaml"), join(top, "Pulumi.prod.yaml"));
    commit("clean");
    cpSync(
      join(__dirname, "fixtures/project/Pulumi.violating.yaml"),
      join(top, "Pulumi.prod.yaml"),
    );
    const worse = await plan("--against", "HEAD");
    expect(worse.code).toBe(1);
    expect(worse.out).toContain("1 new mandatory violation");
    commit("violating");
    cpSync(join(__dirname, "fixtures/project/Pulumi.clean.yaml"), join(top, "Pulumi.prod.yaml"));
    const better = await plan("--against", "HEAD");
    expect(better.code).toBe(0);
    expect(better.out).toMatch(/no longer violated: replicas\n[^+]*mandatory\n/);
  });

  it("reports which side failed: the revision", async () => {
    write("index.js", 'throw new Error("broken there");');
    commit("broken");
    git("checkout", "--quiet", "first", "--", "index.js");
    const { code, out, err } = await plan("--against", "HEAD");
    expect(code).toBe(2);
    expect(err).toContain("  Error: broken there");
    expect(err).toContainEqual(expect.stringMatching(/^prod at HEAD \([0-9a-f]{7}\): Running/));
    expect(out).toContain("  prod: could not be planned at the revision\n");
  });

  it("reports which side failed: here", async () => {
    write("index.js", 'throw new Error("broken here");');
    const { code, out, err } = await plan("--against", "HEAD");
    expect(code).toBe(2);
    expect(err).toContain("  Error: broken here");
    expect(err).toContainEqual(expect.stringMatching(/^prod here: Running program/));
    expect(out).toContain("  prod: could not be planned here\n");
  });

  it("refuses a revision that cannot plan, in one sentence", async () => {
    git("rm", "--quiet", "cli/plan.ts");
    commit("too old");
    git("checkout", "--quiet", "first", "--", "cli/plan.ts");
    const { code, out, err } = await plan("--against", "HEAD");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.filter((line) => !line.startsWith("Planning "))).toEqual([
      expect.stringMatching(
        /^HEAD \([0-9a-f]{7}\) could not be planned: it has no cli\/plan\.ts, because it is older than this command\.$/,
      ),
    ]);
    expectNothingLeft();
  });

  it.each([
    [["--against", "mian"], 'There is no revision "mian". Did you mean main?'],
    [["--against", "--json"], "--against needs a revision: write --against REV."],
  ])("refuses %j", async (args, sentence) => {
    const { code, out, err } = await plan(...args);
    expect({ code, out, err: err.join(" ") }).toEqual({ code: 2, out: "", err: sentence });
  });

  it("does not pass our environment to the revision's program", async () => {
    const tell = (side: string) =>
      PROGRAM(map("env", `{ data: { ${side}: process.env.A_CREDENTIAL ?? "none" } }`));
    write("index.js", tell("there"));
    commit("tells");
    write("index.js", tell("here"));
    const { out } = await plan("--against", "HEAD");
    expect(out).toContain('data.there: "none" → nothing');
    expect(out).not.toContain("hunter2");
  });

  it("installs the revision's own dependencies if its lock file differs", async () => {
    const lock = {
      name: "x",
      version: "1.0.0",
      lockfileVersion: 3,
      packages: { "": { name: "x", version: "1.0.0" } },
    };
    write("package.json", '{ "name": "x", "version": "1.0.0", "private": true }\n');
    write("package-lock.json", JSON.stringify(lock));
    commit("no dependencies at all");
    git("checkout", "--quiet", "first", "--", "package.json", "package-lock.json");
    const { code, err } = await plan("--against", "HEAD");
    // It has no dependencies, so the program's packages are not found, although they are installed here.
    expect(code).toBe(2);
    expect(err).toContain("Its package-lock.json differs: installing its dependencies");
    expect(err.join("\n")).toMatch(/could not be planned|Cannot find module/);
    expect(existsSync(join(top, "node_modules/@pulumi/pulumi/package.json"))).toBe(true);
    expectNothingLeft();
  });

  it("writes the difference next to the plans, and removes it when there is none to show", async () => {
    const out = join(top, "out");
    write("index.js", PROGRAM(map("a", "{ data: { x: '3' } }")));
    expect((await plan("--against", "HEAD", "--out", out)).code).toBe(0);
    expect(readdirSync(out).sort()).toEqual([
      ".runstack-plan",
      "difference.json",
      "policies.sarif",
      "prod",
      "summary.md",
    ]);
    expect(readFileSync(join(out, "summary.md"), "utf8")).toContain('data.x: "1" → "3"');
    expect(readdirSync(join(out, "prod"))).toContain("plan.json");
    expect((await plan("--out", out)).code).toBe(0);
    expect(readdirSync(out).sort()).toEqual([".runstack-plan", "policies.sarif", "prod"]);
    write("out/summary.md", "mine");
    expect(await plan("--against", "HEAD", "--out", "out")).toEqual({
      code: 2,
      out: "",
      err: ["out/summary.md was not written by this command. Move it, or choose another --out."],
    });
    rmSync(out, { recursive: true });
    expectNothingLeft();
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "leaves nothing behind after %s",
    async (signal) => {
      write("index.js", "setInterval(() => undefined, 1000);");
      commit("never ends");
      const child = start("--against", "HEAD");
      const done = ended(child);
      await new Promise<void>((resolve) => {
        let seen = "";
        child.stderr?.on("data", (chunk: Buffer) => {
          seen += chunk.toString();
          if (seen.includes("Planning prod at HEAD")) resolve();
        });
      });
      expect(
        readdirSync(temporary).filter((name) => name.startsWith("runstack-against")),
      ).toHaveLength(1);
      child.kill(signal);
      expect((await done).code).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal]);
      expectNothingLeft();
    },
  );
});
