/** Plays scenarios one after the other on one environment. */
import type { Rehearsal, Step } from "./rehearsal";
import { CREATE } from "./scenarios/create";
import type { Scenario } from "./scenarios/scenario";

export interface Played {
  readonly name: string;
  readonly summary: string;
  /** Why it was not played. */
  readonly unfit?: string;
  /** What is wrong; empty if the scenario passed. */
  readonly faults: readonly string[];
  readonly steps: readonly Step[];
  readonly seconds: number;
}

/**
 * A scenario that needs an environment gets one by `create` first, if there is none. After a failure the state of the
 * environment is not known, so what needs it is not played.
 */
export async function playAll(
  rehearsal: Rehearsal,
  scenarios: readonly Scenario[],
  create: Scenario = CREATE,
): Promise<readonly Played[]> {
  const played: Played[] = [];
  let exists = false;
  let broken: string | undefined;
  for (const scenario of scenarios) {
    if (scenario.needs === "environment" && !exists && broken === undefined) {
      const created = await play(rehearsal, create, broken);
      played.push(created);
      exists = created.faults.length === 0;
      if (!exists) broken = create.name;
    }
    const one = await play(rehearsal, scenario, broken);
    played.push(one);
    if (one.unfit !== undefined) continue;
    exists = scenario.leaves === "environment" && one.faults.length === 0;
    if (one.faults.length > 0) broken = scenario.name;
  }
  return played;
}

async function play(
  rehearsal: Rehearsal,
  { name, summary, unfit, play: run }: Scenario,
  broken: string | undefined,
): Promise<Played> {
  const reason =
    broken === undefined ? unfit?.(rehearsal) : `${broken} failed, and it left nothing to rely on`;
  if (reason !== undefined)
    return { name, summary, unfit: reason, faults: [], steps: [], seconds: 0 };
  const first = rehearsal.steps.length;
  const started = performance.now();
  const faults = await run(rehearsal).catch((error: unknown) => [
    error instanceof Error ? error.message : String(error),
  ]);
  const seconds = (performance.now() - started) / 1000;
  return { name, summary, faults, steps: rehearsal.steps.slice(first), seconds };
}
