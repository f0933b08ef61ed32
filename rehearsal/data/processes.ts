/** Programs as children of this process. The kernel ends them with it, however it ends. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";

export interface Ended {
  /** -1 if a signal ended it. */
  readonly code: number;
  /** Standard output and standard error, as they came. */
  readonly output: string;
  readonly seconds: number;
}

export interface Launch {
  /** @default that of this process */
  readonly env?: Readonly<Record<string, string>>;
  /** For standard input. */
  readonly input?: string;
  /** As somebody without rights, where this process is root: what PostgreSQL insists on. */
  readonly unprivileged?: boolean;
}

/** A process without end. It is stopped by a signal. */
export interface Server {
  readonly output: () => string;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** `nobody`, who exists everywhere. */
export const UNPRIVILEGED = 65534;
export const ROOT = process.getuid?.() === 0;

/** After this a program that should end is killed. */
const PATIENCE_MS = 300_000;

/**
 * The death of the parent is a property of the process, which a change of user resets: so it is set last.
 */
function childCommand(command: readonly string[], unprivileged: boolean): readonly string[] {
  const id = String(UNPRIVILEGED);
  const other = ["setpriv", `--reuid=${id}`, `--regid=${id}`, "--clear-groups", "--"];
  return [
    ...(unprivileged && ROOT ? other : []),
    ...["setpriv", "--pdeathsig=KILL", "--"],
    ...command,
  ];
}

function launch(command: readonly string[], options: Launch): ChildProcessWithoutNullStreams {
  const [program = "", ...args] = childCommand(command, options.unprivileged === true);
  const child = spawn(program, args, { env: options.env ?? process.env, cwd: "/" });
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  return child;
}

function collect(child: ChildProcessWithoutNullStreams): () => string {
  const parts: string[] = [];
  const add = (part: Buffer): void => {
    parts.push(part.toString("utf8"));
  };
  child.stdout.on("data", add);
  child.stderr.on("data", add);
  return () => parts.join("");
}

/** Runs a program to its end. Whether that is a success is for the caller to say. */
export async function run(command: readonly string[], options: Launch = {}): Promise<Ended> {
  const started = performance.now();
  const child = launch(command, options);
  const output = collect(child);
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  try {
    const [code] = (await once(child, "close")) as [number | null];
    const seconds = (performance.now() - started) / 1000;
    return { code: code ?? -1, output: output(), seconds };
  } finally {
    clearTimeout(timer);
  }
}

/** @throws Error with all that the program said, if it does not end with 0 */
export async function must(command: readonly string[], options: Launch = {}): Promise<string> {
  const { code, output } = await run(command, options);
  if (code === 0) return output;
  throw new Error(`${command.slice(0, 3).join(" ")} ended with ${String(code)}: ${output.trim()}`);
}

/**
 * Starts a program and waits until `ready` answers.
 *
 * @throws Error with what it said, if it ends before
 */
export async function serve(
  command: readonly string[],
  ready: () => Promise<boolean>,
  options: Launch = {},
): Promise<Server> {
  const child = launch(command, options);
  const output = collect(child);
  const closed = once(child, "close");
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`${command[0] ?? ""} did not start: ${output().trim()}`);
    }
    if (await ready()) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    output,
    stop: async (signal = "SIGKILL") => {
      child.kill(signal);
      await closed;
    },
  };
}
