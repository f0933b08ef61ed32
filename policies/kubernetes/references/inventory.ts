/** The names that exist in each namespace of a stack's clusters, as far as the stack shows. */
import { ANY, inCluster, namespaceOf } from "../objects";
import { perStack } from "../../per-stack";
import type { Stack, StackResource } from "../../policy";
import { typeKey } from "../../policy";
import { HOLDERS } from "../pods";
import { madeByChart } from "./chart-names";
import { SECRET, madeBy } from "./makers";
import { placeAt, placeOf } from "./places";
import { isRuledOut, mayMake } from "./whole";
import type { Value } from "../../values";

/**
 * `hidden`: something not visible may have the name. Charts and unknown custom objects may create
 * anything; `because` is an unknown value that it depends on.
 */
export type Verdict =
  | { readonly found: "yes"; readonly resource?: StackResource }
  | { readonly found: "no" }
  | ({ readonly found: "hidden" } & Reason);

interface Reason {
  /** What may create it. */
  readonly cause: StackResource;
  /** The unknown value of `cause` that it depends on. */
  readonly because: Value | undefined;
}

const NAMESPACE = "kubernetes:core:Namespace";
const EXTERNAL_SECRET = "kubernetes:external-secrets.io:ExternalSecret";

/** Options are those of a program. */
const isManifest = ({ options, urn }: StackResource): boolean =>
  options === undefined && urn.startsWith("urn:check:");
const runsPods = ({ type }: StackResource): boolean => HOLDERS.includes(typeKey(type));

export class Inventory {
  private readonly objects = new Map<string, StackResource>();
  private readonly made = new Set<string>();
  /** Secrets that get keys which they do not show, where they exist. */
  private readonly merged = new Set<string>();
  /**
   * What may exist but is not visible, by cluster, kind, namespace and name, each of which may be
   * any; with the unknown value that causes it, if there is one.
   */
  private readonly hidden = new Map<string, Reason>();
  private readonly namespaces = new Set<string>();

  constructor(private readonly stack: Stack) {
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
    // Manifests often leave the Namespace to others, and what is applied together is passed together.
    if (isManifest(resource) && runsPods(resource) && namespace !== undefined)
      this.namespaces.add(inCluster(resource, namespace));
    if (name.string === undefined || namespace === undefined) {
      this.hide(resource, type, name.string, name);
    } else this.objects.set(inCluster(resource, type, namespace, name.string), resource);
    for (const kind of mayMake(resource, this.stack)) this.hide(resource, kind, undefined);
    this.addMade(resource);
    if (type !== EXTERNAL_SECRET) return;
    const target = resource.props.get("spec", "target");
    const isMerged = target.get("creationPolicy").string === "Merge";
    const into = target.get("name").string ?? name.string;
    if (isMerged && namespace !== undefined && into !== undefined)
      this.merged.add(inCluster(resource, SECRET, namespace, into));
  }

  private addMade(resource: StackResource): void {
    for (const { type: kind, name: own, from, isPossible = false } of [
      ...madeByChart(resource),
      ...(madeBy(resource) ?? []),
    ]) {
      const place = placeOf(resource);
      if (isPossible && isRuledOut(resource, this.stack)) continue;
      if (own === undefined || place === ANY || isPossible) this.hide(resource, kind, own, from);
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
    const because = [from, placeAt(resource)].find((it) => it?.isUnknown);
    // One reason is enough.
    if (!this.hidden.has(key)) this.hidden.set(key, { cause: resource, because });
  }

  /** Whether the cluster of `from` has such an object in the namespace. */
  find(from: StackResource, type: string, namespace: string, name: string): Verdict {
    const key = inCluster(from, type, namespace, name);
    const resource = this.objects.get(key);
    if (resource !== undefined && !this.merged.has(key)) return { found: "yes", resource };
    if (resource !== undefined || this.made.has(key)) return { found: "yes" };
    const [reason] = [type, ANY]
      .flatMap((kind) => [namespace, ANY].map((place) => [kind, place] as const))
      .flatMap((where) => [name, ANY].map((title) => inCluster(from, ...where, title)))
      .flatMap((place) => this.hidden.get(place) ?? []);
    return reason === undefined ? { found: "no" } : { found: "hidden", ...reason };
  }

  /**
   * Whether the stack creates the namespace, so that nothing else puts objects into it; in
   * manifests, also whether some of them run pods in it.
   */
  owns(from: StackResource, namespace: string): boolean {
    return this.namespaces.has(inCluster(from, namespace));
  }
}

export const inventoryOf = perStack((stack) => new Inventory(stack));
