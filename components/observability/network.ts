/** The traffic of the monitoring namespace, for its default-deny policies. */
import type * as k8s from "@pulumi/kubernetes";
import { fromAnywhere, fromPeers, inNamespace } from "../platform/network-rules";
import { TRACE_PORTS } from "./traces";

export interface MonitoringTraffic {
  readonly ingress: readonly k8s.types.input.networking.v1.NetworkPolicyIngressRule[];
  readonly egress: readonly k8s.types.input.networking.v1.NetworkPolicyEgressRule[];
}

/** Ports that Prometheus' operator answers the control plane on, and Prometheus its users. */
export const METRICS_PORTS = { prometheus: 9090, operatorWebhook: 10250 } as const;

/**
 * Senders of traces and readers of metrics come in; Prometheus goes everywhere, because everything
 * is scraped, and Alertmanager to the internet.
 */
export function monitoringTraffic(args: {
  /** Namespaces whose pods send traces: the application's. */
  readonly tracesFrom: readonly string[];
  /** Namespaces whose pods ask Prometheus: the autoscaler's. */
  readonly metricsFrom: readonly string[];
}): MonitoringTraffic {
  return {
    ingress: [
      fromAnywhere(METRICS_PORTS.operatorWebhook),
      fromPeers(args.tracesFrom.map(inNamespace), TRACE_PORTS.otlpGrpc, TRACE_PORTS.otlpHttp),
      fromPeers(args.metricsFrom.map(inNamespace), METRICS_PORTS.prometheus),
    ],
    egress: [{}],
  };
}
