/** Network policies of Qdrant, and how Prometheus scrapes it. */
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { customResource } from "../kit/custom-resource";
import { commonLabels } from "../kit/labels";
import { fromPeers, inNamespace, pods, toPeers } from "../kit/network-rules";
import { KEY } from "./qdrant-pod";
import { filled, names, PORTS, selector, type QdrantArguments } from "./qdrant-arguments";

/** Labels of the pods that create and restore snapshots. */
export const jobLabels = (args: Pick<QdrantArguments, "objectName" | "namespace" | "system">) => ({
  ...commonLabels(args.system, names(args).snapshots),
  "app.kubernetes.io/instance": names(args).object,
});

export function createNetwork(
  name: string,
  args: QdrantArguments,
  options: pulumi.CustomResourceOptions,
): k8s.networking.v1.NetworkPolicy {
  const own = pods(selector(args));
  const clustered = filled(args).replicas > 1;
  return new k8s.networking.v1.NetworkPolicy(
    name,
    {
      metadata: {
        name: names(args).object,
        namespace: args.namespace,
        labels: commonLabels(args.system, "qdrant"),
      },
      spec: {
        podSelector: { matchLabels: selector(args) },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          // A rule without peers would let everyone in.
          ...(args.allowFrom.length === 0
            ? []
            : [fromPeers(args.allowFrom, PORTS.http, PORTS.grpc)]),
          fromPeers([inNamespace(args.monitoring.namespace), pods(jobLabels(args))], PORTS.http),
          // One port is for consensus; shards are transferred over the other.
          ...(clustered ? [fromPeers([own], PORTS.http, PORTS.peers)] : []),
        ],
        egress: clustered ? [toPeers([own], PORTS.http, PORTS.peers)] : [],
      },
    },
    options,
  );
}

/** In the key's namespace, because a ServiceMonitor can only use a Secret of its own namespace. */
export function createMonitor(
  name: string,
  args: QdrantArguments,
  options: pulumi.CustomResourceOptions,
): void {
  customResource(
    name,
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PodMonitor",
      metadata: {
        name: names(args).object,
        namespace: args.namespace,
        labels: commonLabels(args.system, "monitor"),
      },
      spec: {
        selector: { matchLabels: selector(args) },
        podMetricsEndpoints: [metricsEndpoint(args)],
      },
    },
    options,
  );
}

/** Uses the read-only key. */
function metricsEndpoint(args: QdrantArguments) {
  const { keys, certificate, host } = names(args);
  return {
    port: "http",
    path: "/metrics",
    authorization: {
      type: "Bearer",
      credentials: {
        name: keys,
        key: KEY.readOnly,
      },
    },
    ...(args.tls === undefined
      ? {}
      : {
          scheme: "https",
          tlsConfig: {
            ca: { secret: { name: certificate, key: "ca.crt" } },
            serverName: host,
          },
        }),
  };
}
