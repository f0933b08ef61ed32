/** The three services of AI Wealth Companion, from "System Components" and the appendix. */
import { clause } from "../clause";
import type { EnvironmentVariable, Resources, Rollout, Scaling, Service } from "../model";
import { mib, millicores, minutes, percent } from "../units";
import { secretKey, serviceUrl } from "../variables";

const COMPONENTS = "Overview / System Components";

const scaling = (max: number): Scaling => ({
  ...clause(COMPONENTS, "AW-02", "ALL-04"),
  replicas: { min: 2, max },
  triggers: [{ kind: "cpu", utilization: percent(70) }],
  ours: {
    triggers:
      "The runbook gives ranges and no measure: 70% of the requested processor time leaves room for a pod to start.",
  },
});

const resources = (request: Resources["requests"], memory: number): Resources => ({
  ...clause(COMPONENTS, "ALL-04"),
  requests: request,
  limits: { memory: mib(memory) },
  ours: {
    requests: "The runbook gives no value: sized for a small pod, to be corrected by measurement.",
    limits: "Twice the request; without a processor limit a pod may use what its node has left.",
  },
});

const rollout: Rollout = {
  kind: "blueGreen",
  by: "route",
  watch: minutes(15),
};

const common = (name: string, port: number, invokedBy: readonly string[]) => ({
  ...clause(COMPONENTS, "AW-02", "ALL-04"),
  name,
  workload: name,
  container: name,
  labels: { app: name },
  port,
  health: { path: "/health", port },
  metrics: { path: "/metrics", port },
  dapr: {
    ...clause(COMPONENTS, "AW-02"),
    appId: name,
    invokedBy,
    ours: {
      appId: "The runbook gives no value: named after the deployment.",
      invokedBy: "The services that call it anyway.",
    },
  },
  rollout,
});

const appendix = clause("Appendix / Environment Variables", "AW-04", "AW-05");

const backendUrl: EnvironmentVariable = serviceUrl("BACKEND_URL", "backend", {
  ...clause("Architecture", "AW-02"),
  ours: { name: "The runbook names no variable for it, but clients need one to find the backend." },
});

export const services: readonly Service[] = [
  {
    ...common("backend", 8000, ["frontend", "mcp-server"]),
    purpose: "API server, event publishing",
    technology: "FastAPI",
    scaling: scaling(10),
    resources: resources({ cpu: millicores(250), memory: mib(512) }, 1024),
    environment: [
      secretKey("DATABASE_URL", "db-credentials", "DATABASE_URL", appendix),
      secretKey("JWT_SECRET_KEY", "jwt-credentials", "JWT_SECRET_KEY", appendix),
      secretKey("GEMINI_API_KEY", "ai-credentials", "GEMINI_API_KEY", appendix),
      secretKey("OPENAI_API_KEY", "ai-credentials", "OPENAI_API_KEY", appendix),
    ],
    calls: [],
    uses: ["neon"],
    external: [
      { name: "generativelanguage.googleapis.com", port: 443 },
      { name: "api.openai.com", port: 443 },
    ],
    ours: {
      environment:
        "The runbook does not say who reads what; after a change of any of the secrets it restarts only the backend.",
      external: "The interfaces that the two keys belong to.",
    },
  },
  {
    ...common("frontend", 3000, []),
    // Next.js has no such endpoint.
    metrics: "none",
    purpose: "Web UI",
    technology: "Next.js",
    scaling: scaling(5),
    resources: resources({ cpu: millicores(100), memory: mib(256) }, 512),
    environment: [backendUrl],
    // Next.js keeps rendered pages there.
    writable: ["/app/.next/cache"],
    calls: ["backend"],
    uses: [],
    ours: { port: "The runbook gives no value: Next.js' own default." },
  },
  {
    ...common("mcp-server", 8080, []),
    purpose: "AI tool integration",
    technology: "Python",
    scaling: scaling(5),
    resources: resources({ cpu: millicores(100), memory: mib(256) }, 512),
    environment: [backendUrl],
    calls: ["backend"],
    uses: [],
    ours: {
      port: "The runbook gives no value: a port that nothing else in the pod uses.",
      uses: "The runbook restarts only the backend after a change of the database's secret.",
    },
  },
];
