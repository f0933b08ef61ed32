import { spawn, type ChildProcess } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Processes } from "./processes";
import { writeProject } from "./testing";

const PARENT = `
const { previewStack } = require(${JSON.stringify(join(__dirname, "host"))});
const { loadStack } = require(${JSON.stringify(join(__dirname, "stack-files"))});
const [dir] = process.argv.slice(2);
previewStack({ projectDir: dir, stack: loadStack(dir, "dev") });
`;

const until = async (condition: () => boolean): Promise<boolean> => {
  for (let turn = 0; turn < 400 && !condition(); turn++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return condition();
};

const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A process that has ended but was not waited for still has an id.
    return !/^State:\s+Z/mu.test(readFileSync(`/proc/${String(pid)}/status`, "utf8"));
  } catch {
    return false;
  }
};

describe.runIf(process.platform === "linux")(
  "a parent that ends also ends the program and its processes",
  () => {
    const dirs: string[] = [];
    let parent: ChildProcess | undefined;
    afterEach(() => {
      parent?.kill("SIGKILL");
      for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
    });

    /**
     * Starts a host with a program that never ends. Resolves to the process ids of the program and its
     * child.
     */
    const start = async (): Promise<[number, number]> => {
      const project = writeProject({ program: "sleeps.ts" });
      const home = mkdtempSync(join(tmpdir(), "offline-home-"));
      dirs.push(project, home);
      const script = join(home, "parent.cjs");
      writeFileSync(script, PARENT);
      parent = spawn(process.execPath, ["--require", require.resolve("tsx/cjs"), script, project], {
        env: { PATH: process.env["PATH"], HOME: home, TMPDIR: tmpdir() },
        stdio: "ignore",
      });
      const file = join(home, "pids");
      expect(await until(() => existsSync(file) && / \d+$/u.test(readFileSync(file, "utf8")))).toBe(
        true,
      );
      const [program = 0, child = 0] = readFileSync(file, "utf8").split(" ").map(Number);
      expect([runs(program), runs(child)]).toEqual([true, true]);
      return [program, child];
    };

    it.each(["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"] as const)("by %s", async (signal) => {
      const [program, child] = await start();
      const ended = new Promise((resolve) =>
        parent?.once("exit", (_, by) => {
          resolve(by);
        }),
      );
      parent?.kill(signal);
      expect(await ended).toBe(signal);
      expect(await until(() => !runs(program) && !runs(child))).toBe(true);
    });
  },
);

it("says in a sentence which variable is too large to start a program with", () => {
  const processes = new Processes();
  const env = { PULUMI_CONFIG: "x".repeat(4_000_000) };
  expect(() => processes.start({ args: [], cwd: ".", env })).toThrow(
    "The stack's configuration is 3907 KiB, which is more than one environment variable may hold " +
      "(128 KiB on Linux), and programs get it in one. Move large values into files.",
  );
  processes.close();
});

it("starts any program, with its output in a file", async () => {
  const processes = new Processes();
  const folder = mkdtempSync(join(tmpdir(), "offline-output-"));
  const output = openSync(join(folder, "log"), "a");
  const args = ["-c", "echo out; echo err >&2; exit 3"];
  const { ended } = processes.start({ executable: "/bin/sh", args, cwd: folder, env: {}, output });
  closeSync(output);
  expect(await ended).toEqual({ code: 3, signal: null });
  expect(readFileSync(join(folder, "log"), "utf8")).toBe("out\nerr\n");
  rmSync(folder, { recursive: true });
  processes.close();
});
