/** The three dashboards of AI Wealth Companion, at the addresses the runbook links to. */
import { clause } from "../clause";
import type { Dashboard } from "../model";

const dashboardsOf = clause("Monitoring & Alerting / Grafana Dashboards", "AW-09", "ALL-08");
const open = { panels: "The runbook gives the address and the purpose, and no queries." };

export const dashboards: readonly Dashboard[] = [
  {
    ...clause("Monitoring & Alerting / Key Metrics", "AW-09", "ALL-08"),
    uid: "ai-wealth-companion",
    title: "AI Wealth Companion",
    panels: [
      {
        title: "Request rate",
        query: 'sum(rate(http_requests_total{namespace="{namespace}"}[5m]))',
        unit: "reqps",
      },
      {
        title: "Error rate",
        query:
          'sum(rate(http_request_errors_total{namespace="{namespace}"}[5m])) / sum(rate(http_requests_total{namespace="{namespace}"}[5m]))',
        unit: "percentunit",
      },
      {
        title: "P95 latency",
        query:
          'histogram_quantile(0.95, sum(rate(http_request_duration_seconds_bucket{namespace="{namespace}"}[5m])) by (le))',
        unit: "s",
      },
      {
        title: "Event publish rate",
        query: 'sum(rate(events_published_total{namespace="{namespace}"}[5m]))',
        unit: "reqps",
      },
      {
        title: "Pod memory usage",
        query: 'sum(container_memory_working_set_bytes{namespace="{namespace}"}) by (pod)',
        unit: "bytes",
      },
    ],
  },
  {
    ...dashboardsOf,
    uid: "kafka",
    title: "Kafka Metrics",
    ours: open,
    panels: [
      {
        title: "Consumer lag",
        query: 'sum by (consumergroup, topic) (kafka_consumergroup_lag{namespace="{namespace}"})',
        unit: "short",
      },
      {
        title: "Messages in",
        query:
          'sum by (topic) (rate(kafka_server_brokertopicmetrics_messagesin_total{namespace="{namespace}"}[5m]))',
        unit: "reqps",
      },
      {
        title: "Under-replicated partitions",
        query:
          'sum(kafka_server_replicamanager_underreplicatedpartitions{namespace="{namespace}"})',
        unit: "short",
      },
    ],
  },
  {
    ...dashboardsOf,
    uid: "kubernetes-pods",
    title: "Pod Resources",
    ours: open,
    panels: [
      {
        title: "Processor use",
        query:
          'sum by (pod) (rate(container_cpu_usage_seconds_total{namespace="{namespace}",container!=""}[5m]))',
        unit: "short",
      },
      {
        title: "Memory use",
        query:
          'sum by (pod) (container_memory_working_set_bytes{namespace="{namespace}",container!=""})',
        unit: "bytes",
      },
      {
        title: "Restarts in the last hour",
        query:
          'sum by (pod) (increase(kube_pod_container_status_restarts_total{namespace="{namespace}"}[1h]))',
        unit: "short",
      },
    ],
  },
];
