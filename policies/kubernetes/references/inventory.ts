/** What exists by name in each namespace of a stack's clusters, as far as the stack can tell. */
import { inCluster, namespaceOf } from "../objects";
import type { Stack, StackResource } from "../../policy";
import { typeKey } from "../../policy";
import { madeBy } from "./makers";
import type { Value } from "../../values";

/**
 * `hidden`: something that is not visible may have the name. Charts and unheard-of custom objects
 * make what they like; `because` is the unknown value that it depends on, if that is all.
 */
export type Verdict =
  | { readonly found: "yes"; readonly resource?: StackResource }
  | { readonly found: "no" }
  | { readonly found: "hidden"; readonly because?: Found };

interface Found {
  readonly resource: StackResource;
  readonly value: Value;
}

/** Charts: the namespace in which they install is a property of their own. */
const CHARTS: ReadonlySet<string> = new Set([
  "kubernetes:helm.sh:Release",
  "kubernetes:helm.sh:Chart",
]);
const NAMESPACE = "kubernetes:core:Namespace";

export class Inventory {
  private readonly objects = new Map<string, StackResource>();
  private readonly made = new Set<string>();
  /** Namespaces in which something makes objects that cannot be seen. */
  private readonly opaque = new Set<string>();
  /** Objects whose name or namespace is not known, by cluster and kind. */
  private readonly nameless = new Map<string, Found | null>();
  private readonly namespaces = new Set<string>();

  constructor(stack: Stack) {
    for (const resource of stack.resources) {
      if (resource.type.startsWith("kubernetes:")) this.add(resource);
    }
  }

  private add(resource: StackResource): void {
    const key = typeKey(resource.type);
    if (CHARTS.has(key)) {
      const namespace = resource.props.get("namespace");
      this.opaque.add(
        inCluster(resource, namespace.isUnknown ? "*" : (namespace.text ?? "default")),
      );
      return;
    }
    const metadata = resource.props.get("metadata");
    const name = metadata.get("name");
    const namespace = namespaceOf(resource);
    if (key === NAMESPACE && name.text !== undefined) {
      this.namespaces.add(inCluster(resource, name.text));
    }
    if (name.text === undefined || namespace === undefined) {
      const value = [name, metadata.get("namespace")].find(({ isUnknown }) => isUnknown);
      this.nameless.set(inCluster(resource, key), value === undefined ? null : { resource, value });
    } else this.objects.set(inCluster(resource, key, namespace, name.text), resource);
    this.note(resource, namespace ?? "*");
  }

  private note(resource: StackResource, namespace: string): void {
    const makes = madeBy(resource);
    const isVague = makes === undefined || makes.some(({ name }) => name === undefined);
    if (isVague || namespace === "*") {
      // What makes nothing hides nothing, wherever it is.
      if (makes?.length !== 0) this.opaque.add(inCluster(resource, namespace));
    }
    for (const { type, name } of makes ?? []) {
      if (name !== undefined) this.made.add(inCluster(resource, type, namespace, name));
    }
  }

  /** Whether the cluster of `from` has such an object in the namespace. */
  find(from: StackResource, type: string, namespace: string, name: string): Verdict {
    const key = inCluster(from, type, namespace, name);
    const resource = this.objects.get(key);
    if (resource !== undefined) return { found: "yes", resource };
    if (this.made.has(key)) return { found: "yes" };
    const nameless = this.nameless.get(inCluster(from, type));
    if (nameless !== undefined) {
      return { found: "hidden", ...(nameless === null ? {} : { because: nameless }) };
    }
    return this.isOpaque(from, namespace) ? { found: "hidden" } : { found: "no" };
  }

  /** Whether something in the namespace makes objects that cannot be seen. */
  isOpaque(from: StackResource, namespace: string): boolean {
    return [namespace, "*"].some((place) => this.opaque.has(inCluster(from, place)));
  }

  /** Whether the stack makes the namespace, so that nobody else fills it. */
  owns(from: StackResource, namespace: string): boolean {
    return this.namespaces.has(inCluster(from, namespace));
  }
}
