/** Where pods may run that no resource of the stack holds. */
import { inCluster, namespaceOf } from "../objects";
import type { Stack, StackResource } from "../../policy";
import { typeKey } from "../../policy";
import { madeBy } from "./makers";
import { Inventory } from "./inventory";

/** Custom objects whose names are known, and which run pods all the same. */
const RUNNERS: ReadonlySet<string> = new Set([
  "kubernetes:gateway.networking.k8s.io:Gateway",
  "kubernetes:kafka.strimzi.io:Kafka",
  "kubernetes:postgresql.cnpg.io:Cluster",
  "kubernetes:postgresql.cnpg.io:Pooler",
]);

export class PodMakers {
  private readonly places = new Set<string>();
  private readonly inventory: Inventory;

  constructor(stack: Stack) {
    this.inventory = new Inventory(stack);
    for (const resource of stack.resources) {
      const runs = RUNNERS.has(typeKey(resource.type)) || madeBy(resource) === undefined;
      if (runs) this.places.add(inCluster(resource, namespaceOf(resource) ?? "*"));
    }
  }

  /** Whether a chart or an operator may run pods in the namespace. */
  mayMakePods(from: StackResource, namespace: string): boolean {
    return (
      this.inventory.isOpaque(from, namespace) ||
      [namespace, "*"].some((place) => this.places.has(inCluster(from, place)))
    );
  }
}
