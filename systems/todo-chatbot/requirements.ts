/** What the runbook of Todo Chatbot requires: id and one-line title. */
export const requirements = {
  "TC-01": "Namespace and five services",
  "TC-02": "Neon, managed state store and managed Kafka",
  "TC-03": "Topics, publishers and subscribers",
  "TC-04": "Environment variables and their secret",
  "TC-05": "Thresholds of five metrics",
  "TC-06": "Scaling of websocket and of consumers",
  "TC-07": "Dapr dashboard, mTLS, tracing and resiliency",
  "TC-08": "Maintenance before, during and after",
  "TC-09": "Escalation",
};
