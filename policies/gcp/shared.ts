/** What the policies on Google Cloud have in common. */
import type { Value } from "../values";

export const DOCS = "https://cloud.google.com";

/** A whole number that the provider takes as a string: `"604800"`, `"604800s"`. */
export function whole(value: Value): number | undefined {
  const digits = /^(\d+)s?$/.exec(value.string ?? "")?.[1];
  return digits === undefined ? value.number : Number(digits);
}
