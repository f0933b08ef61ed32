/** A Kubernetes object as it is written in a manifest, and as the resource that policies see in it. */
import type { StackResource, Resource } from "../policy";
import { Value } from "../values";

/** An object that names what it is: `apiVersion` and `kind` are texts. */
export interface Manifest {
  /** The file in which it is written, as it is shown. */
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty where it has none, or is of a kind that has none. */
  readonly namespace: string;
  /** Empty where it has none. */
  readonly name: string;
  readonly object: Readonly<Record<string, unknown>>;
}

const VERSION = /^(?:[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[a-z0-9][-a-z0-9]*$/i;
const KIND = /^[A-Za-z][A-Za-z0-9]*$/;

/** The object as a manifest; undefined where it does not say which kind of which version it is. */
export function manifestOf(
  file: string,
  object: Readonly<Record<string, unknown>>,
): Manifest | undefined {
  const { apiVersion, kind, metadata } = object;
  if (typeof apiVersion !== "string" || !VERSION.test(apiVersion)) return undefined;
  if (typeof kind !== "string" || !KIND.test(kind)) return undefined;
  const { name, generateName, namespace } = asObject(metadata);
  return {
    file,
    apiVersion,
    kind,
    namespace: text(namespace),
    name: text(name) === "" && text(generateName) !== "" ? `${text(generateName)}*` : text(name),
    object,
  };
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};

/** `shop/orders`, or the name alone of what lies in no namespace. */
export function fullName({ namespace, name }: Pick<Manifest, "namespace" | "name">): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** The token that the Pulumi SDK gives this kind: `kubernetes:apps/v1:Deployment`. */
export function typeOf({ apiVersion, kind }: Pick<Manifest, "apiVersion" | "kind">): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

/**
 * What exemptions and findings refer to: `urn:check::<file>::<type>::<namespace>/<name>`, followed by
 * `#2` where the same file writes the same object a second time.
 */
export function urnsOf(manifests: readonly Manifest[]): readonly string[] {
  const counts = new Map<string, number>();
  return manifests.map((manifest) => {
    const urn = `urn:check::${manifest.file}::${typeOf(manifest)}::${fullName(manifest)}`;
    const count = (counts.get(urn) ?? 0) + 1;
    counts.set(urn, count);
    return count === 1 ? urn : `${urn}#${count}`;
  });
}

export function resourceOf(manifest: Manifest, urn: string): Resource {
  return {
    urn,
    name: manifest.name,
    type: typeOf(manifest),
    protect: false,
    props: Value.plain(manifest.object),
  };
}

/** Manifests say nothing of parents, providers or what depends on what: all lie in one cluster. */
export function stackResourceOf(manifest: Manifest, urn: string): StackResource {
  return { ...resourceOf(manifest, urn), dependencies: [], propertyDependencies: {} };
}
