/** Network policies of other kinds; their rules are not evaluated here. */
import { ANY, inCluster, namespaceOf } from "./objects";
import type { Stack, StackResource } from "../policy";

const OF_A_NAMESPACE = [
  "kubernetes:cilium.io:CiliumNetworkPolicy",
  "kubernetes:crd.projectcalico.org:NetworkPolicy",
  "kubernetes:projectcalico.org:NetworkPolicy",
] as const;
const OF_THE_CLUSTER = [
  "kubernetes:cilium.io:CiliumClusterwideNetworkPolicy",
  "kubernetes:crd.projectcalico.org:GlobalNetworkPolicy",
  "kubernetes:projectcalico.org:GlobalNetworkPolicy",
  "kubernetes:policy.networking.k8s.io:AdminNetworkPolicy",
  "kubernetes:policy.networking.k8s.io:BaselineAdminNetworkPolicy",
] as const;

/** Returns whether such a policy may apply to pods in a resource's namespace. */
export function governedByOthers(
  stack: Stack,
): (resource: StackResource, namespace: string) => boolean {
  const places = new Set([
    // An object with an unknown namespace may be in any.
    ...stack.of(...OF_A_NAMESPACE).map((it) => inCluster(it, namespaceOf(it) ?? ANY)),
    ...stack.of(...OF_THE_CLUSTER).map((it) => inCluster(it, ANY)),
  ]);
  return (resource, namespace) =>
    [namespace, ANY].some((place) => places.has(inCluster(resource, place)));
}
