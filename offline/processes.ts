/**
 * Child processes that always end with their parent.
 *
 * Each child leads its own process group, so that the processes it starts end with it. Signals and normal exits
 * are handled here. If the parent is killed, a watcher takes over: a shell that reads from a pipe kills the
 * groups when the pipe breaks.
 */
import { spawn, type ChildProcess } from "node:child_process";
import type { Writable } from "node:stream";
import { ProjectConfigError } from "./errors";

const WATCHER = `
while read -r verb group; do
  case "$verb" in
    watch) groups="$groups $group " ;;
    forget) groups="\${groups%% $group *} \${groups#* $group }" ;;
    end) exit 0 ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done`;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface Spawned {
  readonly process: ChildProcess;
  /** Ends the child and its descendants; does nothing if it has ended. */
  kill(): void;
  /** Resolves when the child has ended and its output is complete. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export interface SpawnRequest {
  /** What is started. @default this Node */
  readonly executable?: string;
  /** The descriptor of an open file for its output. @default pipes */
  readonly output?: number;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

export class Processes {
  private readonly children = new Set<ChildProcess>();
  private watcher: ChildProcess | undefined;
  private readonly onExit = (): void => {
    this.killAll();
  };
  private readonly onSignal = (signal: NodeJS.Signals): void => {
    this.killAll();
    this.unlisten();
    // If nothing else handles the signal, end as the signal would have done.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };

  constructor() {
    process.on("exit", this.onExit);
    for (const signal of SIGNALS) process.on(signal, this.onSignal);
  }

  /** Starts a program, which gets no input. */
  start(request: SpawnRequest): Spawned {
    const child = this.spawn(request);
    this.children.add(child);
    this.tellWatcher("watch", child.pid);
    const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(
      (resolve, reject) => {
        child.once("error", reject);
        child.once("exit", () => {
          // Processes that the child left behind must not keep the pipes open.
          killGroup(child);
          this.children.delete(child);
          this.tellWatcher("forget", child.pid);
        });
        child.once("close", (code, signal) => {
          resolve({ code, signal });
        });
      },
    );
    return {
      process: child,
      ended,
      kill: () => {
        killGroup(child);
      },
    };
  }

  private spawn({ executable, output, args, cwd, env }: SpawnRequest): ChildProcess {
    try {
      return spawn(executable ?? process.execPath, [...args], {
        cwd,
        env,
        stdio: ["ignore", output ?? "pipe", output ?? "pipe"],
        detached: true,
      });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "E2BIG")) throw error;
      throw new ProjectConfigError(tooLarge(env), { cause: error });
    }
  }

  /** Kills the remaining processes and stops watching. */
  close(): void {
    this.killAll();
    this.unlisten();
    this.input?.end("end\n");
    this.watcher = undefined;
  }

  private get input(): Writable | null | undefined {
    return this.watcher?.stdin;
  }

  private tellWatcher(verb: "watch" | "forget", pid: number | undefined): void {
    if (pid === undefined || process.platform === "win32") return;
    if (this.watcher === undefined) {
      if (verb === "forget") return;
      this.watcher = spawn("/bin/sh", ["-c", WATCHER], {
        env: {},
        stdio: ["pipe", "ignore", "ignore"],
        detached: true,
      });
      this.watcher.on("error", () => undefined);
      this.input?.on("error", () => undefined);
      this.watcher.unref();
    }
    this.input?.write(`${verb} ${String(pid)}\n`);
  }

  private killAll(): void {
    for (const child of this.children) killGroup(child);
  }

  private unlisten(): void {
    process.off("exit", this.onExit);
    for (const signal of SIGNALS) process.off(signal, this.onSignal);
  }
}

/** The operating system bounds each variable (128 KiB on Linux), and `pulumi` passes configuration the same way. */
function tooLarge(env: NodeJS.ProcessEnv): string {
  const sizes = Object.entries(env).map(([name, value = ""]) => [name, value.length] as const);
  const [name = "", size = 0] = sizes.sort(([, a], [, b]) => b - a)[0] ?? [];
  const what = name === "PULUMI_CONFIG" ? "The stack's configuration" : `The variable ${name}`;
  return (
    `${what} is ${Math.ceil(size / 1024)} KiB, which is more than one environment variable may hold ` +
    "(128 KiB on Linux), and programs get it in one. Move large values into files."
  );
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group has ended already.
  }
}
