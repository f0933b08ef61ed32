/** How the kustomizations of the input use one another. */
import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { kustomizationIn, readKustomization, type Kustomization } from "./kustomization";

export interface Root {
  readonly kustomization: Kustomization;
  /** All files of objects that it uses, directly or through others. */
  readonly resources: readonly string[];
  /** Why it cannot be rendered here, or nowhere: clauses, none if it can. */
  readonly obstacles: readonly string[];
  readonly faults: readonly string[];
}

export interface Kustomizations {
  /** Those that no other one uses. */
  readonly roots: readonly Root[];
  /** Components that nothing uses, which say nothing by themselves. */
  readonly unused: readonly Kustomization[];
  /** Files that are no objects by themselves. */
  readonly parts: ReadonlySet<string>;
}

/** @param files of kustomizations, as paths that can be read */
export function kustomizationsOf(files: readonly string[]): Kustomizations {
  const known = new Map<string, Kustomization | undefined>();
  for (const file of files) {
    known.set(realpathSync(dirname(file)), readKustomization(file));
  }
  const inFolder = (folder: string): Kustomization | undefined => {
    if (!known.has(folder)) known.set(folder, kustomizationIn(folder));
    return known.get(folder);
  };
  const given = [...known.values()].flatMap((one) => one ?? []);
  const trees = new Map(given.map((one) => [one.folder, treeOf(one, inFolder)]));
  const used = new Set(
    [...trees.values()].flatMap(([, ...others]) => others.map(({ folder }) => folder)),
  );
  const free = given.filter(({ folder }) => !used.has(folder));
  const reached = new Set(
    free.flatMap((one) => trees.get(one.folder) ?? []).map(({ folder }) => folder),
  );
  const inCircle = given.filter(({ folder }) => !reached.has(folder));
  return {
    roots: [
      ...free
        .filter(({ isComponent }) => !isComponent)
        .map((one) => rootOf(one, trees.get(one.folder) ?? [])),
      ...inCircle.map((one) => ({
        ...rootOf(one, trees.get(one.folder) ?? []),
        faults: ["it uses itself, through others"],
      })),
    ],
    unused: free.filter(({ isComponent }) => isComponent),
    parts: new Set([...trees.values()].flat().flatMap(({ parts }) => parts)),
  };
}

/** A kustomization and all that it uses, itself first. */
function treeOf(
  root: Kustomization,
  inFolder: (folder: string) => Kustomization | undefined,
): readonly Kustomization[] {
  const found = new Map([[root.folder, root]]);
  for (const { folders } of found.values()) {
    for (const folder of folders) {
      const next = found.has(folder) ? undefined : inFolder(folder);
      if (next !== undefined) found.set(folder, next);
    }
  }
  return [...found.values()];
}

const rootOf = (kustomization: Kustomization, tree: readonly Kustomization[]): Root => ({
  kustomization,
  resources: [...new Set(tree.flatMap(({ resources }) => resources))],
  obstacles: [...new Set(tree.flatMap(({ obstacles }) => obstacles))],
  faults: [...new Set(tree.flatMap(({ faults }) => faults))],
});
