/** Values of the chart kube-prometheus-stack; every key was checked against the pinned chart. */
import { restrictedContainer } from "../kit/security";
import { grafanaValues } from "./grafana-values";
import { NODE_NAMESPACE } from "../kit/conventions";
import { CHART, chartResources, spread, volumeClaim } from "./chart-values";

export interface MetricsSizing {
  /** Two Prometheus and three Alertmanagers over several nodes, instead of one each. */
  readonly production: boolean;
  readonly storageClass: string;
  /** How long series are kept, in days: the longest window of an objective, and some to spare. */
  readonly retentionDays: number;
  /** Of each Prometheus' volume, in GiB. Lowering it needs a new volume. */
  readonly storageGib: number;
}

export interface MetricsValues extends MetricsSizing {
  readonly monitoringNamespace: string;
  /** The Secret that holds Grafana's administrator. */
  readonly grafanaSecret: string;
  /** Changes when that Secret does, so that Grafana starts anew with it. */
  readonly grafanaRevision: string;
}

export function metricsValues(args: MetricsValues): Record<string, unknown> {
  return {
    fullnameOverride: CHART.metrics,
    crds: { enabled: true },
    // Managed control planes answer no scrapes: these would only be targets that are always down.
    kubeControllerManager: { enabled: false },
    kubeScheduler: { enabled: false },
    kubeEtcd: { enabled: false },
    kubeProxy: { enabled: false },
    defaultRules: { rules: { windows: false } },
    prometheusOperator: operator(),
    prometheus: prometheus(args),
    alertmanager: alertmanager(args),
    grafana: grafanaValues(args),
    "kube-state-metrics": {
      resources: chartResources("20m", "64Mi", "256Mi"),
      containerSecurityContext: restrictedContainer(),
    },
    "prometheus-node-exporter": {
      namespaceOverride: NODE_NAMESPACE,
      resources: chartResources("20m", "32Mi", "64Mi"),
      containerSecurityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      },
    },
  };
}

function operator(): Record<string, unknown> {
  return {
    resources: chartResources("50m", "128Mi", "256Mi"),
    containerSecurityContext: restrictedContainer(),
    admissionWebhooks: { patch: { resources: chartResources("10m", "32Mi", "64Mi") } },
    prometheusConfigReloader: { resources: chartResources("10m", "32Mi", "64Mi") },
  };
}

function prometheus(args: MetricsValues): Record<string, unknown> {
  return {
    podDisruptionBudget: { enabled: args.production, minAvailable: 1 },
    prometheusSpec: {
      replicas: args.production ? 2 : 1,
      retention: `${String(args.retentionDays)}d`,
      // The log and the block being compacted need room beside what is retained.
      retentionSize: `${String(Math.floor(args.storageGib * 0.8))}GB`,
      walCompression: true,
      scrapeInterval: "30s",
      evaluationInterval: "30s",
      storageSpec: volumeClaim(args.storageClass, args.storageGib),
      resources: args.production
        ? chartResources("250m", "1Gi", "3Gi")
        : chartResources("100m", "512Mi", "1536Mi"),
      ...spread(args.production, { "app.kubernetes.io/name": "prometheus" }),
      // Monitors and rules belong to whatever they watch, not to this chart's release.
      ruleSelectorNilUsesHelmValues: false,
      serviceMonitorSelectorNilUsesHelmValues: false,
      podMonitorSelectorNilUsesHelmValues: false,
      probeSelectorNilUsesHelmValues: false,
      scrapeConfigSelectorNilUsesHelmValues: false,
      enableAdminAPI: false,
    },
  };
}

function alertmanager(args: MetricsValues): Record<string, unknown> {
  return {
    podDisruptionBudget: { enabled: args.production, minAvailable: 2 },
    alertmanagerSpec: {
      replicas: args.production ? 3 : 1,
      // Silences and what was already notified survive a restart of all replicas.
      storage: volumeClaim(args.storageClass, 1),
      resources: chartResources("20m", "64Mi", "128Mi"),
      // Not "hard": they share what they know, and three would not fit while a node is replaced.
      ...spread(false, { "app.kubernetes.io/name": "alertmanager" }),
      // Otherwise a routing would only see alerts of its own namespace, and none of the nodes'.
      alertmanagerConfigMatcherStrategy: { type: "None" },
    },
  };
}
