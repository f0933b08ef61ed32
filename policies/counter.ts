/**
 * Counts by subject (mostly a policy), for what is reported once per stack instead of once per
 * resource.
 */

export interface Counter {
  /** Identical entries count once. */
  readonly note: (of: string, ...parts: readonly string[]) => void;
  readonly has: (of: string) => boolean;
  /**
   * The total and the counts, sorted by subject; undefined if there are none. Resets the counter.
   */
  readonly take: () => { readonly total: number; readonly counts: readonly Count[] } | undefined;
}

interface Count {
  readonly of: string;
  readonly size: number;
}

export function startCounter(): Counter {
  const noted = new Map<string, Set<string>>();
  return {
    note: (of, ...parts) => {
      const items = noted.get(of) ?? new Set();
      noted.set(of, items.add(parts.join("\n")));
    },
    has: (of) => noted.has(of),
    take: () => {
      if (noted.size === 0) return undefined;
      const counts = [...noted]
        .map(([of, { size }]) => ({ of, size }))
        .sort((a, b) => (a.of < b.of ? -1 : 1));
      noted.clear();
      return { total: counts.reduce((sum, { size }) => sum + size, 0), counts };
    },
  };
}
