/**
 * What may be replaced because something else is. The new one has another identity, which a plan cannot
 * know: an input that held the old one stays unknown, and whether it forces a replacement is only seen from
 * its place.
 */
import type { PlannedResource } from "../../offline/plan";
import { forcingKeys } from "../replacements";
import { at, markOf } from "../values";
import type { Change } from "./resources";

export interface Following {
  readonly resource: PlannedResource;
  /** The input that may hold the identity of what is replaced. */
  readonly key: string;
  readonly of: PlannedResource;
}

/** @param resources of the second plan: each after what it depends on */
export function followingOf(
  resources: readonly PlannedResource[],
  changes: readonly Change[],
): readonly Following[] {
  const anew = new Map<string, PlannedResource>();
  for (const { kind, resource, aliased } of changes) {
    const made = kind === "replace" || (kind === "rename" && !aliased);
    if (made && resource.custom) anew.set(resource.urn, resource);
  }
  const found: Following[] = [];
  for (const resource of resources) {
    if (anew.has(resource.urn)) continue;
    const of = resource.dependencies.flatMap((urn) => anew.get(urn) ?? [])[0];
    const key = forcingKeys(resource.type).find(
      (one) => markOf(at(resource.inputs, ...one.split("."))) === "unknown",
    );
    if (of === undefined || key === undefined) continue;
    found.push({ resource, key, of });
    anew.set(resource.urn, resource);
  }
  return found;
}
