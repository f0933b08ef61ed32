/**
 * Images that Skaffold builds. Manifests name them without a registry and a tag, which `skaffold run` and
 * `skaffold render` write, so that nothing can be said of them before.
 */
import { Placeholder } from "../../policies/manifests/placeholder";
import type { Manifest } from "../../policies/manifests/resource";

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const treeOf = (value: unknown): Tree => (isTree(value) ? value : {});

/** The artifacts of the build, and of those of profiles. */
function artifactsOf({ object }: Manifest): readonly string[] {
  return [object, ...listOf(object.profiles).map(treeOf)]
    .flatMap(({ build }) => listOf(treeOf(build).artifacts))
    .flatMap((artifact) => {
      const { image } = treeOf(artifact);
      return typeof image === "string" ? [image] : [];
    });
}

const isConfig = ({ apiVersion, kind }: Manifest): boolean =>
  kind === "Config" && apiVersion.startsWith("skaffold/");

/** The objects, with what the Skaffold files among them build as not known yet. */
export function withBuiltImages<M extends Manifest>(
  groups: readonly (readonly M[])[],
): readonly (readonly M[])[] {
  const built = new Set(groups.flat().filter(isConfig).flatMap(artifactsOf));
  if (built.size === 0) return groups;
  return groups.map((group) =>
    group.map((one) =>
      isConfig(one) ? one : { ...one, object: treeOf(filled(one.object, built)) },
    ),
  );
}

function filled(value: unknown, built: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => filled(item, built));
  if (!isTree(value) || value instanceof Placeholder) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "image" && typeof item === "string" && built.has(item)
        ? new Placeholder(item)
        : filled(item, built),
    ]),
  );
}
