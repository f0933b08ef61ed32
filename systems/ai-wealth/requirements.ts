/** What the runbook of AI Wealth Companion requires: id and one-line title. */
export const requirements = {
  "AW-01": "Namespaces, cluster and node pool",
  "AW-02": "Workloads, ports, autoscaling ranges and the route",
  "AW-03": "Strimzi Kafka with topic and consumer group",
  "AW-04": "Redis as state store and cache, Postgres on Neon",
  "AW-05": "Credentials of the model providers and of sessions",
  "AW-06": "Prometheus, Grafana, Jaeger and Loki",
  "AW-07": "Six objectives with targets and critical bounds",
  "AW-08": "Five alerts",
  "AW-09": "Three dashboards under /grafana",
  "AW-10": "Blue-green between two namespaces by the route",
  "AW-11": "Rollback to a chosen revision",
  "AW-12": "Maintenance window on Sundays",
  "AW-13": "Event replay from Kafka",
  "AW-14": "Full-cluster and namespace recovery",
  "AW-15": "Severity levels and escalation path",
};
