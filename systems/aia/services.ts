/** The frontend and the API of the AIA system. */
import { clause } from "../clause";
import type { Resources, Scaling, Service } from "../model";
import { gib, mib, millicores, minutes, percent, seconds } from "../units";
import { secretKey, serviceUrl, setting } from "../variables";

const OVERVIEW = "System Architecture / Component Overview";
const NETWORK = "System Architecture / Network Architecture";
const BLUE_GREEN = "Deployment Procedures / Blue-Green Deployment Process";

const scaling: Scaling = {
  ...clause(NETWORK, "AI-01", "ALL-04"),
  replicas: { min: 2, max: 5 },
  triggers: [{ kind: "cpu", utilization: percent(70) }],
  vertical: "memory",
  ours: {
    triggers: "The runbook gives the range and no measure: 70% leaves room for a pod to start.",
    vertical:
      "The runbook wants both autoscalers: memory is left to the vertical one, because both on the same measure work against each other.",
  },
};

const resources = (request: Resources["requests"], limit: Resources["limits"]): Resources => ({
  ...clause("Troubleshooting / Common Issues / 3. Resource Constraints", "AI-01", "ALL-04"),
  requests: request,
  limits: limit,
  ours: {
    requests: "The runbook gives no value: a start that the vertical autoscaler corrects.",
    limits: "Twice the request; without a processor limit a pod may use what its node has left.",
  },
});

export const services: readonly Service[] = [
  {
    ...clause(OVERVIEW, "AI-02", "ALL-04"),
    name: "frontend",
    workload: "aia-frontend",
    container: "frontend",
    purpose: "Web interface",
    technology: "React",
    labels: { app: "aia-frontend" },
    port: 3000,
    health: { path: "/health", port: 3000 },
    // Its server answers with files and exports nothing.
    metrics: "none",
    scaling,
    resources: resources({ cpu: millicores(100), memory: mib(128) }, { memory: mib(256) }),
    environment: [
      serviceUrl("API_URL", "api", {
        ...clause(OVERVIEW, "AI-02"),
        ours: { name: "The diagram leads from the frontend to the API and names no variable." },
      }),
    ],
    rollout: { kind: "rolling" },
    calls: ["api"],
    uses: [],
    ours: {
      workload: "The runbook names only its address: called as the API's is.",
      container: "As the API's container, after what it is.",
      labels: "The runbook selects no frontend pods.",
    },
  },
  {
    ...clause(OVERVIEW, "AI-02", "ALL-04"),
    name: "api",
    workload: "aia-api",
    container: "api",
    purpose: "API gateway",
    technology: "FastAPI",
    labels: { app: "aia-api" },
    image: "gcr.io/a-467519/aia-system",
    port: 8000,
    health: { path: "/health", port: 8000 },
    metrics: { path: "/metrics", port: 8000 },
    scaling,
    resources: resources({ cpu: millicores(500), memory: mib(512) }, { memory: gib(1) }),
    environment: [
      secretKey(
        "DATABASE_URL",
        "aia-secrets",
        "DATABASE_URL",
        clause("Troubleshooting / Common Issues / 4. Database Connection Issues", "AI-04"),
      ),
      secretKey("REDIS_URL", "aia-secrets", "REDIS_URL", {
        ...clause(OVERVIEW, "AI-03"),
        ours: { name: "The runbook shows Redis and names no variable." },
      }),
      setting(
        "LOG_LEVEL",
        "INFO",
        {
          ...clause("Deployment Procedures / Configuration Updates", "AI-04"),
          ours: { "from.default": "The runbook sets DEBUG for a while." },
        },
        "aia-config",
      ),
      setting(
        "MAINTENANCE_MODE",
        "false",
        {
          ...clause("Emergency Procedures / Database Emergency", "AI-04", "AI-09"),
          ours: { "from.default": "The runbook sets true in an emergency." },
        },
        "aia-config",
      ),
    ],
    rollout: {
      kind: "blueGreen",
      by: "selector",
      watch: minutes(15),
      readyWithin: seconds(300),
      deployments: { blue: "aia-api-blue", green: "aia-api-green" },
    },
    calls: [],
    uses: ["mas-system-postgres", "redis"],
    ours: {
      labels: "The runbook selects by version only, which the switch adds to this label.",
      "rollout.watch": `${BLUE_GREEN} says 'after validation': as long as AI Wealth Companion watches.`,
    },
  },
];
