/** `npm run mutate -- --plans [STACK…]`: plans each stack once, and breaks one thing of its plan at a time. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { listStacks, loadStack } from "../../offline/stack-files";
import type { Plan } from "../../offline/plan";
import type { Io } from "../../cli/process";
import { planOf, PROJECT } from "../plan";
import { changesOf, unbroken } from "./plans-changes";
import { excuseOf } from "./plans-excuses";
import { PlanJudge } from "./plans-judge";
import { namesOf } from "./plans-names";
import { shareOf, summary, unnoticed, type StackOutcomes } from "./plans-report";
import type { Change, Outcome } from "./plans";

/** Every n-th change, or all of them; the same ones in every run. */
export const sampled = (changes: readonly Change[], every: number): readonly Change[] =>
  changes.filter((_, index) => index % every === 0);

export function sabotage(
  plan: Plan,
  config: Readonly<Record<string, string | undefined>>,
  every = 1,
): StackOutcomes {
  const judge = new PlanJudge(plan, config);
  const inputs = new Map(plan.resources.map((resource) => [resource.urn, resource.inputs]));
  const names = namesOf(plan);
  const changes = changesOf(plan, names);
  const outcomes = sampled(changes, every).map((change): Outcome => {
    const outcome = judge.judge(change);
    const excuse =
      outcome.by.length === 0 ? excuseOf(change, inputs.get(change.urn), names) : undefined;
    return excuse === undefined ? outcome : { ...outcome, excuse };
  });
  const { stack } = plan;
  return { stack, baseline: judge.baseline, outcomes, unbroken: unbroken(plan, changes) };
}

/** @param list a file for the changes that nobody notices */
export async function sabotagePlans(
  stacks: readonly string[],
  list: string | undefined,
  { results, progress, cwd }: Io,
): Promise<number> {
  const all: StackOutcomes[] = [];
  for (const stack of stacks.length === 0 ? listStacks(PROJECT) : stacks) {
    progress.say(`${stack}: planning`);
    const plan = await planOf(stack);
    const one = sabotage(plan, loadStack(PROJECT, stack).config.values);
    progress.say(`${stack}: ${one.outcomes.length} changes`);
    all.push({ ...one, stack });
  }
  results.write(summary(all));
  if (list !== undefined) writeFileSync(resolve(cwd, list), unnoticed(all));
  return shareOf(all.flatMap(({ outcomes }) => outcomes)).missed === 0 ? 0 : 1;
}
