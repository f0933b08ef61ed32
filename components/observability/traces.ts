import type * as k8s from "@pulumi/kubernetes";
import { CHARTS } from "../../versions";
import { installChart } from "../kit/chart";
import { restrictedContainer } from "../kit/security";
import { CHART, chartResources } from "./chart-values";
import type { Part } from "../kit/child-factory";

export interface TracesArguments {
  readonly monitoringNamespace: string;
  readonly storageClass: string;
  readonly production: boolean;
  readonly chartMirror: string | undefined;
}

/** Where traces are sent and queried. */
const TRACE_PORTS = { otlpGrpc: 4317, otlpHttp: 4318, query: 3200 } as const;

/** `host:port` for OTLP over gRPC, without a scheme, as Dapr's `tracing.otel` wants it. */
export const otlpEndpoint = (namespace: string): string =>
  `${CHART.traces}.${namespace}.svc:${String(TRACE_PORTS.otlpGrpc)}`;

export function createTraces(part: Part, args: TracesArguments): k8s.helm.v3.Release {
  return installChart(
    part.child("traces"),
    {
      version: CHARTS.tempo,
      releaseName: CHART.traces,
      namespace: args.monitoringNamespace,
      values: tracesValues(args),
      mirror: args.chartMirror,
    },
    part.options(),
  );
}

/**
 * Tempo as a single process with a volume: traces are for recent problems, so a minute without them
 * during a restart is cheaper than a distributed store.
 */
export function tracesValues(args: TracesArguments): Record<string, unknown> {
  return {
    fullnameOverride: CHART.traces,
    replicas: 1,
    tempo: {
      retention: args.production ? "168h" : "48h",
      reportingEnabled: false,
      memBallastSizeMbs: 0,
      resources: args.production
        ? chartResources("100m", "512Mi", "2Gi")
        : chartResources("50m", "256Mi", "1Gi"),
      securityContext: restrictedContainer(),
      receivers: receivers(),
    },
    serviceAccount: { automountServiceAccountToken: false },
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10001,
      runAsGroup: 10001,
      fsGroup: 10001,
      seccompProfile: { type: "RuntimeDefault" },
    },
    persistence: {
      enabled: true,
      storageClassName: args.storageClass,
      size: args.production ? "20Gi" : "5Gi",
    },
  };
}

/** Only OTLP. The chart cannot remove Jaeger's receivers, so they only listen on localhost. */
function receivers(): Record<string, unknown> {
  const loopback = (port: number) => ({ endpoint: `127.0.0.1:${String(port)}` });
  return {
    jaeger: {
      protocols: {
        grpc: loopback(14250),
        thrift_binary: loopback(6832),
        thrift_compact: loopback(6831),
        thrift_http: loopback(14268),
      },
    },
    otlp: {
      protocols: {
        grpc: { endpoint: `0.0.0.0:${String(TRACE_PORTS.otlpGrpc)}` },
        http: { endpoint: `0.0.0.0:${String(TRACE_PORTS.otlpHttp)}` },
      },
    },
  };
}
