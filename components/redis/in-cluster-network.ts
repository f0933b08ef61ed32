import type * as k8s from "@pulumi/kubernetes";
import { fromPeers, inNamespace } from "../kit/network-rules";
import { STORE_PORT } from "./in-cluster-config";
import { memberLabels, type InClusterRedisArguments } from "./in-cluster-names";
import { EXPORTER_PORT } from "./in-cluster-pod";

/** Admits clients and metrics scrapes; allows no egress. Pure. */
export const memberPolicy = (
  args: InClusterRedisArguments,
): k8s.types.input.networking.v1.NetworkPolicySpec => ({
  podSelector: { matchLabels: memberLabels(args) },
  policyTypes: ["Ingress", "Egress"],
  ingress: [
    // A rule with an empty list of peers would allow everyone.
    ...(args.allowFrom.length === 0 ? [] : [fromPeers(args.allowFrom, STORE_PORT)]),
    fromPeers([inNamespace(args.monitoringNamespace)], EXPORTER_PORT),
  ],
  egress: [],
});
