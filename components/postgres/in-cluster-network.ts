import * as k8s from "@pulumi/kubernetes";
import type { Part } from "../observability/part";
import { fromPeers } from "../platform/network-rules";
import { metadataOf, type InClusterPostgresArguments } from "./in-cluster";
import { POSTGRES_PORT } from "./url";

export type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;

/** To anywhere, because a managed cluster does not tell the API server's address. */
export const toApiServer = (): k8s.types.input.networking.v1.NetworkPolicyEgressRule => ({
  ports: [443, 6443].map((port) => ({ protocol: "TCP", port })),
});

/** A rule without anybody would let everybody in: then there is none at all. */
export const fromClients = (
  allowFrom: InClusterPostgresArguments["allowFrom"],
): k8s.types.input.networking.v1.NetworkPolicyIngressRule[] =>
  allowFrom.length === 0 ? [] : [fromPeers(allowFrom, POSTGRES_PORT)];

/** One policy for each kind of pod, by what it is called after the cluster. */
export function createPolicies(
  part: Part,
  args: InClusterPostgresArguments,
  policies: Readonly<Record<string, PolicySpec>>,
): k8s.networking.v1.NetworkPolicy[] {
  return Object.entries(policies).map(
    ([suffix, spec]) =>
      new k8s.networking.v1.NetworkPolicy(
        part.child(`${suffix}-network`),
        { metadata: metadataOf(args, suffix), spec },
        part.options(),
      ),
  );
}
