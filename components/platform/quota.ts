import type { Settings } from "../../settings";
import type { Service, System } from "../../systems/model";
import { cores, gib, type Cpu, type Size } from "../../systems/units";

export interface Quota {
  readonly cpu: Cpu;
  readonly memory: Size;
  readonly pods: number;
}

const SIDECAR = { cpu: 50, memory: 64 * 1024 ** 2 };

/** Requests of all pods of one data service in the cluster, rounded up. */
interface Share {
  readonly millicores: number;
  readonly gib: number;
  readonly pods: number;
}

/** Brokers with the operator's own pods; instances with pooler; members with exporters. */
const SHARES = {
  kafka: { millicores: 3000, gib: 14, pods: 8 },
  postgres: { millicores: 3000, gib: 10, pods: 8 },
  redis: { millicores: 1500, gib: 5, pods: 7 },
  qdrant: { millicores: 1000, gib: 5, pods: 3 },
  ollama: { millicores: 4000, gib: 18, pods: 3 },
} as const satisfies Record<string, Share>;

/** The data services that run in the application's namespace. */
function shares(system: System): readonly Share[] {
  const inCluster = <T extends { readonly runs: string }>(elements: readonly T[]) =>
    elements.filter(({ runs }) => runs === "operator");
  return [
    ...inCluster(system.eventBuses).map(() => SHARES.kafka),
    ...inCluster(system.databases).map(() => SHARES.postgres),
    ...inCluster(system.caches).map(() => SHARES.redis),
    ...system.appliances.map(({ engine }) => SHARES[engine]),
  ];
}

/**
 * The runbook's quota, or by default twice what all services request at their maximum: enough for a
 * rollout of everything at once and for jobs, and a limit for a runaway autoscaler. Data services
 * in the same namespace are added.
 */
export function quota({ system, scaling }: Pick<Settings, "system" | "scaling">): Quota {
  const own = system.namespaces.quota;
  const services =
    own === undefined
      ? twice(system, scaling)
      : {
          millicores: own.requests.cpu.millicores,
          gib: own.requests.memory.bytes / 1024 ** 3,
          pods: own.pods,
        };
  const all: readonly Share[] = [services, ...shares(system)];
  const sum = (of: (share: Share) => number) => all.reduce((total, one) => total + of(one), 0);
  return {
    cpu: cores(Math.ceil(sum((one) => one.millicores) / 1000)),
    memory: gib(Math.ceil(sum((one) => one.gib))),
    pods: sum((one) => one.pods),
  };
}

function twice(system: System, scaling: Settings["scaling"]): Share {
  const sum = (of: (service: Service) => number) =>
    system.services.reduce(
      (total, service) => total + of(service) * (scaling[service.name]?.max ?? 1),
      0,
    );
  const beside = ({ sidecars = [] }: Service) =>
    sidecars.map(({ resources }) => resources.requests);
  const millicores = sum(
    (service) =>
      service.resources.requests.cpu.millicores +
      (service.dapr === undefined ? 0 : SIDECAR.cpu) +
      beside(service).reduce((total, { cpu }) => total + cpu.millicores, 0),
  );
  const bytes = sum(
    (service) =>
      service.resources.requests.memory.bytes +
      (service.dapr === undefined ? 0 : SIDECAR.memory) +
      beside(service).reduce((total, { memory }) => total + memory.bytes, 0),
  );
  return {
    millicores: 2 * millicores,
    gib: (2 * bytes) / 1024 ** 3,
    pods: 2 * sum(() => 1) + 10,
  };
}
