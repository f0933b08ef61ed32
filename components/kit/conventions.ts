/** The names that connect rules, dashboards, routing and scrapes. No other file spells them out. */
import { NAMESPACES } from "../../lib/namespaces";
import { durationText, type Duration } from "../../systems/units";

/** The namespace of the node exporter: the only privileged one. */
export const NODE_NAMESPACE = NAMESPACES.nodeExporter;

/** Labels of every rule; routing and inhibition match on them. */
export const LABEL = {
  system: "system",
  /** These three are external labels: on alerts, and not on series. */
  environment: "environment",
  cluster: "cluster",
  region: "region",
  service: "service",
  severity: "severity",
  /** The runbook's incident level. */
  level: "level",
  slo: "slo",
} as const;

/** The label `service` of what concerns the gateway as a whole, and not one service. */
export const EDGE = "edge";

/** Recorded series, named `level:metric:operations` as Prometheus recommends. */
export const RECORDED = {
  /** Bad and all events per second over five minutes; the thirty-day ratio is summed from them. */
  badEvents: "slo:bad_events:rate5m",
  events: "slo:events:rate5m",
  /** Share of bad events over a window. */
  errorRatio: (window: Duration): string => `slo:sli_error:ratio_rate${durationText(window)}`,
  objective: "slo:objective:ratio",
  /** 1 is an unused budget, 0 a spent one; below 0 the objective was missed. */
  budgetRemaining: "slo:error_budget_remaining:ratio",
} as const;

/** Alerts that no runbook names: they watch the objectives and the monitoring itself. */
export const OURS = {
  burn: "ErrorBudgetBurn",
  indicatorMissing: "SloIndicatorMissing",
  targetDown: "ServiceTargetDown",
  metricsMissing: "MetricsMissing",
  lagMissing: "ConsumerLagMissing",
  issuerExpiring: "DaprIssuerExpiring",
  archivingFailed: "DatabaseArchivingFailed",
  baseBackupOld: "DatabaseBaseBackupOld",
  scalerFailing: "AutoscalerFailing",
  secretStale: "ExternalSecretNotReady",
  recordsStale: "DnsRecordsStale",
} as const;

/** Envoy's name for the listener of port 443: the gateway's pods listen above the privileged ports. */
export const HTTPS_LISTENER = "https-10443";

/** How the gateway names the statistics of what it routes to a Service: Envoy Gateway's `%BACKEND_REFS%`. */
export const routeStatistics = (namespace: string, service: string): string =>
  `${namespace}/${service}`;

/** Metrics of the exporters that the platform installs, as lib/exporters declares them. */
export const EXPORTED = {
  restarts: "kube_pod_container_status_restarts_total",
  specReplicas: "kube_deployment_spec_replicas",
  readyReplicas: "kube_deployment_status_replicas_ready",
  limits: "kube_pod_container_resource_limits",
  requests: "kube_pod_container_resource_requests",
  cronJobSuccess: "kube_cronjob_status_last_successful_time",
  cronJobCreated: "kube_cronjob_created",
  cpu: "container_cpu_usage_seconds_total",
  memory: "container_memory_working_set_bytes",
  nodeDiskFree: "node_filesystem_avail_bytes",
  nodeDiskSize: "node_filesystem_size_bytes",
  volumeUsed: "kubelet_volume_stats_used_bytes",
  volumeSize: "kubelet_volume_stats_capacity_bytes",
  lag: "kafka_consumergroup_lag",
  consumedOffset: "kafka_consumergroup_current_offset",
  /** One more than the newest event's, or 0. */
  producedOffset: "kafka_topic_partition_current_offset",
  brokers: "kafka_brokers",
  /** Strimzi's Kafka object, with the state of its condition Ready as a label. */
  kafkaResource: "strimzi_kafka_resource_info",
  /** Dapr's sentry: expiry of the root certificate for mutual TLS. */
  issuerExpiry: "dapr_sentry_issuercert_expiry_timestamp",
  /** KEDA: errors of what a service is scaled by, 0 from its first measurement on. */
  scalerErrors: "keda_scaler_detail_errors_total",
  /** External Secrets: 1 for the status that a condition has. */
  externalSecret: "externalsecret_status_condition",
  /** external-dns: when it last wrote its records, or found them as they should be; 0 before. */
  recordsWritten: "external_dns_controller_last_sync_timestamp_seconds",
  certificateExpiry: "certmanager_certificate_expiration_timestamp_seconds",
  /** CloudNativePG: whether PostgreSQL is up, measured in the pod itself. */
  databaseUp: "cnpg_collector_up",
  /** CloudNativePG: times of the last attempts to archive; -1 if there was none (its default queries). */
  archiveFailed: "cnpg_pg_stat_archiver_last_failed_time",
  archived: "cnpg_pg_stat_archiver_last_archived_time",
  /** CloudNativePG: files of the log, by what was done with them: `ready` is not archived yet. */
  archiveFiles: "cnpg_collector_pg_wal_archive_status",
  /** The Barman Cloud plugin, which replaces the operator's own `cnpg_collector_…`; 0 without a backup. */
  baseBackup: "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp",
  /** CloudNativePG: 0 on the primary, 1 on a standby; nothing while PostgreSQL does not answer. */
  databaseInRecovery: "cnpg_pg_replication_in_recovery",
  operatedConnections: "cnpg_backends_total",
  operatedSetting: "cnpg_pg_settings_setting",
  operatedWaiting: "cnpg_backends_waiting_total",
  /** postgres_exporter: whether it can connect. */
  databaseReached: "pg_up",
  databaseConnections: "pg_stat_database_numbackends",
  databaseMaxConnections: "pg_settings_max_connections",
  databaseActivity: "pg_stat_activity_count",
  /** Envoy: responses to clients, requests to backends by response class, and their time in milliseconds. */
  responses: "envoy_http_downstream_rq_xx",
  routed: "envoy_cluster_upstream_rq_xx",
  routedTime: "envoy_cluster_upstream_rq_time",
  /** redis_exporter. */
  cacheHits: "redis_keyspace_hits_total",
  cacheMisses: "redis_keyspace_misses_total",
} as const;

/**
 * The relabelling that a service's PodMonitor needs: unlike a ServiceMonitor, a PodMonitor adds no
 * `service` label, which all rules and dashboards use.
 */
export function serviceRelabeling(service: string): {
  readonly action: "replace";
  readonly targetLabel: string;
  readonly replacement: string;
} {
  return { action: "replace", targetLabel: LABEL.service, replacement: service };
}

/** GitHub's anchor for a runbook heading: `Monitoring / Key Metrics` becomes `key-metrics`. */
export function anchor(heading: string): string {
  const last = heading.split(" / ").at(-1) ?? heading;
  return last
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}
