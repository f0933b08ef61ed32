/** A command's inputs and outputs besides files, and how it runs: in a process or in a test. */
import { readFileSync } from "node:fs";
import { isInstalled } from "../lib/command-line";
import { visibleLines } from "../reports/escape";
import { wrapIndented } from "../reports/width";
import { parseOptions, usage, type Command, type Given } from "./options";
import { Progress, Results, wantsColour, widthOf, type Stream } from "./terminal";

export interface Io {
  /** Standard output. */
  readonly results: Results;
  /** Standard error. */
  readonly progress: Progress;
  /** Whether results may be coloured. */
  readonly colour: boolean;
  /** Columns of results. */
  readonly width: number;
  /** The folder that relative paths in arguments start from. */
  readonly cwd: string;
  readonly stdin: () => Uint8Array;
}

/** @returns the exit code */
export type Main = (argv: readonly string[], io: Io) => number | Promise<number>;

interface Surface {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly stdin: () => Uint8Array;
}

export const ioOf = ({ stdout, stderr, env, cwd, stdin }: Surface): Io => ({
  results: new Results(stdout),
  progress: new Progress(stderr),
  colour: wantsColour(stdout, env),
  width: widthOf(stdout),
  cwd,
  stdin,
});

/**
 * `npm run` starts every command of a checkout in the project's folder, and tells it where npm was called. The installed
 * command may be part of any script, whose paths start from its own folder.
 */
export function callersFolder(
  command: string,
  env: NodeJS.ProcessEnv,
  cwd: string,
  script = process.argv[1],
): string {
  if (isInstalled(script)) return cwd;
  return (env["npm_lifecycle_event"] === command ? env["INIT_CWD"] : undefined) ?? cwd;
}

/** The arguments, the configuration or the named files are wrong. */
export const WRONG = 2;

/** Width of error messages, the same everywhere so that logs can be compared. */
const COLUMNS = 100;

/** An error in one sentence, or several on separate lines. */
export function sayError({ progress }: Io, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const lines = visibleLines(message).flatMap((line) => wrapIndented(line, COLUMNS));
  progress.say(lines.join("\n"));
}

/** Prints the help or runs the command. Errors go to standard error. */
export async function runCommand<Name extends string>(
  command: Command<Name>,
  argv: readonly string[],
  io: Io,
  body: (given: Given<Name>) => number | Promise<number>,
): Promise<number> {
  try {
    const given = parseOptions(command, argv);
    if (!given.has("help")) return await body(given);
    io.results.write(usage(command));
    return 0;
  } catch (error) {
    sayError(io, error);
    return WRONG;
  }
}

/** Long enough for pending writes, such as the cache of the TypeScript loader. */
const EXIT_AFTER_MS = 1000;

/** Runs a command as this process, and exits soon after even if something keeps the process open. */
export function runProcess(command: string, main: Main): void {
  const { stdout, stderr, env } = process;
  const cwd = callersFolder(command, env, process.cwd());
  const io = ioOf({ stdout, stderr, env, cwd, stdin: () => readFileSync(0) });
  void Promise.resolve(main(process.argv.slice(2), io)).then(async (code) => {
    process.exitCode = code;
    await io.results.flush();
    setTimeout(() => process.exit(), EXIT_AFTER_MS).unref();
  });
}
