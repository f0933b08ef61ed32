/** Exporters of databases, caches and event buses. */
import { all, type Exporter } from "./exporter";

const cloudNativePg: Exporter = {
  name: "CloudNativePG",
  source:
    "https://github.com/cloudnative-pg/cloudnative-pg/blob/v1.30.0/config/manager/default-monitoring.yaml and docs/src/monitoring.md",
  metrics: {
    ...all(
      "cnpg_collector_up cnpg_collector_last_failed_backup_timestamp cnpg_collector_last_available_backup_timestamp",
      "cluster",
    ),
    ...all(
      "cnpg_backends_total cnpg_backends_max_tx_duration_seconds",
      "datname",
      "usename",
      "application_name",
      "state",
    ),
    ...all(
      "cnpg_backends_waiting_total cnpg_pg_replication_in_recovery cnpg_pg_replication_lag cnpg_pg_replication_is_wal_receiver_up cnpg_pg_replication_streaming_replicas",
    ),
    ...all("cnpg_pg_settings_setting", "name"),
    ...all("cnpg_pg_database_size_bytes", "datname"),
    ...all(
      "cnpg_pg_stat_archiver_archived_count cnpg_pg_stat_archiver_failed_count cnpg_pg_stat_archiver_seconds_since_last_archival cnpg_pg_stat_archiver_last_archived_time cnpg_pg_stat_archiver_last_failed_time",
    ),
    ...all("cnpg_collector_pg_wal_archive_status", "value"),
    // The Barman Cloud plugin's, at the instance's own endpoint.
    ...all("barman_cloud_cloudnative_pg_io_last_available_backup_timestamp"),
    ...all(
      "cnpg_pg_stat_database_xact_commit cnpg_pg_stat_database_xact_rollback cnpg_pg_stat_database_blks_hit cnpg_pg_stat_database_blks_read cnpg_pg_stat_database_deadlocks",
      "datname",
    ),
  },
  scrapes: [
    {
      kind: "labels",
      labels: { "cnpg.io/cluster": ".+", "cnpg.io/podRole": "instance" },
      port: "metrics",
      madeBy: { kind: "kubernetes:postgresql.cnpg.io:Cluster" },
    },
  ],
  witness: { metric: "cnpg_collector_up" },
};

const postgres: Exporter = {
  name: "postgres_exporter",
  source: "https://github.com/prometheus-community/postgres_exporter/tree/v0.20.1/collector",
  metrics: {
    ...all("pg_up pg_settings_max_connections"),
    ...all(
      "pg_stat_activity_count pg_stat_activity_max_tx_duration",
      "datname",
      "state",
      "usename",
      "application_name",
      "backend_type",
      "wait_event_type",
      "wait_event",
    ),
    ...all(
      "pg_stat_database_numbackends pg_stat_database_xact_commit pg_stat_database_xact_rollback pg_stat_database_blks_read pg_stat_database_blks_hit pg_stat_database_deadlocks",
      "datid",
      "datname",
    ),
    ...all("pg_database_size_bytes", "datname"),
    ...all("pg_locks_count", "datname", "mode"),
    ...all("pg_replication_lag_seconds pg_replication_is_replica"),
  },
  scrapes: [{ kind: "image", image: "prometheuscommunity/postgres-exporter" }],
  witness: { metric: "pg_up", zeroIsDown: true },
};

const redis: Exporter = {
  name: "redis_exporter",
  source: "https://github.com/oliver006/redis_exporter/blob/v1.88.0/exporter/exporter.go",
  metrics: all(
    "redis_up redis_keyspace_hits_total redis_keyspace_misses_total redis_connected_clients redis_blocked_clients redis_memory_used_bytes redis_memory_max_bytes redis_evicted_keys_total redis_expired_keys_total redis_commands_processed_total redis_connected_slaves redis_uptime_in_seconds redis_rejected_connections_total",
  ),
  scrapes: [{ kind: "image", image: "oliver006/redis_exporter" }],
  witness: { metric: "redis_up", zeroIsDown: true },
};

const kafka: Exporter = {
  name: "kafka_exporter",
  source: "https://github.com/danielqsj/kafka_exporter/blob/v1.9.0/README.md#metrics",
  metrics: {
    ...all("kafka_brokers"),
    ...all("kafka_broker_info", "id", "address"),
    ...all(
      "kafka_consumergroup_lag kafka_consumergroup_current_offset",
      "consumergroup",
      "topic",
      "partition",
    ),
    ...all("kafka_consumergroup_members", "consumergroup"),
    ...all(
      "kafka_consumergroup_lag_sum kafka_consumergroup_current_offset_sum",
      "consumergroup",
      "topic",
    ),
    ...all("kafka_topic_partitions", "topic"),
    ...all(
      "kafka_topic_partition_current_offset kafka_topic_partition_oldest_offset kafka_topic_partition_leader kafka_topic_partition_replicas kafka_topic_partition_in_sync_replica kafka_topic_partition_under_replicated_partition",
      "topic",
      "partition",
    ),
  },
  scrapes: [{ kind: "image", image: "danielqsj/kafka-exporter" }],
  // It does not start while no broker answers; later it counts those that do.
  witness: { metric: "kafka_brokers", zeroIsDown: true },
};

/** Those in the cluster: managed ones have metrics in their cloud only. */
export const BROKERS = "Kafka's brokers";

const brokers: Exporter = {
  name: BROKERS,
  source:
    "https://kafka.apache.org/documentation/#monitoring (Kafka 4.3), renamed by components/kafka/strimzi-metrics.ts",
  metrics: {
    ...all(
      "kafka_server_brokertopicmetrics_messagesin_total kafka_server_brokertopicmetrics_bytesin_total kafka_server_brokertopicmetrics_bytesout_total kafka_server_brokertopicmetrics_failedproducerequests_total",
      "topic",
    ),
    ...all(
      "kafka_server_replicamanager_underreplicatedpartitions kafka_server_replicamanager_underminisrpartitioncount kafka_server_replicamanager_partitioncount kafka_server_replicamanager_leadercount kafka_server_replicamanager_offlinereplicacount",
    ),
    ...all(
      "kafka_controller_kafkacontroller_offlinepartitionscount kafka_controller_kafkacontroller_activecontrollercount",
    ),
    ...all("kafka_network_requestmetrics_totaltimems", "request", "quantile"),
  },
  scrapes: [
    {
      kind: "labels",
      labels: { "strimzi.io/kind": "Kafka", "strimzi.io/cluster": ".+" },
      port: "tcp-prometheus",
      madeBy: {
        kind: "kubernetes:kafka.strimzi.io:Kafka",
        property: ["spec", "kafka", "metricsConfig"],
      },
    },
  ],
  witness: { metric: "kafka_server_replicamanager_partitioncount" },
};

const strimzi: Exporter = {
  name: "Strimzi",
  source:
    "https://github.com/strimzi/strimzi-kafka-operator/blob/1.2.0/operator-common/src/main/java/io/strimzi/operator/common/metrics/MetricsHolder.java",
  metrics: all(
    "strimzi_resources strimzi_resources_paused strimzi_reconciliations_total strimzi_reconciliations_failed_total strimzi_reconciliations_successful_total",
    "kind",
    "selector",
  ),
  scrapes: [
    {
      kind: "labels",
      labels: { "strimzi.io/kind": "cluster-operator" },
      port: "http",
      madeBy: { chart: "strimzi-kafka-operator" },
    },
  ],
  witness: { metric: "strimzi_resources" },
};

export const DATA_EXPORTERS: readonly Exporter[] = [
  cloudNativePg,
  postgres,
  redis,
  kafka,
  brokers,
  strimzi,
];
