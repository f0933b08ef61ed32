import { fromPeers, inNamespace, pods, toPeers } from "../platform/network-rules";
import { ZALANDO_OPERATOR } from "../platform/zalando";
import { toReach } from "../reach";
import { storesOf, type InClusterPostgresArguments } from "./in-cluster";
import { fromClients, toApiServer, type PolicySpec } from "./in-cluster-network";
import { POSTGRES_PORT } from "./url";
import { instanceLabels, poolerLabels } from "./zalando-spec";

/** Patroni: the operator and the other members ask it, and Prometheus reads its `/metrics`. */
export const PATRONI = 8008;

/** Every flow that the cluster's pods have. Pure. */
export const clusterTraffic = (
  args: InClusterPostgresArguments,
): Readonly<Record<string, PolicySpec>> => ({
  database: databaseTraffic(args),
  ...(args.pooling === true ? { pooler: poolerTraffic(args) } : {}),
});

function databaseTraffic(args: InClusterPostgresArguments): PolicySpec {
  const { clusterName, allowFrom, monitoringNamespace, operatorNamespace, pooling } = args;
  const members = pods(instanceLabels(clusterName));
  const operator = {
    ...inNamespace(operatorNamespace),
    podSelector: { matchLabels: { ...ZALANDO_OPERATOR } },
  };
  return {
    podSelector: { matchLabels: instanceLabels(clusterName) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      fromPeers([members, operator], POSTGRES_PORT, PATRONI),
      ...(pooling === true ? [fromPeers([pods(poolerLabels(clusterName))], POSTGRES_PORT)] : []),
      ...fromClients(allowFrom),
      fromPeers([inNamespace(monitoringNamespace)], PATRONI),
    ],
    egress: [
      toPeers([members], POSTGRES_PORT, PATRONI),
      // Patroni keeps its state there.
      toApiServer(),
      ...storesOf(args).flatMap(({ reach }) => reach.map(toReach)),
    ],
  };
}

const poolerTraffic = ({ clusterName, allowFrom }: InClusterPostgresArguments): PolicySpec => ({
  podSelector: { matchLabels: poolerLabels(clusterName) },
  policyTypes: ["Ingress", "Egress"],
  ingress: fromClients(allowFrom),
  egress: [toPeers([pods(instanceLabels(clusterName))], POSTGRES_PORT)],
});
