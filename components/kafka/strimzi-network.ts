/**
 * All traffic of Strimzi's pods, in both directions. The operator is configured not to create its
 * own policies: those have no egress rules, and open the metrics to the whole cluster.
 */
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { commonLabels } from "../kit/labels";
import { fromPeers, inNamespace, pods, toPeers } from "../kit/network-rules";
import { brokerLabels, entityLabels, PORTS } from "./strimzi-objects";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;

export interface StrimziNetworkArguments {
  readonly clusterName: string;
  readonly system: string;
  readonly namespace: string;
  readonly operatorNamespace: string;
  readonly monitoringNamespace: string;
  readonly allowFrom: readonly k8s.types.input.networking.v1.NetworkPolicyPeer[];
}

/** A managed cluster does not reveal its API server's address. */
const toApiServer: k8s.types.input.networking.v1.NetworkPolicyEgressRule = {
  ports: [
    { protocol: "TCP", port: 443 },
    { protocol: "TCP", port: 6443 },
  ],
};

export function createNetworkPolicies(
  child: (suffix: string) => string,
  args: StrimziNetworkArguments,
  options: pulumi.CustomResourceOptions,
): readonly k8s.networking.v1.NetworkPolicy[] {
  const policy = (suffix: string, spec: PolicySpec) =>
    new k8s.networking.v1.NetworkPolicy(
      child(`network-${suffix}`),
      {
        metadata: {
          name: `${args.clusterName}-${suffix}-flows`,
          namespace: args.namespace,
          labels: commonLabels(args.system, "kafka"),
        },
        spec: { ...spec, policyTypes: ["Ingress", "Egress"] },
      },
      options,
    );
  return [policy("brokers", brokers(args)), policy("entity-operator", entityOperator(args))];
}

function brokers(args: StrimziNetworkArguments): PolicySpec {
  const own = pods(brokerLabels(args.clusterName));
  const operator = {
    ...inNamespace(args.operatorNamespace),
    ...pods({ "strimzi.io/kind": "cluster-operator" }),
  };
  return {
    podSelector: { matchLabels: { ...brokerLabels(args.clusterName) } },
    ingress: [
      fromPeers([own], PORTS.controllers, PORTS.replication),
      fromPeers([operator], PORTS.controllers, PORTS.replication, PORTS.agent),
      fromPeers([pods(entityLabels(args.clusterName))], PORTS.replication),
      fromPeers(args.allowFrom, PORTS.clients),
      fromPeers([inNamespace(args.monitoringNamespace)], PORTS.metrics),
    ],
    // Brokers read their certificates, and at startup their zone, from the API server.
    egress: [toPeers([own], PORTS.controllers, PORTS.replication), toApiServer],
  };
}

function entityOperator(args: StrimziNetworkArguments): PolicySpec {
  return {
    podSelector: { matchLabels: { ...entityLabels(args.clusterName) } },
    ingress: [
      fromPeers([inNamespace(args.monitoringNamespace)], PORTS.topicOperator, PORTS.userOperator),
    ],
    egress: [toPeers([pods(brokerLabels(args.clusterName))], PORTS.replication), toApiServer],
  };
}
