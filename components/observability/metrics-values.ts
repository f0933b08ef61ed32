/** Values of the chart kube-prometheus-stack; every key was checked against the pinned version. */
import { restrictedContainer } from "../kit/security";
import { grafanaValues } from "./grafana-values";
import { NODE_NAMESPACE } from "../kit/conventions";
import { externalLabels, type Identity } from "./identity";
import { CHART, chartResources, spread, volumeClaim } from "./chart-values";

export interface MetricsSizing {
  /** Two Prometheus and three Alertmanager replicas over several nodes, instead of one each. */
  readonly production: boolean;
  readonly storageClass: string;
  /** Retention of series in days: the longest window of an objective, plus a margin. */
  readonly retentionDays: number;
  /** Volume size of each Prometheus, in GiB. A smaller one needs a new volume. */
  readonly storageGib: number;
}

export interface MetricsValues extends MetricsSizing {
  readonly monitoringNamespace: string;
  readonly identity: Identity;
  /** Whether kube-state-metrics also reports on Strimzi's Kafka objects. */
  readonly kafkaResources: boolean;
  /** The Secret with Grafana's administrator. */
  readonly grafanaSecret: string;
  /** Changes with that Secret, which restarts Grafana. */
  readonly grafanaRevision: string;
}

export function metricsValues(args: MetricsValues): Record<string, unknown> {
  return {
    fullnameOverride: CHART.metrics,
    crds: { enabled: true },
    // Managed control planes cannot be scraped: these targets would always be down.
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
      ...(args.kafkaResources ? kafkaResources() : {}),
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

/** Strimzi 1.2 exports no state of its objects itself: packaging/examples/metrics/kube-state-metrics. */
function kafkaResources(): Record<string, unknown> {
  return {
    rbac: {
      extraRules: [
        { apiGroups: ["kafka.strimzi.io"], resources: ["kafkas"], verbs: ["list", "watch"] },
      ],
    },
    customResourceState: {
      enabled: true,
      config: {
        spec: {
          resources: [
            {
              groupVersionKind: { group: "kafka.strimzi.io", version: "v1", kind: "Kafka" },
              metricNamePrefix: "strimzi_kafka",
              metrics: [
                {
                  name: "resource_info",
                  help: "The current state of a Strimzi Kafka resource.",
                  each: { type: "Info", info: { labelsFromPath: { name: ["metadata", "name"] } } },
                  labelsFromPath: {
                    namespace: ["metadata", "namespace"],
                    ready: ["status", "conditions", "[type=Ready]", "status"],
                  },
                },
              ],
            },
          ],
        },
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
      // The write-ahead log and compaction need space besides the retained data.
      retentionSize: `${String(Math.floor(args.storageGib * 0.8))}GB`,
      walCompression: true,
      externalLabels: externalLabels(args.identity),
      scrapeInterval: "30s",
      evaluationInterval: "30s",
      storageSpec: volumeClaim(args.storageClass, args.storageGib),
      resources: args.production
        ? chartResources("250m", "1Gi", "3Gi")
        : chartResources("100m", "512Mi", "1536Mi"),
      ...spread(args.production, { "app.kubernetes.io/name": "prometheus" }),
      // Selects monitors and rules of any release, not only of this chart's.
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
      // Silences and the notification log survive a restart of all replicas.
      storage: volumeClaim(args.storageClass, 1),
      resources: chartResources("20m", "64Mi", "128Mi"),
      // Not "hard": they replicate their state, and three would not fit while a node is replaced.
      ...spread(false, { "app.kubernetes.io/name": "alertmanager" }),
      // By default, a routing only sees alerts of its own namespace, and none from the nodes.
      alertmanagerConfigMatcherStrategy: { type: "None" },
    },
  };
}
