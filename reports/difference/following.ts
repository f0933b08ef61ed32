/**
 * Resources that may be replaced because another one is. The new resource has a different identity, which a
 * plan cannot know. An input that held the old identity stays unknown, so only its path shows whether it
 * forces a replacement.
 */
import type { PlannedResource } from "../../offline/plan";
import { forcingKeys } from "../replacements";
import { at, markOf } from "../values";
import type { Change } from "./resources";

export interface Following {
  readonly resource: PlannedResource;
  /** The input that may hold the identity of the replaced resource. */
  readonly key: string;
  readonly of: PlannedResource;
}

/** @param resources of the second plan, each after its dependencies */
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
