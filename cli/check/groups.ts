/** What is judged together as one cluster, and the findings of all clusters. */
import type { Found, Result } from "../../policies/manifests/evaluate";
import { inNamespace } from "../../policies/manifests/namespaces";
import type { Located } from "./located";
import type { Rendering } from "./render";

/**
 * What is judged together as one cluster: everything, or each rendering alone if there are several, because
 * those are variants of the same, or systems of their own.
 */
export function groupsOf(
  written: readonly Located[],
  renderings: readonly Rendering[],
  namespace: string | undefined,
): readonly (readonly Located[])[] {
  const made = renderings.flatMap(({ objects = [] }) => (objects.length === 0 ? [] : [objects]));
  const groups = made.length < 2 ? [[...written, ...made.flat()]] : [written, ...made];
  return groups.map((group) => (namespace === undefined ? group : inNamespace(group, namespace)));
}

/** Policies about exemptions: what one group does not use, another may. */
const OF_EXEMPTIONS: ReadonlySet<string> = new Set(["exemption-valid", "exemption-needed"]);

/** The findings of all groups; one about all objects together is said once. */
export function together(results: readonly Result[]): readonly Found[] {
  const all = results.flatMap(({ found }) => found);
  const counts = new Map<string, number>();
  const keyOf = ({ policy, message }: Found): string => `${policy.name} ${message}`;
  for (const one of all) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1);
  const said = new Set<string>();
  return all.filter((one) => {
    if (one.manifest !== undefined) return true;
    const key = keyOf(one);
    const isEverywhere = (counts.get(key) ?? 0) >= results.length;
    if (said.has(key) || (OF_EXEMPTIONS.has(one.policy.name) && !isEverywhere)) return false;
    said.add(key);
    return true;
  });
}
