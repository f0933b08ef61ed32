/** The structure that all renderings of a difference use: sections of entries. */
import type { Kind } from "./resources";
import type { ValueChange } from "./values";

export type Tone = "bad" | "warn" | "good" | "plain";

export interface Entry {
  readonly mark: string;
  readonly tone: Tone;
  readonly title: string;
  /** Further notes, such as `protected: the engine refuses`. */
  readonly notes: readonly string[];
  /** `in 8 stacks: …`, or empty if only one stack changes. */
  readonly places: string;
  readonly changes: readonly (ValueChange & { readonly note?: string })[];
  readonly lines: readonly string[];
}

export interface Section {
  readonly title: string;
  /** One sentence about all of its entries, or empty. */
  readonly about: string;
  readonly entries: readonly Entry[];
}

export const MARKS: Readonly<Record<Kind, string>> = {
  replace: "±",
  delete: "-",
  rename: "»",
  create: "+",
  update: "~",
};

export const entry = (given: Partial<Entry> & Pick<Entry, "mark" | "tone" | "title">): Entry => ({
  notes: [],
  places: "",
  changes: [],
  lines: [],
  ...given,
});

/** `a, b, c and 5 more`. */
export const listed = (names: readonly string[], most = 4): string =>
  names.length <= most + 1
    ? names.join(", ")
    : `${names.slice(0, most).join(", ")} and ${names.length - most} more`;

/** @param all all stacks that change */
export function places(stacks: readonly string[], all: readonly string[]): string {
  const unique = [...new Set(stacks)];
  if (all.length === 1) return "";
  if (unique.length === 1) return `in ${unique[0] ?? ""}`;
  if (unique.length < all.length) return `in ${unique.length} stacks: ${unique.join(", ")}`;
  return unique.length === 2 ? "in both stacks" : `in all ${unique.length} stacks`;
}
