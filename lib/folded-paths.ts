/** Paths in one line, as shells write them: `services[api, web].rollout.{by, watch}`. */

/** A tree of segments; a path ends at a node without children. */
type Tree = Map<string, Tree>;

const isLabel = (segment: string): boolean => segment.startsWith("[");

function treeOf(paths: readonly string[]): Tree {
  const root: Tree = new Map();
  for (const path of paths) {
    let node = root;
    for (const segment of path.match(/[^.[\]]+|\[[^\]]*\]/g) ?? []) {
      const next = node.get(segment) ?? (new Map() as Tree);
      node.set(segment, next);
      node = next;
    }
  }
  return root;
}

const joined = (head: string, end: string): string =>
  end === "" || end.startsWith("[") ? head + end : `${head}.${end}`;

function headOf(segments: readonly string[]): string {
  const [first = ""] = segments;
  if (isLabel(first)) return `[${segments.map((one) => one.slice(1, -1)).join(", ")}]`;
  return segments.length === 1 ? first : `{${segments.join(", ")}}`;
}

/** The branches of a node; segments with the same text below them are written once. */
function branches(node: Tree): readonly string[] {
  const groups = new Map<
    string,
    { readonly segments: string[]; readonly ends: readonly string[] }
  >();
  for (const [segment, below] of node) {
    const ends = endings(below);
    const group = groups.get(ends.join()) ?? { segments: [], ends };
    group.segments.push(segment);
    groups.set(ends.join(), group);
  }
  return [...groups.values()].flatMap(({ segments, ends }) =>
    ends.map((end) => joined(headOf(segments), end)),
  );
}

/** What may follow a node: elements of a list one by one, attributes together. */
function endings(node: Tree): readonly string[] {
  const all = branches(node);
  if (all.length < 2) return all.length === 0 ? [""] : all;
  return all[0]?.startsWith("[") === true ? all : [`{${all.join(", ")}}`];
}

export const foldedPaths = (paths: readonly string[]): string => branches(treeOf(paths)).join(", ");
