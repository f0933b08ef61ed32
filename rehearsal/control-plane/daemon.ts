/** Programs that run until they are stopped, each with a log in a folder. */
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Processes, Spawned } from "../../offline/processes";

/** Characters of a log's end in an error. */
const SHOWN = 2000;

export interface Started {
  readonly name: string;
  /** Whether it has ended by itself, or was stopped. */
  readonly hasEnded: () => boolean;
  /** The end of what it wrote. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

export interface DaemonRequest {
  /** Names its log. */
  readonly name: string;
  readonly executable: string;
  readonly args: readonly string[];
  readonly folder: string;
}

/** It ends with this process, however that ends. */
export function startDaemon(processes: Processes, request: DaemonRequest): Started {
  const { name, executable, args, folder } = request;
  const path = join(folder, `${name}.log`);
  const output = openSync(path, "a");
  let ended = false;
  let failure = "";
  let spawned: Spawned;
  try {
    // No setting of the person who starts it gets in.
    const env = { PATH: process.env["PATH"], HOME: folder, TMPDIR: process.env["TMPDIR"] };
    spawned = processes.start({ executable, args, cwd: folder, env, output });
  } finally {
    closeSync(output);
  }
  const done = spawned.ended.then(
    () => {
      ended = true;
    },
    (error: unknown) => {
      ended = true;
      failure = `${error instanceof Error ? error.message : String(error)}\n`;
    },
  );
  return {
    name,
    hasEnded: () => ended,
    log: () => `${failure}${readFileSync(path, "utf8").slice(-SHOWN)}`,
    stop: async () => {
      spawned.kill();
      await done;
    },
  };
}
