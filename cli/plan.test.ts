/** The command as users run it: a process with arguments, streams and an exit code. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Plan } from "../offline/plan";
import { COMMAND as PLAN } from "./arguments";
import { usage } from "./options";
import { writeOut } from "./out-folder";

const PROJECT = join(__dirname, "fixtures/project");
const COMMAND = ["--require", "tsx/cjs", join(__dirname, "plan.ts")];

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(...args: readonly string[]): ReturnType<typeof spawn> {
  return spawn(process.execPath, [...COMMAND, ...args], {
    cwd: PROJECT,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function ended(child: ReturnType<typeof spawn>): Promise<Ended> {
  let out = "";
  let err = "";
  child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out, err };
}

const plan = (...args: readonly string[]): Promise<Ended> => ended(start(...args));

describe("plan", () => {
  it("explains itself", async () => {
    expect(await plan("--help")).toEqual({ code: 0, out: usage(PLAN), err: "" });
  });

  it("refuses unknown arguments, in one sentence on standard error", async () => {
    expect(await plan("--jsn")).toEqual({
      code: 2,
      out: "",
      err: 'Unknown option "--jsn". Did you mean --json?\n',
    });
    expect(await plan("claen")).toEqual({
      code: 2,
      out: "",
      err: 'There is no stack "claen". Did you mean clean?\n',
    });
  });

  it("exits with 0 for a clean stack, and prints the same bytes twice", async () => {
    const first = await plan("clean");
    expect(first.code).toBe(0);
    expect(first.err).toBe("Planning clean\n");
    expect(first.out.split("\n").slice(0, 9)).toEqual([
      "Stack      clean",
      "System     todo-chatbot, prod",
      "Cloud      digitalocean, nyc3",
      "Resources  4: 1 component, 3 kubernetes (and 1 provider, not drawn)",
      "",
      "pulumi:pulumi:Stack     runstack-clean",
      "├─ apps/v1:Deployment   todo-chatbot-backend 3 replicas",
      "├─ core/v1:Namespace    todo-chatbot",
      "└─ core/v1:Secret       todo-chatbot-secrets 1 key",
    ]);
    expect((await plan("clean")).out).toBe(first.out);
  });

  it("exits with 1 for a mandatory violation, also if the results are not read", async () => {
    const child = start("violating");
    child.stdout?.destroy();
    expect(await ended(child)).toEqual({ code: 1, out: "", err: "Planning violating\n" });
  });

  it("takes the policies' configuration as YAML, and refuses with 2 what the pack does not take", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "plan-")), "policies.yaml");
    await writeFile(file, "replicas: advisory\n");
    expect((await plan("violating", "--policy-pack-config", file)).code).toBe(0);
    await writeFile(
      file,
      "replicas: strict\nrunbook-recovery-time:\n  estimates: system 5, db 1\n",
    );
    expect(await plan("violating", "--policy-pack-config", file)).toEqual({
      code: 2,
      out: "",
      err: [
        "Planning violating",
        'violating: The enforcement level of "replicas" is "strict"; it must be one of mandatory, advisory,',
        "  disabled, remediate.",
        '  runbook-recovery-time.estimates is "system 5, db 1"; it must be a list: write ["system 5", "db',
        '    1"].',
        "",
      ].join("\n"),
    });
  });

  it("has the policies judge what the plan estimates", async () => {
    const { code, out } = await plan("slow", "--json");
    expect(code).toBe(1);
    const { policies } = JSON.parse(out) as Plan;
    expect(policies.violations).toEqual([
      {
        policy: "runbook-recovery-time",
        enforcement: "mandatory",
        urn: "",
        message: "Rebuilt in time.\nback after: system 1.5, neon 0.1",
        clause: "",
      },
    ]);
  });

  it("exits with 2 for a program that throws, with the error and its position", async () => {
    const { code, out, err } = await plan("throwing");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.split("\n")).toEqual([
      "Planning throwing",
      "throwing: Running program 'index.js' failed with an unhandled exception:",
      "  Error: the fixture was told to throw",
      "      at Object.<anonymous> (index.js:5:32)",
      "",
    ]);
  });

  it("repeats the output of a program that exited, without its secrets", async () => {
    const { code, out, err } = await plan("exiting");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.split("\n")).toEqual([
      "Planning exiting",
      "exiting: Program exited with non-zero exit code: 1",
      "exiting: The program printed (the last 20 lines):",
      ...Array.from({ length: 19 }, (_, index) => `    step ${String(index + 2)}`),
      "    the end",
      "exiting: The program printed to standard error:",
      "    my reason: [secret]",
      "",
    ]);
  });

  it("repeats the library's message about promises that never settle", async () => {
    const { code, err } = await plan("waiting");
    expect(code).toBe(2);
    expect(err).toContain("waiting: The program printed to standard error:\n");
    expect(err).toMatch(/\n {4}The Pulumi runtime detected that \d+ promises were still active\n/);
  });

  it("repeats why the policy pack did not start, without the program's output", async () => {
    const { code, out, err } = await plan("packless");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.split("\n")).toEqual([
      "Planning packless",
      "packless: The policy pack ended with exit code 32 instead of serving.",
      "packless: The policy pack printed to standard error:",
      "    error: [runtime] Running program 'policies' failed with an unhandled exception:",
      "        Error: the pack was told to throw",
      "        at Object.<anonymous> (policies/index.js:5:9)",
      "",
    ]);
  });

  it("plans the other stacks if one fails, writes their plans, and removes stale files", async () => {
    const out = join(await mkdtemp(join(tmpdir(), "runstack-plan-")), "out");
    await writeOut(out, "mistyped", [{ name: "plan.json", text: "of an earlier run" }]);
    await mkdir(join(out, "foreign"));
    await writeFile(join(out, "foreign/plan.json"), "somebody else's");
    const result = await plan("mistyped", "violating", "clean", "--json", "--out", out);
    expect(result.code).toBe(2);
    expect(result.err).toContain(
      "mistyped: Pulumi.mistyped.yaml, line 2: Pulumi.yaml declares no runstack:mdoe. Did you mean\n" +
        "  runstack:mode?\n",
    );
    const plans = JSON.parse(result.out) as { stack: string; resources: unknown[] }[];
    expect(plans.map(({ stack }) => stack)).toEqual(["violating", "clean"]);
    expect(result.out).not.toContain("hunter2");
    expect((await readdir(out)).sort()).toEqual([
      ".runstack-plan",
      "clean",
      "foreign",
      "policies.sarif",
      "violating",
    ]);
    expect(await readdir(join(out, "foreign"))).toEqual(["plan.json"]);
    expect((await readdir(join(out, "clean"), { recursive: true })).sort()).toEqual([
      ".runstack-plan",
      "manifests",
      "manifests/01-deployment-todo-chatbot-todo-chatbot-backend.yaml",
      "manifests/02-namespace-todo-chatbot.yaml",
      "manifests/03-secret-todo-chatbot-todo-chatbot-secrets.yaml",
      "manifests/index.txt",
      "plan.json",
      "policies.sarif",
      "summary.md",
    ]);
    expect(JSON.parse(await readFile(join(out, "clean/plan.json"), "utf8"))).toEqual(plans[1]);
  });

  it.runIf(process.platform === "linux")(
    "ends its processes and exits with 130 when interrupted",
    async () => {
      const child = start("sleeping");
      const result = ended(child);
      const children = await until(() => {
        const found = descendants(child.pid ?? 0).filter(({ command }) =>
          command.includes("cmd/run"),
        );
        return found.length >= 2 ? found : undefined;
      });
      child.kill("SIGINT");
      expect((await result).code).toBe(130);
      const gone = await until(() =>
        children.some(({ pid }) => isRunning(pid)) ? undefined : true,
      );
      expect(gone).toBe(true);
    },
  );
});

async function until<T>(look: () => T | undefined): Promise<T> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("waited thirty seconds in vain");
}

function descendants(ancestor: number): readonly { pid: number; command: string }[] {
  const rows = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        return [{ pid: Number(pid), parent: Number(parent), command }];
      } catch {
        // It ended after the folder was read.
        return [];
      }
    });
  const below = (parent: number): typeof rows =>
    rows.filter((row) => row.parent === parent).flatMap((row) => [row, ...below(row.pid)]);
  return below(ancestor);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that has ended but was not waited for still has an id.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${String(pid)}/status`, "utf8"));
  } catch {
    return false;
  }
}
