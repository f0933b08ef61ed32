/**
 * Renamed or moved resources: one deleted and one created, of the same type and with the same inputs. Inputs
 * may follow the name: they count as the same if replacing the old word of the name by the new one makes
 * them equal.
 */
import type { PlannedResource } from "../../offline/plan";
import { forcingKeys } from "../replacements";
import { at } from "../values";
import { same, stableText } from "./stable";

export interface Rename {
  readonly before: PlannedResource;
  readonly after: PlannedResource;
  /** The old and new word of the name, if the inputs follow it: `websocket` and `realtime`. */
  readonly word?: readonly [string, string];
}

export function renamesOf(
  gone: readonly PlannedResource[],
  created: readonly PlannedResource[],
): readonly Rename[] {
  const found: Rename[] = [];
  const [free, left] = [new Set(created), new Set(gone)];
  for (const fits of [sameName, sameInputs, followingInputs]) {
    const candidates = byType([...free]);
    for (const before of left) {
      const partners = (candidates.get(before.type) ?? []).filter(
        (after) => free.has(after) && fits(before, after),
      );
      const rivals = (after: PlannedResource) =>
        [...left].filter((other) => other.type === after.type && fits(other, after));
      const [after, ...more] = partners;
      // Only if the match is unambiguous.
      if (after === undefined || more.length > 0 || rivals(after).length > 1) continue;
      const word = differingWords(before.name, after.name);
      found.push({ before, after, ...(fits === followingInputs ? { word } : {}) });
      left.delete(before);
      free.delete(after);
    }
  }
  // In the order of the second plan: parents before their children.
  const place = new Map(created.map((resource, at) => [resource, at]));
  return found.sort((a, b) => (place.get(a.after) ?? 0) - (place.get(b.after) ?? 0));
}

function byType(resources: readonly PlannedResource[]): Map<string, PlannedResource[]> {
  const types = new Map<string, PlannedResource[]>();
  for (const resource of resources) {
    const others = types.get(resource.type);
    if (others === undefined) types.set(resource.type, [resource]);
    else others.push(resource);
  }
  return types;
}

const sameInputs = (before: PlannedResource, after: PlannedResource): boolean =>
  stableText(before.inputs) === stableText(after.inputs);

/** Moved to another parent: the URN differs, but name and inputs do not. */
const sameName = (before: PlannedResource, after: PlannedResource): boolean =>
  before.name === after.name && sameInputs(before, after);

function followingInputs(before: PlannedResource, after: PlannedResource): boolean {
  const [old, now] = differingWords(before.name, after.name);
  if (old === "" || now === "") return false;
  const followed = stableText(before.inputs).replaceAll(old, now);
  return followed === stableText(after.inputs) && !isAnother(before, after);
}

/** Names in the cloud may follow; other inputs make it a different resource. */
function isAnother({ type, inputs }: PlannedResource, after: PlannedResource): boolean {
  return (
    !type.startsWith("kubernetes:") &&
    forcingKeys(type).some(
      (key) =>
        !/(name|prefix|id|identifier)$/i.test(key) &&
        !same(at(inputs, ...key.split(".")), at(after.inputs, ...key.split("."))),
    )
  );
}

/**
 * For `a-b-c` and `a-x-y-c`: `b` and `x-y`. Both are empty if only one has a word that the other lacks.
 */
function differingWords(before: string, after: string): readonly [string, string] {
  const [old, now] = [before.split("-"), after.split("-")];
  let [start, end] = [0, 0];
  const shortest = Math.min(old.length, now.length);
  while (start < shortest && old[start] === now[start]) start += 1;
  while (end < shortest - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const own = (words: readonly string[]): string =>
    words.slice(start, words.length - end).join("-");
  return [own(old), own(now)];
}
