/** Rehearses a stack's backups with real servers on this machine: what they give back, and what faults do to them. */
import type { PlannedResource } from "../../offline/plan";
import { loadStack } from "../../offline/stack-files";
import { unwatched } from "../../systems/reading";
import type { Backup, System } from "../../systems/model";
import { settingsOf } from "../secrets";
import { archivesOf } from "./archive";
import { resultOf, type DataCase, type DataResult } from "./cases";
import { FAULTS_OF_DUMPS } from "./faults-of-dumps";
import { FAULTS_OF_RESTORES } from "./faults-of-restores";
import { jobsOf, resourcesOf, type DumpJobs } from "./jobs";
import { rehearseArchive } from "./point-in-time";
import { ROUND_TRIP } from "./round-trip";
import { Stage } from "./stage";
import { findTools, type Tools } from "./tools";

export type { DataResult } from "./cases";

export interface DataOptions {
  readonly project: string;
  /** @default those of this machine */
  readonly tools?: Tools;
  /** Only cases with such a title. */
  readonly only?: RegExp;
  /** Called for each case that ended. */
  readonly onResult?: (result: DataResult) => void;
}

const CASES: readonly DataCase[] = [...ROUND_TRIP, ...FAULTS_OF_DUMPS, ...FAULTS_OF_RESTORES];

/** A result for each case of each backup, and one for each backup that cannot be rehearsed. @throws Error with what is missing on this machine */
export async function rehearseData(
  stack: string,
  options: DataOptions,
): Promise<readonly DataResult[]> {
  const tools = options.tools ?? findTools();
  if (typeof tools === "string") throw new Error(tools);
  const file = loadStack(options.project, stack);
  const system = unwatched(settingsOf(file).system);
  const resources = await resourcesOf(options.project, file);
  const results: DataResult[] = [];
  const note = (result: DataResult): void => {
    results.push(result);
    options.onResult?.(result);
  };
  for (const jobs of jobsOf(resources).dumps) await playAll(jobs, tools, options.only, note);
  if (options.only !== undefined) return results;
  await restoreArchives(system, resources, tools, note);
  const rehearsed = new Set(results.map(({ backup }) => backup));
  for (const backup of system.backups) {
    if (!rehearsed.has(nameOf(backup))) note(notRehearsed(backup));
  }
  return results;
}

/** The name of a backup's CronJob. */
export const nameOf = ({ job, name }: Backup): string => job ?? name;

async function playAll(
  jobs: DumpJobs,
  tools: Tools,
  only: RegExp | undefined,
  note: (result: DataResult) => void,
): Promise<void> {
  const stage = await Stage.open(jobs, tools);
  try {
    for (const one of CASES) {
      if (only?.test(one.title) === false) continue;
      note(await resultOf(jobs.backup, one.title, () => one.play(stage)));
    }
  } finally {
    await stage.close();
  }
}

async function restoreArchives(
  system: System,
  resources: readonly PlannedResource[],
  tools: Tools,
  note: (result: DataResult) => void,
): Promise<void> {
  for (const archive of archivesOf(resources)) {
    const isIt = (one: Backup): boolean => one.method === "wal" && one.of === archive.database;
    const backup = system.backups.find(isIt)?.name ?? archive.serverName;
    if (tools.barman !== undefined) await rehearseArchive(backup, archive, tools, note);
    else note(unplayed(backup, "Barman is not installed: pip install 'barman[cloud]'."));
  }
}

const REASONS: Readonly<Record<Backup["method"], string>> = {
  dump: "the stack has no CronJob for it",
  wal: "the cloud makes and restores it, and has no server to run here",
  provider: "the service makes and restores it, and has no server to run here",
  snapshot: "neither ElastiCache nor Qdrant comes as a package of a registry",
  replication: "no broker and no second bucket run here",
  manifests: "nothing is stored: the program is the backup",
};

const notRehearsed = (backup: Backup): DataResult =>
  unplayed(nameOf(backup), REASONS[backup.method]);

const unplayed = (backup: string, detail: string): DataResult => ({
  backup,
  case: "not rehearsed",
  passed: undefined,
  seconds: 0,
  detail,
});
