/** Builds the programs of a rehearsal from source, by the ordinary Go client: versions and checksums are in the modules. */
import { spawn } from "node:child_process";
import { mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { findBinary } from "./binaries";
import { cachedPath, linkerFlags, moduleFolder, versionOf } from "./modules";
import { PROGRAM_NAMES, PROGRAMS, type Program, type ProgramName } from "./programs";

export interface BuildOptions {
  /** Gets a line for each program that is built. */
  readonly say: (line: string) => void;
  /** @default all */
  readonly names?: readonly ProgramName[];
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Builds what is nowhere to be found.
 * @throws Error in a sentence if Go is missing, or with the end of what it printed if it fails
 */
export async function buildMissing(options: BuildOptions): Promise<void> {
  const { say, names = PROGRAM_NAMES, env = process.env } = options;
  for (const name of names.filter((one) => findBinary(one, env) === undefined)) {
    const program: Program = PROGRAMS[name];
    const title = `${program.command} ${versionOf(program)}`;
    say(`${title}: building, which takes ${program.minutes} min of one processor`);
    const started = performance.now();
    const path = cachedPath(name, env);
    await build(program, path, env);
    say(`${title}: built in ${Math.round((performance.now() - started) / 1000)} s, ${path}`);
  }
}

async function build(program: Program, path: string, env: NodeJS.ProcessEnv): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  // A build that was cut short must not be found.
  const draft = `${path}.${process.pid}`;
  await run(
    ["build", "-mod=readonly", "-ldflags", linkerFlags(program), "-o", draft, program.package],
    moduleFolder(program),
    { ...env, CGO_ENABLED: "0" },
  );
  renameSync(draft, path);
}

function run(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = spawn("go", args, { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
    let text = "";
    go.stderr.on("data", (part: Buffer) => {
      text = `${text}${part.toString()}`.slice(-2000);
    });
    go.once("error", (error) => {
      reject(
        new Error(
          `Go cannot be started (${error.message}). Install it from https://go.dev/dl, ` +
            "or put the programs on the PATH.",
        ),
      );
    });
    go.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`go ${args.join(" ")} failed in ${cwd}:\n${text}`));
    });
  });
}
