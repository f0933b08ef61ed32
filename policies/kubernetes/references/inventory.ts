/** The names that exist in each namespace of a stack's clusters, as far as the stack shows. */
import { ANY, inCluster, namespaceOf } from "../objects";
import type { Stack, StackResource } from "../../policy";
import { typeKey } from "../../policy";
import { madeBy, placeAt, placeOf } from "./makers";
import type { Value } from "../../values";

/**
 * `hidden`: something not visible may have the name. Charts and unknown custom objects may create
 * anything; `because` is an unknown value that it depends on.
 */
export type Verdict =
  | { readonly found: "yes"; readonly resource?: StackResource }
  | { readonly found: "no" }
  | { readonly found: "hidden"; readonly because: Found | undefined };

interface Found {
  readonly resource: StackResource;
  readonly value: Value;
}

const NAMESPACE = "kubernetes:core:Namespace";

export class Inventory {
  private readonly objects = new Map<string, StackResource>();
  private readonly made = new Set<string>();
  /**
   * What may exist but is not visible, by cluster, kind, namespace and name, each of which may be
   * any; with the unknown value that causes it, if there is one.
   */
  private readonly hidden = new Map<string, Found | undefined>();
  private readonly namespaces = new Set<string>();

  constructor(stack: Stack) {
    for (const resource of stack.resources) {
      if (resource.type.startsWith("kubernetes:")) this.add(resource);
    }
  }

  private add(resource: StackResource): void {
    const type = typeKey(resource.type);
    const name = resource.props.get("metadata", "name");
    if (type === NAMESPACE && name.string !== undefined) {
      this.namespaces.add(inCluster(resource, name.string));
    }
    const namespace = namespaceOf(resource);
    if (name.string === undefined || namespace === undefined) {
      this.hide(resource, type, name.string, name);
    } else this.objects.set(inCluster(resource, type, namespace, name.string), resource);
    const makes = madeBy(resource);
    if (makes === undefined) this.hide(resource, ANY, undefined);
    for (const { type: kind, name: own, from } of makes ?? []) {
      const place = placeOf(resource);
      if (own === undefined || place === ANY) this.hide(resource, kind, own, from);
      else this.made.add(inCluster(resource, kind, place, own));
    }
  }

  /** @param name undefined for any name, because of a value that may be unknown */
  private hide(
    resource: StackResource,
    type: string,
    name: string | undefined,
    from?: Value,
  ): void {
    const key = inCluster(resource, type, placeOf(resource), name ?? ANY);
    const value = [from, placeAt(resource)].find((it) => it?.isUnknown);
    this.hidden.set(key, value === undefined ? undefined : { resource, value });
  }

  /** Whether the cluster of `from` has such an object in the namespace. */
  find(from: StackResource, type: string, namespace: string, name: string): Verdict {
    const key = inCluster(from, type, namespace, name);
    const resource = this.objects.get(key);
    if (resource !== undefined) return { found: "yes", resource };
    if (this.made.has(key)) return { found: "yes" };
    const reasons = [type, ANY]
      .flatMap((kind) => [namespace, ANY].map((place) => [kind, place] as const))
      .flatMap((where) => [name, ANY].map((title) => inCluster(from, ...where, title)))
      .filter((place) => this.hidden.has(place))
      .map((place) => this.hidden.get(place));
    if (reasons.length === 0) return { found: "no" };
    const [because] = reasons;
    return { found: "hidden", because };
  }

  /** Whether the stack creates the namespace, so that nothing else puts objects into it. */
  owns(from: StackResource, namespace: string): boolean {
    return this.namespaces.has(inCluster(from, namespace));
  }
}
