/** Waits for a program to end, and reports why it failed (like the engine's language host). */
import type { DiagnosticLog } from "./diagnostics";
import { messageOf } from "./errors";
import type { Monitor } from "./monitor";
import { Output } from "./output";
import type { Spawned } from "./processes";

/** The runner's exit code for errors that it has already logged through the engine's service. */
const ALREADY_LOGGED = 32;
const UNHEARD =
  `The program exited with code ${ALREADY_LOGGED}, which means that the runner has logged an error, ` +
  "but no error was received. It called process.exit itself, or could not connect to 127.0.0.1.";
/** Maximum number of pending items to list. */
const MOST_NAMED = 10;

interface ProgramRun {
  readonly monitor: Monitor;
  readonly diagnostics: DiagnosticLog;
  readonly deadlineMs: number;
}

/** Returns what the program printed. */
export async function runProgram(program: Spawned, run: ProgramRun): Promise<Output> {
  const { monitor, diagnostics, deadlineMs } = run;
  const output = Output.capture(program.process, "program", diagnostics);
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort();
    diagnostics.add("error", lateMessage(deadlineMs, monitor.waitingFor()));
    program.kill();
  }, deadlineMs);
  try {
    const { code, signal } = await program.ended;
    if (late.signal.aborted || (code === ALREADY_LOGGED && diagnostics.hasErrors())) return output;
    if (signal !== null) diagnostics.add("error", `The program was ended by ${signal}.`);
    else if (code === ALREADY_LOGGED) diagnostics.add("error", UNHEARD);
    else if (code !== 0)
      diagnostics.add("error", `Program exited with non-zero exit code: ${String(code)}`);
    else if (!monitor.completed) diagnostics.add("error", earlyMessage(monitor.waitingFor()));
  } catch (error) {
    diagnostics.add("error", `The program could not be started: ${messageOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
  return output;
}

function lateMessage(deadlineMs: number, waiting: readonly string[]): string {
  const reason =
    waiting.length === 0
      ? "No registration was pending: it is busy, or awaits something that is not a resource."
      : `It was waiting for: ${named(waiting)}.`;
  return `The program did not end within ${String(deadlineMs / 1000)} seconds and was stopped. ${reason}`;
}

function earlyMessage(waiting: readonly string[]): string {
  const rest = waiting.length === 0 ? "" : ` It did not wait for: ${named(waiting)}.`;
  return `The program ended itself (process.exit) before it had registered all of its resources.${rest}`;
}

function named(items: readonly string[]): string {
  const more = items.length - MOST_NAMED;
  const list = items.slice(0, MOST_NAMED).join("; ");
  return more > 0 ? `${list}; and ${String(more)} more` : list;
}
