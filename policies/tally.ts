/** Counts by policy of what is told once for the whole stack instead of once for each resource. */

export interface Tally {
  /** What is the same in all parts counts once. */
  readonly note: (policy: string, ...parts: readonly string[]) => void;
  readonly has: (policy: string) => boolean;
  /** The total and the counts by policy, as `a (2), b (1)`; undefined if there are none. Forgets them. */
  readonly take: () => { readonly total: number; readonly each: string } | undefined;
}

export function startTally(): Tally {
  const noted = new Map<string, Set<string>>();
  return {
    note: (policy, ...parts) => {
      const items = noted.get(policy) ?? new Set();
      noted.set(policy, items.add(parts.join("\n")));
    },
    has: (policy) => noted.has(policy),
    take: () => {
      if (noted.size === 0) return undefined;
      const counts = [...noted].map(([policy, { size }]) => ({ policy, size }));
      noted.clear();
      return {
        total: counts.reduce((sum, { size }) => sum + size, 0),
        each: counts
          .map(({ policy, size }) => `${policy} (${size})`)
          .sort()
          .join(", "),
      };
    },
  };
}
