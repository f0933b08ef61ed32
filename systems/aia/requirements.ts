/** What the runbook of 013a AIA requires: id and one-line title. */
export const requirements = {
  "AI-01": "Regional cluster, namespaces, roles and quotas",
  "AI-02": "Frontend and API behind the load balancer",
  "AI-03": "Cloud SQL and Redis",
  "AI-04": "External secrets and the configuration map",
  "AI-05": "Grafana behind TLS and login",
  "AI-06": "Alerts on health, infrastructure and database",
  "AI-07": "Blue-green in four steps, rolling update and undo",
  "AI-08": "Backup of configuration and roles",
  "AI-09": "Maintenance mode and isolation",
  "AI-10": "Channel and escalation levels",
};
