/** Helpers for messages: lists, plurals and suggestions. */

/** `"a", "b" or "c"`, for sentences. */
export const list = (values: readonly string[]): string =>
  either(values.map((value) => JSON.stringify(value)));

/** `a, b or c`. */
export const either = (words: readonly string[]): string => joined(words, "or");

/** `a, b and c`. */
export const together = (words: readonly string[]): string => joined(words, "and");

function joined(words: readonly string[], word: string): string {
  const last = words.at(-1) ?? "nothing";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} ${word} ${last}`;
}

/**
 * The candidate that differs least from `word`, if it is close enough to be a typo: one letter of a short
 * word, a third of a long one. Of two equally close candidates, the alphabetically first.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: slips(word, candidate) }))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  const best = ranked[0];
  const allowed = word.length < 5 ? 1 : Math.max(2, word.length / 3);
  return best !== undefined && best.distance <= allowed ? best.candidate : undefined;
}

/** What is wrong with a word that is none of these, as the end of a sentence. */
export function instead(word: string, words: readonly string[]): string {
  const near = nearest(word, words);
  return near === undefined
    ? `it must be ${list(words)}.`
    : `did you mean ${JSON.stringify(near)}?`;
}

/** Letters changed, added, removed, or swapped with their neighbour (optimal string alignment). */
function slips(a: string, b: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? (before[j - 2] ?? 0) + 1
          : Infinity;
      next.push(Math.min(changed, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

/** `1 policy`, `3 policies`. */
export const many = (number: number, one: string, more = `${one}s`): string =>
  `${number} ${number === 1 ? one : more}`;
