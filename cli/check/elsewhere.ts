/**
 * What other renderings hold. Each is judged as a cluster of its own, but several may be applied to the same cluster,
 * such as the services of a system: what one refers to and another has is not missing for certain. Renderings that
 * have the same referring object are variants, of which none has what the other forgot.
 */
import { typeKey } from "../../policies/policy";
import type { Elsewhere } from "../../policies/policy-context";
import { typeOf, type Manifest } from "../../policies/manifests/resource";

/** As `kubectl` without `-n` reads an object that has none. */
const DEFAULT = "default";

/** By the number of a group, where the others' objects are. */
export function elsewhereOf(groups: readonly (readonly Manifest[])[]): (own: number) => Elsewhere {
  const places = new Map<string, Map<number, string>>();
  if (groups.length > 1) {
    for (const [index, group] of groups.entries()) {
      for (const manifest of group) {
        const key = keyOf(typeKey(typeOf(manifest)), manifest.namespace, manifest.name);
        const known = places.get(key) ?? new Map<number, string>();
        places.set(key, known.set(index, manifest.file));
      }
    }
  }
  return (own) => (to, namespace, name, from) => {
    const variants = places.get(keyOf(typeKey(from.type), from.namespace, from.name));
    const isOther = (index: number): boolean => index !== own && variants?.has(index) !== true;
    return [...(places.get(keyOf(to, namespace, name)) ?? [])].find(([index]) =>
      isOther(index),
    )?.[1];
  };
}

const keyOf = (type: string, namespace: string, name: string): string =>
  JSON.stringify([type, namespace === "" ? DEFAULT : namespace, name]);
