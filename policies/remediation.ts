/**
 * Writing a policy's remedy into the properties of a resource.
 *
 * The library serialises what it gets back, secrets included, so the changes are made in the object
 * that it handed over. Either all changes of a remedy can be made, or none is.
 */
import type { Change } from "./policy";
import type { Key } from "./values";
import { behind, isUnknown } from "./wire";

type Node = Record<Key, unknown>;

/**
 * @param properties what the library hands to a remediation
 * @returns the same object with the changes in it; undefined, and untouched, where there are none or
 * one of them leads through what is unknown or no object
 */
export function applyChanges(
  properties: object,
  changes: readonly Change[],
): Record<string, unknown> | undefined {
  const root = behind(properties) as Node;
  if (changes.length === 0 || !changes.every(({ path }) => isOpen(root, path))) return undefined;
  for (const { path, value } of changes) write(root, path, value);
  return properties as Record<string, unknown>;
}

function isOpen(root: Node, path: readonly Key[]): boolean {
  let node: unknown = root;
  for (const key of path.slice(0, -1)) {
    if (typeof node !== "object" || node === null) return false;
    node = Object.hasOwn(node, key) ? Reflect.get(node, key) : undefined;
    // Whatever is not there is made on the way.
    if (node === undefined || node === null) return true;
  }
  return path.length > 0 && typeof node === "object" && node !== null && !isUnknown(node);
}

function write(root: Node, path: readonly Key[], value: unknown): void {
  const last = path.at(-1);
  if (last === undefined) return;
  let node = root;
  for (const [index, key] of path.slice(0, -1).entries()) {
    // Read anew after writing: what is read through the library's proxy keeps secrets secret.
    if (!Object.hasOwn(node, key) || node[key] === null) {
      node[key] = typeof path[index + 1] === "number" ? [] : {};
    }
    node = node[key] as Node;
  }
  node[last] = value;
}
