import type * as k8s from "@pulumi/kubernetes";
import { toDns } from "../kit/network-rules";
import { toReach, type Reach } from "../kit/egress";

/** DNS, the database and the object store: all that a dump or restore pod needs. */
export function recoveryEgress(
  database: readonly Reach[],
  store: readonly Reach[],
): k8s.types.input.networking.v1.NetworkPolicyEgressRule[] {
  return [toDns(), ...[...database, ...store].map(toReach)];
}
