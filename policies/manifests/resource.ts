/** A Kubernetes object in a manifest, and the resource that policies see. */
import type { StackResource, Resource } from "../policy";
import { Value, type Marks } from "../values";
import { Placeholder } from "./placeholder";

/** An object whose `apiVersion` and `kind` are strings. */
export interface Manifest {
  /** The file, as displayed. */
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty if it has none, or is cluster-scoped. */
  readonly namespace: string;
  /** Empty if it has none. */
  readonly name: string;
  readonly object: Readonly<Record<string, unknown>>;
  /** What a tool wrote, rather than somebody into a file. */
  readonly isRendered?: boolean;
}

const VERSION = /^(?:[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[a-z0-9][-a-z0-9]*$/i;
const KIND = /^[A-Za-z][A-Za-z0-9]*$/;

/** The object as a manifest; undefined without an apiVersion and a kind. */
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

/** `shop/orders`, or only the name if it has no namespace. */
export function fullName({ namespace, name }: Pick<Manifest, "namespace" | "name">): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

/** The token that the Pulumi SDK gives this kind: `kubernetes:apps/v1:Deployment`. */
export function typeOf({ apiVersion, kind }: Pick<Manifest, "apiVersion" | "kind">): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

/**
 * The identity for exemptions and findings: `urn:check::<file>::<type>::<namespace>/<name>`,
 * followed by `#2` for the second occurrence of the same object in a file.
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

const MARKS: Marks = {
  isUnknown: (raw) => raw instanceof Placeholder,
  isSecret: () => false,
  holdsSecret: () => false,
};

export function resourceOf(manifest: Manifest, urn: string): Resource {
  return {
    urn,
    name: manifest.name,
    type: typeOf(manifest),
    protect: false,
    props: Value.marked(manifest.object, MARKS),
  };
}

/** Manifests have no parents, providers or dependencies: all are in one cluster. */
export function stackResourceOf(manifest: Manifest, urn: string): StackResource {
  return { ...resourceOf(manifest, urn), dependencies: [], propertyDependencies: {} };
}
