/** Rehearses a stack's backups with real servers on this machine: what they give back, and what faults do to them. */
import { loadStack } from "../../offline/stack-files";
import { archivesOf } from "./archive";
import { play, type DataCase, type DataResult } from "./cases";
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

/** @throws Error with what is missing on this machine */
export async function rehearseData(
  stack: string,
  options: DataOptions,
): Promise<readonly DataResult[]> {
  const tools = options.tools ?? findTools();
  if (typeof tools === "string") throw new Error(tools);
  const resources = await resourcesOf(options.project, loadStack(options.project, stack));
  const { dumps } = jobsOf(resources);
  const results: DataResult[] = [];
  for (const jobs of dumps) {
    results.push(...(await played(jobs, tools, options)));
  }
  for (const archive of archivesOf(resources)) {
    await rehearseArchive(archive, tools, (result) => {
      results.push(result);
      options.onResult?.(result);
    });
  }
  return results;
}

async function played(
  jobs: DumpJobs,
  tools: Tools,
  { only = /./u, onResult }: DataOptions,
): Promise<readonly DataResult[]> {
  const cases = CASES.filter(({ title }) => only.test(title));
  const results: DataResult[] = [];
  const stage = await Stage.open(jobs, tools);
  try {
    for (const one of cases) {
      const result = await play(stage, one);
      results.push(result);
      onResult?.(result);
    }
  } finally {
    await stage.close();
  }
  return results;
}
