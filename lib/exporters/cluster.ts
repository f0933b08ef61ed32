/** The exporters that kube-prometheus-stack 88.5.3 installs, and scrapes by its own monitors. */
import { all, type Exporter, type Scrape } from "./exporter";

const chart = (...values: readonly string[]): readonly Scrape[] => [
  {
    kind: "chart",
    chart: "kube-prometheus-stack",
    values: Object.fromEntries(values.map((value) => [value, true])),
  },
];

const POD = ["namespace", "pod", "uid"] as const;
const CONTAINER = [...POD, "container"] as const;

const kubeStateMetrics: Exporter = {
  name: "kube-state-metrics",
  source: "https://github.com/kubernetes/kube-state-metrics/tree/v2.20.0/docs/metrics",
  metrics: {
    ...all(
      "kube_pod_container_status_restarts_total kube_pod_container_status_ready",
      ...CONTAINER,
    ),
    ...all(
      "kube_pod_container_resource_limits kube_pod_container_resource_requests",
      ...CONTAINER,
      "resource",
      "unit",
      "node",
    ),
    ...all(
      "kube_pod_container_status_waiting_reason kube_pod_container_status_terminated_reason kube_pod_container_status_last_terminated_reason",
      ...CONTAINER,
      "reason",
    ),
    ...all("kube_pod_status_phase", ...POD, "phase"),
    ...all("kube_pod_status_ready", ...POD, "condition"),
    ...all("kube_pod_info", ...POD, "node", "created_by_kind", "created_by_name"),
    ...all(
      "kube_deployment_spec_replicas kube_deployment_status_replicas kube_deployment_status_replicas_ready kube_deployment_status_replicas_available kube_deployment_status_replicas_unavailable kube_deployment_status_replicas_updated",
      "namespace",
      "deployment",
    ),
    ...all(
      "kube_statefulset_replicas kube_statefulset_status_replicas_ready",
      "namespace",
      "statefulset",
    ),
    ...all(
      "kube_cronjob_created kube_cronjob_status_active kube_cronjob_status_last_schedule_time kube_cronjob_status_last_successful_time",
      "namespace",
      "cronjob",
    ),
    ...all("kube_job_status_failed kube_job_status_succeeded", "namespace", "job_name"),
    ...all(
      "kube_horizontalpodautoscaler_spec_max_replicas kube_horizontalpodautoscaler_status_current_replicas",
      "namespace",
      "horizontalpodautoscaler",
    ),
    ...all(
      "kube_persistentvolumeclaim_resource_requests_storage_bytes",
      "namespace",
      "persistentvolumeclaim",
    ),
    ...all("kube_node_status_condition", "node", "condition", "status"),
  },
  scrapes: chart("kubeStateMetrics.enabled"),
  witness: { metric: "kube_deployment_spec_replicas" },
};

/** The same pod, by configuration. */
const kafkaResources: Exporter = {
  name: "kube-state-metrics of Strimzi's objects",
  source:
    "https://github.com/strimzi/strimzi-kafka-operator/tree/1.2.0/packaging/examples/metrics/kube-state-metrics, as components/observability/metrics-values.ts configures it",
  metrics: all("strimzi_kafka_resource_info", "namespace", "name", "ready"),
  scrapes: [
    {
      kind: "chart",
      chart: "kube-prometheus-stack",
      values: {
        "kubeStateMetrics.enabled": true,
        "kube-state-metrics.customResourceState.enabled": false,
      },
    },
  ],
  witness: { metric: "strimzi_kafka_resource_info" },
};

const nodeExporter: Exporter = {
  name: "node-exporter",
  source: "https://github.com/prometheus/node_exporter/tree/v1.12.1#enabled-by-default",
  metrics: {
    ...all(
      "node_filesystem_avail_bytes node_filesystem_size_bytes node_filesystem_free_bytes node_filesystem_files_free node_filesystem_files",
      "device",
      "fstype",
      "mountpoint",
    ),
    ...all(
      "node_memory_MemAvailable_bytes node_memory_MemTotal_bytes node_load1 node_load5 node_load15 node_boot_time_seconds",
    ),
    ...all("node_cpu_seconds_total", "cpu", "mode"),
    ...all("node_network_receive_bytes_total node_network_transmit_bytes_total", "device"),
    ...all(
      "node_disk_io_time_seconds_total node_disk_read_bytes_total node_disk_written_bytes_total",
      "device",
    ),
  },
  scrapes: chart("nodeExporter.enabled"),
  witness: { metric: "node_filesystem_size_bytes" },
};

const cadvisor: Exporter = {
  name: "cadvisor",
  source:
    "https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md, in the kubelet of Kubernetes 1.35",
  metrics: {
    ...all(
      "container_cpu_usage_seconds_total container_cpu_cfs_throttled_periods_total container_cpu_cfs_periods_total",
      "namespace",
      "pod",
      "container",
      "image",
      "id",
      "cpu",
    ),
    ...all(
      "container_memory_working_set_bytes container_memory_usage_bytes container_memory_rss",
      "namespace",
      "pod",
      "container",
      "image",
      "id",
    ),
    ...all(
      "container_network_receive_bytes_total container_network_transmit_bytes_total",
      "namespace",
      "pod",
      "interface",
    ),
  },
  scrapes: chart("kubelet.enabled"),
  witness: { metric: "container_memory_working_set_bytes" },
};

const kubelet: Exporter = {
  name: "kubelet",
  source: "https://kubernetes.io/docs/reference/instrumentation/metrics/ (1.35)",
  metrics: {
    ...all(
      "kubelet_volume_stats_used_bytes kubelet_volume_stats_capacity_bytes kubelet_volume_stats_available_bytes kubelet_volume_stats_inodes_free kubelet_volume_stats_inodes",
      "namespace",
      "persistentvolumeclaim",
    ),
    ...all("kubelet_running_pods"),
  },
  scrapes: chart("kubelet.enabled"),
  witness: { metric: "kubelet_running_pods" },
};

export const CLUSTER_EXPORTERS: readonly Exporter[] = [
  kubeStateMetrics,
  kafkaResources,
  nodeExporter,
  cadvisor,
  kubelet,
];
