/** What the runbook of Phase 5 Todo requires: id and one-line title. */
export const requirements = {
  "P5-01": "Namespace and workloads",
  "P5-02": "When to scale out",
  "P5-03": "Postgres by operator, Kafka and Dapr",
  "P5-04": "WebSocket route and certificate",
  "P5-05": "Four alerts",
  "P5-06": "Daily database backup",
  "P5-07": "Recovery time and point objectives",
  "P5-08": "Failover and full recovery",
  "P5-09": "Incident levels and channel",
  "P5-10": "Connection pool of the backend",
};
