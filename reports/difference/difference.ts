/** The difference between the plans of a revision and of the working tree. */
import type { Plan } from "../../offline/plan";
import { compareStack, isUnchanged, type ChangedStack } from "./stack";

/** A stack that only one side has. */
export interface OneSided {
  readonly stack: string;
  readonly plan: Plan;
}

/** A stack that could not be planned on one side. */
export interface Unplanned {
  readonly stack: string;
  readonly side: "revision" | "here";
  readonly errors: readonly string[];
}

export interface Difference {
  readonly revision: { readonly name: string; readonly commit: string; readonly subject: string };
  /** Stacks with any difference. */
  readonly changed: readonly ChangedStack[];
  readonly unchanged: readonly string[];
  readonly added: readonly OneSided[];
  readonly removed: readonly OneSided[];
  readonly failed: readonly Unplanned[];
}

export interface Sides {
  readonly revision: Difference["revision"];
  /** Every requested stack, in order. */
  readonly stacks: readonly string[];
  readonly before: ReadonlyMap<string, Plan>;
  readonly after: ReadonlyMap<string, Plan>;
  readonly failed: readonly Unplanned[];
}

export function difference({ revision, stacks, before, after, failed }: Sides): Difference {
  const broken = new Set(failed.map(({ stack }) => stack));
  const changed: ChangedStack[] = [];
  const unchanged: string[] = [];
  const added: OneSided[] = [];
  const removed: OneSided[] = [];
  for (const stack of stacks) {
    if (broken.has(stack)) continue;
    const [old, now] = [before.get(stack), after.get(stack)];
    if (old === undefined && now !== undefined) added.push({ stack, plan: now });
    else if (old !== undefined && now === undefined) removed.push({ stack, plan: old });
    else if (old !== undefined && now !== undefined) {
      const found = compareStack(old, now);
      if (isUnchanged(found)) unchanged.push(stack);
      else changed.push(found);
    }
  }
  return { revision, changed, unchanged, added, removed, failed };
}
