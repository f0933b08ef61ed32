/** What a run of the sabotage suite found, as text. */
import type { Outcome } from "./plans";
import { KINDS, shapeOf } from "./plans";

export interface StackOutcomes {
  readonly stack: string;
  /** What the pack says of the unbroken plan. */
  readonly baseline: readonly string[];
  readonly outcomes: readonly Outcome[];
  /** How many values are not broken, by why. */
  readonly unbroken: Readonly<Record<string, number>>;
}

export interface Share {
  readonly noticed: number;
  readonly excused: number;
  readonly missed: number;
}

export function shareOf(outcomes: readonly Outcome[]): Share {
  const noticed = outcomes.filter(({ by }) => by.length > 0).length;
  const excused = outcomes.filter(({ by, excuse }) => by.length === 0 && excuse !== undefined);
  return { noticed, excused: excused.length, missed: outcomes.length - noticed - excused.length };
}

/** Of the changes that are faults. */
export const ratioOf = ({ noticed, missed }: Share): number =>
  noticed + missed === 0 ? 1 : noticed / (noticed + missed);

const row = (name: string, outcomes: readonly Outcome[]): string => {
  const share = shareOf(outcomes);
  const cells = [share.noticed, share.missed, share.excused].map((cell) =>
    String(cell).padStart(8),
  );
  return `  ${name.padEnd(56)}${cells.join("")}${(ratioOf(share) * 100).toFixed(1).padStart(8)}%`;
};

function grouped(
  outcomes: readonly Outcome[],
  by: (one: Outcome) => string,
): readonly (readonly [string, readonly Outcome[]])[] {
  const groups = new Map<string, Outcome[]>();
  for (const one of outcomes) groups.set(by(one), [...(groups.get(by(one)) ?? []), one]);
  return [...groups].sort(([one], [other]) => (one < other ? -1 : 1));
}

const kindOfType = (type: string): string => type.replace(/^kubernetes:/, "");

function left(stacks: readonly StackOutcomes[]): readonly string[] {
  const reasons = new Set(stacks.flatMap(({ unbroken }) => Object.keys(unbroken)));
  return [...reasons].map((reason) => {
    const count = stacks.reduce((sum, { unbroken }) => sum + (unbroken[reason] ?? 0), 0);
    return `  ${String(count).padStart(6)}  ${reason}`;
  });
}

export function summary(stacks: readonly StackOutcomes[]): string {
  const all = stacks.flatMap(({ outcomes }) => outcomes);
  const head = `  ${"".padEnd(56)} noticed  missed excused   share`;
  const excuses = grouped(
    all.filter(({ by, excuse }) => by.length === 0 && excuse !== undefined),
    ({ excuse = "" }) => excuse,
  );
  return [
    "By kind of change",
    head,
    ...KINDS.map((kind) =>
      row(
        kind,
        all.filter(({ change }) => change.kind === kind),
      ),
    ),
    "",
    "By type of resource",
    head,
    ...grouped(all, ({ change }) => kindOfType(change.type)).map(([type, own]) => row(type, own)),
    "",
    "Not noticed, and no fault",
    ...excuses.map(([excuse, own]) => `  ${String(own.length).padStart(6)}  ${excuse}`),
    "",
    "Not broken",
    ...left(stacks),
    "",
    "Violations of the unbroken plans",
    ...stacks.flatMap(({ stack, baseline }) => [
      `  ${String(baseline.length).padStart(6)}  ${stack}`,
      ...baseline.map((one) => `          ${one}`),
    ]),
    "",
    row("all", all).trim(),
    "",
  ].join("\n");
}

/** One line for each change that is missed, or excused. */
export function unnoticed(stacks: readonly StackOutcomes[]): string {
  const lines = stacks.flatMap(({ stack, outcomes }) =>
    outcomes
      .filter(({ by }) => by.length === 0)
      .map(({ change, excuse }) =>
        [
          excuse === undefined ? "missed" : "excused",
          stack,
          change.kind,
          kindOfType(change.type),
          change.urn.split("::").at(-1) ?? "",
          shapeOf(change.path),
          `${JSON.stringify(change.from)} -> ${JSON.stringify(change.to)}`,
        ].join("\t"),
      ),
  );
  return [...lines.sort(), ""].join("\n");
}
