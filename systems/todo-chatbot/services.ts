/** The five services of Todo Chatbot, as "Architecture Overview" and the appendix describe them. */
import { clause } from "../clause";
import type { EnvironmentVariable, Resources, Scaling, ScalingTrigger, Service } from "../model";
import { mib, millicores, percent } from "../units";
import { secretKey, serviceUrl, value } from "../variables";

const SECRETS = "todo-chatbot-secrets";
const appendix = clause("Appendix / Environment Variables", "TC-04");

const databaseUrl = secretKey("DATABASE_URL", SECRETS, "DATABASE_URL", appendix);
const authSecret = secretKey("BETTER_AUTH_SECRET", SECRETS, "BETTER_AUTH_SECRET", appendix);
const daprPort = value("DAPR_HTTP_PORT", "3500", appendix);
const backendUrl = serviceUrl("BACKEND_URL", "backend", appendix);
/** Troubleshooting asks that it equals BETTER_AUTH_SECRET: the same key of the same secret. */
const jwtSecret = secretKey(
  "JWT_SECRET",
  SECRETS,
  "BETTER_AUTH_SECRET",
  clause("Troubleshooting / WebSocket Connection Issues", "TC-04"),
);

const busyProcessor: ScalingTrigger = { kind: "cpu", utilization: percent(70) };

const scaling = (max: number, ...triggers: readonly ScalingTrigger[]): Scaling => ({
  ...clause("Common Operations / Scale Services", "TC-06", "ALL-04"),
  replicas: { min: 2, max },
  triggers,
  ours: {
    replicas:
      "The runbook scales by hand to 2 or 3 replicas and gives no range: two survive the loss of a node, and the upper end doubles the runbook's largest step.",
    triggers:
      "The runbook names what to scale on only where an alert says 'scale'; each trigger stays below that alert's warning, and 70% of the requested processor time leaves room for a pod to start.",
  },
});

const resources = (request: Resources["requests"], memory: number): Resources => ({
  ...clause("Incident Response / WebSocket Disconnections", "ALL-04"),
  requests: request,
  limits: { memory: mib(memory) },
  ours: {
    requests: "The runbook gives no value: sized for a small pod, to be corrected by measurement.",
    limits:
      "512Mi is the runbook's memory limit for websocket, taken for all; without a processor limit a pod may use what its node has left.",
  },
});

const sidecar = (name: string, invokedBy: readonly string[]): NonNullable<Service["dapr"]> => ({
  ...clause("Incident Response / Message Processing Delays", "TC-03", "TC-06"),
  appId: `${name}-service`,
  invokedBy,
  ours: {
    appId:
      "The runbook's consumer group is recurring-task-service; Dapr uses the app id as the consumer group, hence every app id ends in -service.",
  },
});

/** A service that Dapr delivers events to, or that publishes them, under the runbook's naming. */
function service(
  name: string,
  port: number,
  heading: string,
  rest: Pick<Service, "purpose" | "technology" | "scaling" | "calls" | "uses"> & {
    readonly environment: readonly EnvironmentVariable[];
    readonly invokedBy?: readonly string[];
    readonly endpoints?: readonly string[];
    readonly writable?: readonly string[];
    readonly metrics?: Service["metrics"];
    readonly external?: Service["external"];
    readonly requests: Resources["requests"];
  },
): Service {
  const { invokedBy = [], requests, external, ...described } = rest;
  return {
    ...clause(heading, "TC-01", "ALL-04"),
    name,
    workload: `todo-chatbot-${name}`,
    container: name,
    labels: { "app.kubernetes.io/component": name },
    port,
    health: { path: "/health", port },
    metrics: { path: "/metrics", port },
    resources: resources(requests, 512),
    dapr: sidecar(name, invokedBy),
    rollout: { kind: "rolling" },
    ...described,
    ...(external === undefined
      ? {}
      : {
          external,
          ours: { external: "The runbook delivers without saying how: the two usual ways." },
        }),
  };
}

const TABLE = "Architecture Overview / Services";

export const services: readonly Service[] = [
  service("backend", 8000, TABLE, {
    purpose: "Main API server",
    technology: "FastAPI",
    scaling: scaling(6, busyProcessor),
    requests: { cpu: millicores(250), memory: mib(256) },
    environment: [databaseUrl, authSecret, daprPort],
    // "Copy files from pod" reads the logs there.
    writable: ["/app/logs"],
    invokedBy: ["frontend", "recurring-task", "notification"],
    calls: [],
    uses: ["neon"],
  }),
  service("frontend", 3000, TABLE, {
    purpose: "Web application",
    technology: "Next.js",
    scaling: scaling(6, busyProcessor),
    requests: { cpu: millicores(100), memory: mib(256) },
    environment: [authSecret, daprPort, backendUrl],
    // Next.js has no such endpoint.
    metrics: "none",
    // Next.js keeps rendered pages there.
    writable: ["/app/.next/cache"],
    calls: ["backend"],
    uses: [],
  }),
  service("websocket", 8001, TABLE, {
    purpose: "Real-time synchronisation over WebSocket",
    technology: "Python",
    endpoints: ["/stats"],
    scaling: scaling(6, {
      kind: "gauge",
      metric: "websocket_active_connections",
      // Four fifths of the warning at 400: a new pod is ready before the warning is reached.
      perPod: 320,
    }),
    requests: { cpu: millicores(100), memory: mib(256) },
    environment: [authSecret, jwtSecret, daprPort],
    calls: [],
    uses: [],
  }),
  service("recurring-task", 8002, TABLE, {
    purpose: "Creates the next occurrence of recurring tasks",
    technology: "Python",
    scaling: scaling(6, {
      kind: "lag",
      topic: "task-events",
      group: "recurring-task-service",
      // Half of the warning at 100.
      perPod: 50,
    }),
    requests: { cpu: millicores(100), memory: mib(256) },
    environment: [databaseUrl, daprPort, backendUrl],
    calls: ["backend"],
    uses: ["neon"],
  }),
  service("notification", 8003, TABLE, {
    purpose: "Delivers notifications",
    technology: "Python",
    scaling: scaling(6, {
      kind: "lag",
      topic: "reminders",
      group: "notification-service",
      perPod: 50,
    }),
    requests: { cpu: millicores(100), memory: mib(256) },
    environment: [databaseUrl, daprPort, backendUrl],
    calls: ["backend"],
    uses: ["neon"],
    external: [
      { name: "push and mail providers, by HTTPS", port: 443 },
      { name: "mail servers, by SMTP submission", port: 587 },
    ],
  }),
];
