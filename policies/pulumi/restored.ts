/** A database that a restore replaces, which is why it is not protected. */
import { typeKey, type CheckContext, type Resource } from "../policy";
import type { Value } from "../values";

/** What the name of an incarnation is made of: its name, and its number where that is not a part of it. */
const IDENTITY: Readonly<Record<string, (props: Value) => readonly Value[]>> = {
  "aws:rds/instance:Instance": (props) => [props.get("identifier")],
  "kubernetes:postgresql.cnpg.io:Cluster": (props) => [
    props.get("metadata", "name"),
    props.get("metadata", "labels", "incarnation"),
  ],
};

/** Of a read replica, which is replaced with its primary. */
const REPLICA = /-read-\d+$/;

/**
 * Whether the resource is of the incarnation that `runstack:restoreFrom` fills, or may be: an unknown is counted. A
 * resource of another database, or of the earlier incarnation, is not.
 */
export function isRestored({ type, props }: Resource, context: CheckContext): boolean {
  const restored = Object.entries(context.restored);
  const parts = restored.length === 0 ? undefined : IDENTITY[typeKey(type)]?.(props);
  if (parts === undefined) return false;
  if (parts.some((part) => context.noteUnknown(part))) return true;
  const identity = parts.map(({ string = "" }) => string).join("-");
  const own = identity.replace(REPLICA, "");
  return restored.some(([name, incarnation]) => `-${own}`.endsWith(`-${name}-${incarnation}`));
}
