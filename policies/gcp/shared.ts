/** What the policies on Google Cloud have in common. */
import type { Value } from "../values";

/** `gcp("container", "NodePool")` is the type token `gcp:container/nodePool:NodePool`. */
export function gcp(module: string, name: string): string {
  return `gcp:${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
}

export const DOCS = "https://cloud.google.com";

/** A whole number that the provider takes as text: `"604800"`, `"604800s"`. */
export function whole(value: Value): number | undefined {
  const digits = /^(\d+)s?$/.exec(value.string ?? "")?.[1];
  return digits === undefined ? value.number : Number(digits);
}
