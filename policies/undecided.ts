/**
 * What no check could judge: references to what something else in the input may create, and values whose rule cannot be
 * evaluated.
 */
import type { Key } from "./values";

export interface Undecided {
  readonly policy: string;
  readonly urn: string;
  readonly message: string;
  readonly at: readonly Key[];
  /** What may create it: `VirtualService "shop/web" (networking.istio.io/v1)`; missing if the message says why. */
  readonly cause?: string;
}

export interface UndecidedList {
  readonly note: (one: Undecided) => void;
  /** Whether the policy left something open. */
  readonly has: (policy: string) => boolean;
  /** All of them, each once, in the order in which they were noted. Empties the list. */
  readonly take: () => readonly Undecided[];
}

export function startUndecided(): UndecidedList {
  const noted = new Map<string, Undecided>();
  return {
    note: (one) => noted.set(JSON.stringify([one.policy, one.urn, one.message]), one),
    has: (policy) => [...noted.values()].some((one) => one.policy === policy),
    take: () => {
      const all = [...noted.values()];
      noted.clear();
      return all;
    },
  };
}
