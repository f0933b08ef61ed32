/** Objects that run containers and whose kind no policy about pods judges: they are named, not passed over. */
import { HOLDERS } from "../kubernetes/pods";
import { typeKey } from "../policy";
import { pathOf, type Key } from "../values";
import { fullName, typeOf, type Manifest } from "./resource";

export interface Unjudged<M extends Manifest> {
  readonly manifest: M;
  readonly message: string;
}

/** Deeper nesting than any real kind has; a manifest may nest without end. */
const DEPTH = 12;
/** More of them are only counted. */
const MOST = 10;

/** Keys of lists whose items are containers, in pods and in kinds with pods of their own shape. */
const LISTS: ReadonlySet<string> = new Set(["containers", "initContainers", "steps", "sidecars"]);
const SINGLE: ReadonlySet<string> = new Set(["container", "script"]);

const hasImage = (raw: unknown): boolean =>
  typeof raw === "object" && raw !== null && "image" in raw && typeof raw.image === "string";

/** The path of the first list of containers, or container, in an object. */
function containersIn(raw: unknown, path: readonly Key[] = []): readonly Key[] | undefined {
  if (typeof raw !== "object" || raw === null || path.length > DEPTH) return undefined;
  for (const [key, value] of Object.entries(raw)) {
    const at = [...path, Array.isArray(raw) ? Number(key) : key];
    const isList = LISTS.has(key) && Array.isArray(value) && value.some(hasImage);
    if (isList || (SINGLE.has(key) && hasImage(value))) return at;
    const inner = containersIn(value, at);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** Definitions describe such objects, and lists hold others. */
const NO_PODS: ReadonlySet<string> = new Set([
  ...HOLDERS,
  "kubernetes:apiextensions.k8s.io:CustomResourceDefinition",
  "kubernetes:core:ConfigMap",
  "kubernetes:core:Secret",
]);

/** One for each kind: its first object stands for the others. */
export function unjudgedPods<M extends Manifest>(manifests: readonly M[]): readonly Unjudged<M>[] {
  const byKind = new Map<string, { readonly all: M[]; readonly at: string }>();
  for (const manifest of manifests) {
    const type = typeKey(typeOf(manifest));
    if (NO_PODS.has(type)) continue;
    const at = containersIn(manifest.object);
    if (at === undefined) continue;
    const known = byKind.get(type);
    if (known === undefined) byKind.set(type, { all: [manifest], at: pathOf(at) });
    else known.all.push(manifest);
  }
  return [...byKind.values()].flatMap(({ all, at }) => {
    const [manifest] = all;
    return manifest === undefined ? [] : [{ manifest, message: messageOf(manifest, all, at) }];
  });
}

function messageOf(first: Manifest, all: readonly Manifest[], at: string): string {
  const names = all.slice(0, MOST).map(fullName);
  const others = all.length - names.length;
  const which = others === 0 ? names : [...names, `${others} more`];
  const who = `${first.kind} ${which.join(", ")}`;
  return `${who} (${first.apiVersion}): containers in ${at} are not judged, because the policies about pods do not know this kind`;
}
