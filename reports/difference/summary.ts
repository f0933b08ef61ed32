/** One row per stack: a bar for how much changes, the policy results and the rebuild estimate. */
import { many } from "../../lib/words";
import { minutesText } from "../text";
import { isProvider } from "../tree";
import type { Difference } from "./difference";
import { seen } from "./group";
import type { Kind } from "./resources";
import { MARKS, type Tone } from "./section";
import { verdictOf } from "./sections-stacks";
import type { ChangedStack } from "./stack";

export interface Row {
  readonly stack: string;
  /** `+1 ~12 ±2`. */
  readonly counts: readonly { readonly kind: Kind; readonly text: string }[];
  readonly bar: readonly { readonly kind: Kind; readonly text: string }[];
  readonly notes: readonly { readonly text: string; readonly tone: Tone }[];
}

const KINDS: readonly Kind[] = ["create", "update", "rename", "replace", "delete"];
const BAR = 24;

export function rows({ changed }: Difference): readonly Row[] {
  const counted = changed.map((stack) => ({ stack, counts: countsOf(stack) }));
  const most = Math.max(1, ...counted.map(({ counts }) => sum(counts)));
  return counted.map(({ stack, counts }) => ({
    stack: stack.stack,
    counts: KINDS.flatMap((kind) => {
      const number = counts.get(kind) ?? 0;
      return number === 0 ? [] : [{ kind, text: `${MARKS[kind]}${number}` }];
    }),
    bar: KINDS.flatMap((kind) => {
      const number = counts.get(kind) ?? 0;
      const length = most <= BAR ? number : Math.ceil((number / most) * BAR);
      return length === 0 ? [] : [{ kind, text: MARKS[kind].repeat(length) }];
    }),
    notes: notes(stack),
  }));
}

function countsOf(stack: ChangedStack): ReadonlyMap<Kind, number> {
  const counts = new Map<Kind, number>();
  for (const { kind, resource } of seen(stack)) {
    if (resource.custom) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

const sum = (counts: ReadonlyMap<Kind, number>): number =>
  [...counts.values()].reduce((total, number) => total + number, 0);

function notes({ changes, policies, estimate, facts }: ChangedStack): Row["notes"] {
  const refused = changes.filter((change) => change.refused).length;
  const count = (list: readonly { readonly enforcement: string }[], level: string) =>
    list.filter(({ enforcement }) => enforcement === level).length;
  const missed = estimate.objectives.filter((one) => verdictOf(one) === "newly missed").length;
  const mandatory = count(policies.fresh, "mandatory");
  const advisory = count(policies.fresh, "advisory");
  return [
    ...facts.map(({ of, from, to }) => ({ text: `${of} ${from} → ${to}`, tone: "bad" as const })),
    ...(refused === 0 ? [] : [{ text: `${refused} refused`, tone: "bad" as const }]),
    ...(mandatory === 0
      ? []
      : [{ text: many(mandatory, "new mandatory violation"), tone: "bad" as const }]),
    ...(advisory === 0
      ? []
      : [{ text: many(advisory, "new advisory violation"), tone: "warn" as const }]),
    ...(policies.gone.length === 0
      ? []
      : [{ text: `${many(policies.gone.length, "violation")} gone`, tone: "good" as const }]),
    ...(missed === 0
      ? []
      : [{ text: `${many(missed, "objective")} newly missed`, tone: "bad" as const }]),
    ...(estimate.from === estimate.to
      ? []
      : [
          {
            text: `rebuild ${minutesText(estimate.from)} → ${minutesText(estimate.to)}`,
            tone: "plain" as const,
          },
        ]),
  ];
}

/** Everything besides the changed stacks, one line each. */
export function others({ added, removed, unchanged, failed }: Difference): readonly string[] {
  const size = (resources: readonly { readonly type: string }[]): string =>
    many(resources.filter((one) => !isProvider(one)).length, "resource");
  return [
    ...added.map(({ stack, plan }) => `${stack}: new stack, ${size(plan.resources)}`),
    ...removed.map(({ stack, plan }) => `${stack}: stack removed, ${size(plan.resources)}`),
    ...failed.map(
      ({ stack, side }) =>
        `${stack}: could not be planned ${side === "here" ? "here" : "at the revision"}`,
    ),
    ...(unchanged.length === 0 ? [] : [`unchanged: ${unchanged.join(", ")}`]),
  ];
}

/** `3 of 12 stacks change`, or a line that none does. */
export function headline(difference: Difference): string {
  const { changed, unchanged, added, removed, failed } = difference;
  const total = changed.length + unchanged.length + added.length + removed.length + failed.length;
  const different = changed.length + added.length + removed.length;
  if (different === 0) {
    return failed.length === 0
      ? `nothing changes in ${many(total, "stack")}`
      : `nothing changes in the ${many(unchanged.length, "stack")} that could be planned`;
  }
  return `${different} of ${many(total, "stack")} ${different === 1 ? "changes" : "change"}`;
}
