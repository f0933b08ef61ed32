import { CLOUD_NATIVE_PG_OPERATOR } from "../platform/cloud-native-pg";
import { fromPeers, inNamespace, pods, toPeers } from "../platform/network-rules";
import { toReach } from "../reach";
import type { CloudNativePgArguments } from "./cloud-native-pg";
import { clusterLabels, instanceLabels, poolerLabels } from "./cloud-native-pg-spec";
import { storesOf } from "./in-cluster";
import { fromClients, toApiServer, type PolicySpec } from "./in-cluster-network";
import { POSTGRES_PORT } from "./url";

/** The instance manager: the operator asks it for the state, and instances ask each other. */
const STATUS = 8000;
const METRICS = { instance: 9187, pooler: 9127 };

/** Every flow that the cluster's pods have. Pure. */
export const clusterTraffic = (
  args: CloudNativePgArguments,
): Readonly<Record<string, PolicySpec>> => ({
  database: databaseTraffic(args),
  ...(args.pooling === true ? { pooler: poolerTraffic(args) } : {}),
});

/** Instances, and the jobs that create them. */
function databaseTraffic(args: CloudNativePgArguments): PolicySpec {
  const { clusterName, allowFrom, monitoringNamespace, operatorNamespace } = args;
  const operator = {
    ...inNamespace(operatorNamespace),
    podSelector: { matchLabels: { ...CLOUD_NATIVE_PG_OPERATOR } },
  };
  return {
    podSelector: {
      matchLabels: clusterLabels(clusterName),
      // Jobs have no such label.
      matchExpressions: [{ key: "cnpg.io/podRole", operator: "NotIn", values: ["pooler"] }],
    },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      fromPeers([pods(clusterLabels(clusterName)), operator], POSTGRES_PORT, STATUS),
      ...fromClients(allowFrom),
      fromPeers([inNamespace(monitoringNamespace)], METRICS.instance),
    ],
    egress: [
      toPeers([pods(instanceLabels(clusterName))], POSTGRES_PORT, STATUS),
      toApiServer(),
      ...storesOf(args).flatMap(({ reach }) => reach.map(toReach)),
    ],
  };
}

function poolerTraffic(args: CloudNativePgArguments): PolicySpec {
  const { clusterName, allowFrom, monitoringNamespace } = args;
  return {
    podSelector: { matchLabels: poolerLabels(clusterName) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      ...fromClients(allowFrom),
      fromPeers([inNamespace(monitoringNamespace)], METRICS.pooler),
    ],
    // Its instance manager reads the Pooler and the passwords from the API server.
    egress: [toPeers([pods(instanceLabels(clusterName))], POSTGRES_PORT), toApiServer()],
  };
}
