/** `--against REV`: plans the stacks of a revision and of the working tree, and shows the differences. */
import { resolve } from "node:path";
import { listStacks } from "../offline/stack-files";
import { difference, type Difference, type Unplanned } from "../reports/difference/difference";
import { unconfirmed } from "../reports/difference/incarnations";
import { renderDifferenceJson } from "../reports/difference/json";
import { renderDifferenceMarkdown } from "../reports/difference/markdown";
import { renderDifference } from "../reports/difference/text";
import { planFiles, sarifOfAll } from "../reports/files";
import type { PlanArguments } from "./arguments";
import type { ReportFile } from "../reports/kubernetes";
import { UsageError } from "./options";
import { placesOf } from "./places";
import { exitCode, WRONG } from "./exit-code";
import { repositoryOf, revisionOf, type Revision } from "./git";
import { checkOut, checkTop, clearOut, SARIF_OF_ALL, writeOut, writeTop } from "./out-folder";
import type { Outcome } from "./planning";
import { planRevision, type RevisionPlans } from "./revision-plans";
import { chooseStacks } from "./stacks";
import { addWorktree, provideDependencies } from "./worktree";

/** What the command uses to start plans and to write output. */
export interface Surface {
  readonly startAll: (stacks: readonly string[]) => readonly Promise<Outcome>[];
  readonly sayErrors: (stack: string, errors: readonly string[]) => void;
  readonly say: (text: string) => void;
  /** Planning of a stack has started; the label is a readable name. */
  readonly begin: (label: string) => void;
  readonly end: (label: string) => void;
  readonly write: (text: string) => void;
  readonly colour: boolean;
  readonly width: number;
}

const FILES = { summary: "summary.md", json: "difference.json" } as const;

/** @returns the exit code @throws UsageError */
export async function planAgainst(
  args: PlanArguments,
  projectDir: string,
  surface: Surface,
): Promise<number> {
  const repository = await repositoryOf(projectDir);
  const revision = await revisionOf(repository, args.against ?? "");
  const worktree = await addWorktree(repository, revision);
  try {
    const here = listStacks(projectDir);
    const there = stacksAt(worktree.projectDir, revision);
    const both = [...new Set([...here, ...there])].sort();
    const stacks = chooseStacks(args.stacks, both);
    const known = stacks.filter((stack) => here.includes(stack));
    if (args.out !== undefined) {
      await checkOut(args.out, known);
      await checkTop(args.out, [...Object.values(FILES), SARIF_OF_ALL]);
    }
    await providing(revision, provideDependencies(projectDir, worktree.projectDir, surface.say));
    const [plans, outcomes] = await Promise.all([
      planThere(
        args,
        revision,
        worktree.projectDir,
        stacks.filter((one) => there.includes(one)),
        surface,
      ),
      Promise.all(surface.startAll(known)),
    ]);
    const failed = sayFailures(plans, outcomes, revision, surface);
    const written = await writePlans(args.out, outcomes, projectDir, surface);
    const found = compare(stacks, revision, plans, outcomes, failed);
    await show(found, args, surface, sarifHere(outcomes, projectDir));
    const refused = unconfirmed(found);
    for (const { stack, errors } of refused) surface.sayErrors(stack, errors);
    return failed.length > 0 || refused.length > 0 || !written ? WRONG : exitCode(outcomes);
  } finally {
    worktree.remove();
  }
}

const short = ({ name, commit }: Revision): string =>
  commit.startsWith(name) ? commit.slice(0, 7) : `${name} (${commit.slice(0, 7)})`;

/** @throws UsageError if the revision has no project in this folder. */
function stacksAt(projectDir: string, revision: Revision): readonly string[] {
  try {
    return listStacks(projectDir);
  } catch {
    throw new UsageError(
      `${short(revision)} has no project in this folder, so there is nothing to compare with.`,
    );
  }
}

/** Turns an error into one that says that the revision's side failed. */
async function providing<T>(revision: Revision, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${short(revision)} could not be planned: ${words}.`);
  }
}

async function planThere(
  args: PlanArguments,
  revision: Revision,
  projectDir: string,
  stacks: readonly string[],
  surface: Surface,
): Promise<RevisionPlans> {
  const label = (stack: string): string => `${stack} at ${revision.name}`;
  const begun: string[] = [];
  try {
    return await providing(
      revision,
      planRevision({
        projectDir,
        stacks,
        options: [
          ...args.policyPacks.flatMap((dir) => ["--policy-pack", resolve(dir)]),
          ...args.policyPackConfigs.flatMap((file) => ["--policy-pack-config", resolve(file)]),
          ...(args.ignoreEnvironments ? ["--ignore-environments"] : []),
        ],
        onStack: (stack) => {
          begun.push(label(stack));
          surface.begin(label(stack));
        },
      }),
    );
  } finally {
    begun.forEach(surface.end);
  }
}

function sayFailures(
  { failed }: RevisionPlans,
  outcomes: readonly Outcome[],
  revision: Revision,
  { sayErrors }: Surface,
): readonly Unplanned[] {
  const there = [...failed].map(([stack, errors]) => ({
    stack,
    side: "revision" as const,
    errors,
  }));
  const here = outcomes.flatMap((outcome) =>
    "errors" in outcome
      ? [{ stack: outcome.stack, side: "here" as const, errors: outcome.errors }]
      : [],
  );
  for (const { stack, errors } of there) sayErrors(`${stack} at ${short(revision)}`, errors);
  for (const { stack, errors } of here) sayErrors(`${stack} here`, errors);
  return [...here, ...there];
}

/** Writes the files of each plan here, and removes those of stacks that failed. */
async function writePlans(
  out: string | undefined,
  outcomes: readonly Outcome[],
  projectDir: string,
  { sayErrors }: Surface,
): Promise<boolean> {
  if (out === undefined) return true;
  let well = true;
  for (const outcome of outcomes) {
    try {
      if ("errors" in outcome) {
        await clearOut(out, outcome.stack);
      } else {
        const files = planFiles(outcome.plan, placesOf(outcome.plan, projectDir));
        await writeOut(out, outcome.stack, files);
      }
    } catch (error) {
      sayErrors(outcome.stack, [error instanceof Error ? error.message : String(error)]);
      well = false;
    }
  }
  return well;
}

function compare(
  stacks: readonly string[],
  revision: Revision,
  { plans }: RevisionPlans,
  outcomes: readonly Outcome[],
  failed: readonly Unplanned[],
): Difference {
  const planned = outcomes.flatMap((outcome) => ("plan" in outcome ? [outcome] : []));
  return difference({
    revision,
    stacks,
    before: plans,
    after: new Map(planned.map(({ stack, plan }) => [stack, plan])),
    failed,
  });
}

function sarifHere(outcomes: readonly Outcome[], projectDir: string): readonly ReportFile[] {
  const plans = outcomes.flatMap((one) => ("plan" in one ? [one.plan] : []));
  const placed = plans.map((plan) => ({ plan, placeOf: placesOf(plan, projectDir) }));
  return plans.length === 0 ? [] : [{ name: SARIF_OF_ALL, text: sarifOfAll(placed) }];
}

async function show(
  found: Difference,
  args: PlanArguments,
  surface: Surface,
  sarif: readonly ReportFile[],
): Promise<void> {
  if (args.out !== undefined) {
    await writeTop(args.out, [
      ...sarif,
      { name: FILES.summary, text: renderDifferenceMarkdown(found) },
      { name: FILES.json, text: renderDifferenceJson(found) },
    ]);
  }
  surface.write(args.json ? renderDifferenceJson(found) : renderDifference(found, surface));
}
