import type * as k8s from "@pulumi/kubernetes";
import { fromPeers, inNamespace, pods, toPeers } from "../kit/network-rules";
import { PROXY_METRICS_PORT, STORE_PORT, WATCHER_PORT } from "./in-cluster-config";
import { memberLabels, proxyLabels, type InClusterRedisArguments } from "./in-cluster-names";
import { EXPORTER_PORT } from "./in-cluster-pod";

type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;

/** Who may talk to the members: clients only where there is no proxy before them. Pure. */
export function memberPolicy(args: InClusterRedisArguments): Spec {
  const monitoring = fromPeers([inNamespace(args.monitoringNamespace)], EXPORTER_PORT);
  const policy = {
    podSelector: { matchLabels: memberLabels(args) },
    policyTypes: ["Ingress", "Egress"],
  };
  if (args.topology === "single") {
    return { ...policy, ingress: [...fromClients(args), monitoring], egress: [] };
  }
  const members = [pods(memberLabels(args))];
  return {
    ...policy,
    ingress: [
      fromPeers([...members, pods(proxyLabels(args))], STORE_PORT, WATCHER_PORT),
      monitoring,
    ],
    egress: [toPeers(members, STORE_PORT, WATCHER_PORT)],
  };
}

/** Pure. */
export function proxyPolicy(args: InClusterRedisArguments): Spec {
  return {
    podSelector: { matchLabels: proxyLabels(args) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      ...fromClients(args),
      fromPeers([inNamespace(args.monitoringNamespace)], PROXY_METRICS_PORT),
    ],
    egress: [toPeers([pods(memberLabels(args))], STORE_PORT, WATCHER_PORT)],
  };
}

/** A rule with an empty list of peers would let everybody in. */
const fromClients = ({ allowFrom }: InClusterRedisArguments) =>
  allowFrom.length === 0 ? [] : [fromPeers(allowFrom, STORE_PORT)];
