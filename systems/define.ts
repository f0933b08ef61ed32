/** A complete system from a few lines. Omitted attributes have the defaults documented here. */
import { clause } from "./clause";
import { dataServices, type DataServices } from "./defaults/data";
import { objectives } from "./defaults/objectives";
import { operations } from "./defaults/operations";
import type { CloudName, Service, System } from "./model";
import { mib, millicores, percent } from "./units";

/** An HTTP service. Any attribute of a `Service` can override its default. */
export interface ServiceDefinition extends Partial<Omit<Service, "name" | "port">> {
  /** Also the Deployment's, the Service's and the container's name. */
  readonly name: string;
  /** From 1024: pods run without root. It serves `/health` too. */
  readonly port: number;
}

type Given = "id" | "title" | "home" | "services" | "databases" | "caches" | "eventBuses";

/**
 * The required attributes, and overrides: any attribute of a `System` can be given instead of its default.
 */
export interface SystemDefinition extends Partial<Omit<System, Given>>, DataServices {
  /** The system's id, its namespace, and the prefix of resource names. */
  readonly name: string;
  readonly title: string;
  readonly cloud: CloudName;
  /** @default nyc3, us-east-1 or us-central1; on an existing cluster any name */
  readonly region?: string;
  /** The domain leads to the first one. */
  readonly services: readonly ServiceDefinition[];
}

const REGIONS: Readonly<Record<CloudName, string>> = {
  digitalocean: "nyc3",
  aws: "us-east-1",
  gcp: "us-central1",
  existing: "here",
};

/**
 * Fills in omitted attributes.
 *
 * - `runbook`: named after the system; `requirements` and `findings`: none. Elements name headings of that
 *   runbook, such as `Alerts / ErrorRateHigh`, to which alerts link.
 * - `cluster`: one pool of 3 to 6 nodes, so that two replicas stay on separate nodes during a node upgrade.
 * - `namespaces`: `name` in every environment, and `monitoring`.
 * - a service: 2 to 6 replicas at 70 % of the requested processor, 100m and 256Mi requested, 512Mi at
 *   most, a rolling update, `/health` and `/metrics`. It connects to every data service by `DATABASE_URL`,
 *   `REDIS_URL`, `KAFKA_BROKERS`, `KAFKA_USERNAME` and `KAFKA_PASSWORD`, and calls no other service.
 * - data services, their secrets, backups and recovery: see `defaults/data.ts`.
 * - `edge`, `maintenance`, `incidents` and `validations`: see `defaults/operations.ts`.
 * - `slos`, `alerts`, `dashboards` and `observability`: see `defaults/objectives.ts`.
 */
export function defineSystem(definition: SystemDefinition): System {
  const { name, cloud, region, services: defined, postgres, redis, kafka, ...given } = definition;
  const title = clause(definition.title);
  const data = dataServices(name, cloud, defined, { postgres, redis, kafka });
  const services = defined.map((service) => complete(service, data));
  return {
    ...title,
    id: name,
    runbook: { title: definition.title },
    home: { ...title, cloud, region: region ?? REGIONS[cloud] },
    cluster: {
      ...clause("Cluster"),
      name,
      pools: [{ ...clause("Cluster"), name: "default", nodes: { min: 3, max: 6 } }],
    },
    namespaces: { ...clause("Cluster"), prod: name },
    services,
    databases: data.databases,
    caches: data.caches,
    eventBuses: data.eventBuses,
    appliances: [],
    secrets: data.secrets,
    backups: data.backups,
    recovery: data.recovery,
    ...operations(name, services),
    ...objectives(name, definition.title, services, data),
    findings: [],
    ...given,
  };
}

/** The service with its defaults. */
function complete(
  { name, port, ...given }: ServiceDefinition,
  data: ReturnType<typeof dataServices>,
): Service {
  const here = clause(`Services / ${name}`);
  return {
    ...here,
    name,
    workload: name,
    container: name,
    purpose: name,
    technology: "container",
    labels: { "app.kubernetes.io/name": name },
    port,
    health: { path: "/health", port },
    metrics: { path: "/metrics", port },
    scaling: {
      ...here,
      replicas: { min: 2, max: 6 },
      triggers: [{ kind: "cpu", utilization: percent(70) }],
    },
    resources: {
      ...here,
      requests: { cpu: millicores(100), memory: mib(256) },
      limits: { memory: mib(512) },
    },
    environment: data.environment,
    rollout: { kind: "rolling" },
    calls: [],
    uses: data.names,
    ...given,
  };
}
