/** Matches the elements of two lists. */
import type { PlanValue } from "../../offline/plan";
import { isObject } from "../values";
import { stableText } from "./stable";

interface Pair {
  /** The element's name in a path: its own name or its position. */
  readonly name: string;
  readonly from?: PlanValue | undefined;
  readonly to?: PlanValue | undefined;
}

export interface Alignment {
  /** Undefined if the lists are better shown as a whole. */
  readonly pairs: readonly Pair[] | undefined;
  /** The names of the elements if only their order differs. */
  readonly order?: { readonly from: readonly string[]; readonly to: readonly string[] };
}

type List = readonly PlanValue[];

/** Maximum number of element pairs to compare. Larger lists are shown as a whole. */
const MOST_PAIRS = 1_000_000;
/** Keys that identify list elements, best first. */
const IDENTITIES = ["name", "alert", "record", "key", "id", "topic", "host", "path", "uid", "type"];

export function align(before: List, after: List): Alignment {
  const all = [...before, ...after];
  if (!all.every((value) => isObject(value)) || before.length * after.length > MOST_PAIRS) {
    return { pairs: undefined };
  }
  const identity = IDENTITIES.find((one) => tellsApart(before, one) && tellsApart(after, one));
  return identity === undefined
    ? { pairs: byContent(before, after) }
    : byName(before, after, identity);
}

const nameOf = (value: PlanValue | undefined, identity: string): string | undefined => {
  const name = isObject(value) ? value[identity] : undefined;
  return typeof name === "string" || typeof name === "number" ? String(name) : undefined;
};

function tellsApart(list: List, identity: string): boolean {
  const names = list.map((value) => nameOf(value, identity));
  return !names.includes(undefined) && new Set(names).size === names.length;
}

function byName(before: List, after: List, identity: string): Alignment {
  const named = (list: List) =>
    new Map(list.map((value) => [nameOf(value, identity) ?? "", value]));
  const [old, now] = [named(before), named(after)];
  const pairs = [...new Set([...old.keys(), ...now.keys()])].map((name) => ({
    name,
    from: old.get(name),
    to: now.get(name),
  }));
  const common = (one: typeof old, other: typeof old) =>
    [...one.keys()].filter((name) => other.has(name));
  const [from, to] = [common(old, now), common(now, old)];
  return from.join("\n") === to.join("\n") ? { pairs } : { pairs, order: { from, to } };
}

/** Equal elements match each other. Elements between them are paired in order. */
function byContent(before: List, after: List): readonly Pair[] {
  const pairs: Pair[] = [];
  let [at, past] = [0, 0];
  for (const [i, j] of [...equals(before, after), [before.length, after.length] as const]) {
    for (let step = 0; step < Math.max(i - at, j - past); step += 1) {
      const from = at + step < i ? before[at + step] : undefined;
      const to = past + step < j ? after[past + step] : undefined;
      pairs.push({ name: String(to === undefined ? at + step : past + step), from, to });
    }
    [at, past] = [i + 1, j + 1];
  }
  return pairs;
}

/** Positions of the longest common subsequence, in order. */
function equals(before: List, after: List): readonly (readonly [number, number])[] {
  const [old, now] = [before.map(stableText), after.map(stableText)];
  const lengths = Array.from({ length: old.length + 1 }, () =>
    new Array<number>(now.length + 1).fill(0),
  );
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row === undefined) continue;
      row[j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const found: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < old.length && j < now.length;) {
    if (old[i] === now[j]) {
      found.push([i, j]);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return found;
}
