import * as k8s from "@pulumi/kubernetes";
import type { Part } from "../kit/child-factory";
import { fromPeers, inNamespace, pods, toApiServer, toPeers } from "../kit/network-rules";
import { toReach } from "../kit/egress";
import { metadataOf, storesOf, type CloudNativePgArguments } from "./cloud-native-pg-arguments";
import { clusterLabels, instanceLabels, poolerLabels } from "./cloud-native-pg-spec";
import { POSTGRES_PORT } from "./url";

/** The label of the operator's pods, for network policies. */
export const CLOUD_NATIVE_PG_OPERATOR = { "app.kubernetes.io/name": "cloudnative-pg" } as const;

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;

/** The instance manager's port: the operator queries it, and instances query each other. */
const STATUS = 8000;
const METRICS = { instance: 9187, pooler: 9127 };

/** One policy for each kind of pod, by the suffix of its name. */
export function createPolicies(
  part: Part,
  args: CloudNativePgArguments,
): k8s.networking.v1.NetworkPolicy[] {
  return Object.entries(clusterTraffic(args)).map(
    ([suffix, spec]) =>
      new k8s.networking.v1.NetworkPolicy(
        part.child(`${suffix}-network`),
        { metadata: metadataOf(args, suffix), spec },
        part.options(),
      ),
  );
}

/** All traffic of the cluster's pods. Pure. */
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
      // Jobs do not have this label.
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

/** A rule without peers would allow everyone: then the rule is left out. */
const fromClients = (
  allowFrom: CloudNativePgArguments["allowFrom"],
): k8s.types.input.networking.v1.NetworkPolicyIngressRule[] =>
  allowFrom.length === 0 ? [] : [fromPeers(allowFrom, POSTGRES_PORT)];
