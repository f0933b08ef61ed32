/**
 * Applies a policy's remediation to the properties of a resource.
 *
 * The library serializes what it gets back, including secrets, so the changes are made in the
 * object that it passed. Either all changes of a remediation are made, or none.
 */
import type { Change } from "./policy";
import type { Key } from "./values";
import { behind, isUnknown } from "./wire";

type Node = Record<Key, unknown>;

/**
 * @param properties the properties that the library passes to a remediation
 * @returns the same object with the changes; undefined, and unmodified, if there are none or if one
 * of them leads through an unknown or something that is not an object
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
    // Creates missing parents.
    if (node === undefined || node === null) return true;
  }
  return path.length > 0 && typeof node === "object" && node !== null && !isUnknown(node);
}

function write(root: Node, path: readonly Key[], value: unknown): void {
  const last = path.at(-1);
  if (last === undefined) return;
  let node = root;
  for (const [index, key] of path.slice(0, -1).entries()) {
    // Read again after writing: the library's proxy keeps secrets secret.
    if (!Object.hasOwn(node, key) || node[key] === null) {
      node[key] = typeof path[index + 1] === "number" ? [] : {};
    }
    node = node[key] as Node;
  }
  node[last] = value;
}
