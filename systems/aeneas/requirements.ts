/** What the runbook of AENEAS requires: id and one-line title. */
export const requirements = {
  "AE-01": "API and worker with their resources and ranges",
  "AE-02": "Required instance types over three zones",
  "AE-03": "PostgreSQL 15 with replicas, pooling and tuning",
  "AE-04": "Redis cluster, Kafka and Qdrant, and their names",
  "AE-05": "Load balancers and hosts",
  "AE-06": "Prometheus, Grafana, Elasticsearch, Kibana and Jaeger",
  "AE-07": "Blue-green by the Service's selector",
  "AE-08": "Fourteen alerts on seven metrics",
  "AE-09": "Environment of the services",
  "AE-10": "Backups of database, cache and application state",
  "AE-11": "Regional failover",
  "AE-12": "Compliance checks",
  "AE-13": "Secret of the session tokens",
  "AE-14": "Incident levels and escalation matrix",
  "AE-15": "Database migration before a new version",
};
