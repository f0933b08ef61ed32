/** A database that a restore replaces, which is why it is not protected. */
import { typeKey, type CheckContext, type Resource } from "../policy";
import type { Value } from "../values";

interface Kind {
  /** What the name of an incarnation is made of: its name, and its number where that is not a part of it. */
  readonly parts: (props: Value) => readonly Value[];
  /** What stands in front of the database's name. */
  readonly prefix: (context: CheckContext) => string;
  /** What a read replica adds, which is replaced with its primary. */
  readonly replica?: RegExp;
}

const KINDS: Readonly<Record<string, Kind>> = {
  "aws:rds/instance:Instance": {
    parts: (props) => [props.get("identifier")],
    // As serviceName() of settings/names.ts.
    prefix: ({ system, environment }) => `${system?.id ?? ""}-${environment}-`,
    replica: /-read-\d+$/,
  },
  "kubernetes:postgresql.cnpg.io:Cluster": {
    parts: (props) => [
      props.get("metadata", "name"),
      props.get("metadata", "labels", "incarnation"),
    ],
    prefix: () => "",
  },
};

/**
 * Whether the resource is of the incarnation that a restore fills, or may be: an unknown is counted. A resource of
 * another database, or of the earlier incarnation, is not.
 */
export function isRestored({ type, props }: Resource, context: CheckContext): boolean {
  const restored = Object.entries(context.restored);
  const kind = restored.length === 0 ? undefined : KINDS[typeKey(type)];
  if (kind === undefined) return false;
  const parts = kind.parts(props);
  if (parts.some((part) => context.noteUnknown(part))) return true;
  const identity = parts.map(({ string = "" }) => string).join("-");
  const own = kind.replica === undefined ? identity : identity.replace(kind.replica, "");
  return restored.some(
    ([name, incarnation]) => own === `${kind.prefix(context)}${name}-${incarnation}`,
  );
}
