/** Runs the commands of a document as a person would type them. */
import { spawn } from "node:child_process";
import { once } from "node:events";

export interface Ran {
  /** The exit code, or 128 and more after a signal, as a shell has it. */
  readonly code: number;
  /** Both outputs, in the order in which they came. */
  readonly output: string;
  readonly seconds: number;
}

export interface Shell {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A run that is still going on. */
export interface Running {
  readonly ended: Promise<Ran>;
  /** Ends the commands and everything that they started. */
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** The first command that fails ends the script, as in a runbook that says to stop there. */
export function start(script: string, { cwd, env }: Shell): Running {
  const started = performance.now();
  const child = spawn("bash", ["-euo", "pipefail", "-c", script], {
    cwd,
    env,
    // A group of its own, so that what it starts can be ended with it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => {
      output += data.toString();
    });
  }
  const kill = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has ended already.
    }
  };
  const atExit = (): void => {
    kill("SIGKILL");
  };
  process.once("exit", atExit);
  const ended = once(child, "close").then(([code]: unknown[]): Ran => {
    process.off("exit", atExit);
    return {
      code: typeof code === "number" ? code : SIGNALLED,
      output,
      seconds: (performance.now() - started) / 1000,
    };
  });
  return { ended, kill };
}

const SIGNALLED = 128;
