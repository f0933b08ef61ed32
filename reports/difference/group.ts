/** Groups identical changes, so that each is shown once with all of its places. */
import type { Change, Kind } from "./resources";
import { stableText } from "./stable";
import type { ChangedStack } from "./stack";

export interface Occurrence {
  readonly stack: string;
  readonly change: Change;
  /** The resource's name without the system's prefix, so that it is the same for other systems. */
  readonly pattern: string;
}

export interface Group {
  readonly kind: Kind;
  readonly first: Change;
  /** In the order of stacks and resources. */
  readonly occurrences: readonly Occurrence[];
}

/** The most serious changes come first. */
const ORDER: readonly Kind[] = ["replace", "delete", "rename", "create", "update"];

/** A component's own inputs add nothing to those of its children. */
const isSeen = ({ kind, resource }: Change): boolean => resource.custom || kind !== "update";

export const seen = (stack: ChangedStack): readonly Change[] => stack.changes.filter(isSeen);

export function groupChanges(stacks: readonly ChangedStack[]): readonly Group[] {
  const groups = new Map<string, Occurrence[]>();
  for (const stack of stacks) {
    for (const change of seen(stack)) {
      const pattern = patternOf(change.resource.name, stack.after.system);
      const key = signature(change, pattern, stack);
      const others = groups.get(key);
      const occurrence = { stack: stack.stack, change, pattern };
      if (others === undefined) groups.set(key, [occurrence]);
      else others.push(occurrence);
    }
  }
  return [...groups.values()]
    .flatMap((occurrences) => {
      const [one] = occurrences;
      return one === undefined ? [] : [{ kind: one.change.kind, first: one.change, occurrences }];
    })
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

export const patternOf = (name: string, system: string): string =>
  system !== "" && name.startsWith(`${system}-`) ? `…${name.slice(system.length)}` : name;

/**
 * Updates are the same if paths and values are equal. Creations and deletions are the same if the names
 * are equal.
 */
function signature(change: Change, pattern: string, { after }: ChangedStack): string {
  const { kind, resource, before, inputs, options, refused, mayReplace, aliased } = change;
  const marks = { kind, refused, mayReplace, aliased };
  if (kind === "create" || kind === "delete") {
    return stableText({ ...marks, type: resource.type, pattern, protect: resource.protect });
  }
  const values = [...inputs, ...options].map(({ path, from, to }) => ({
    path,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }));
  const was = kind === "rename" ? patternOf(before?.name ?? "", after.system) : "";
  const now = kind === "rename" ? `${resource.type} ${pattern}` : "";
  return stableText({ ...marks, values, was, now });
}
