import type { Settings } from "../../settings";
import type { Database, Service, System } from "../../systems/model";
import { cores, gib, type Cpu, type Size } from "../../systems/units";
import { timingOf } from "../../systems/timing";
import { surgeOf } from "../kit/timing";
import { DATABASE_RESOURCES } from "../postgres/requirements";

export interface Quota {
  readonly cpu: Cpu;
  readonly memory: Size;
  readonly pods: number;
}

/** Requests of all pods of one data service in the cluster, rounded up. */
interface Share {
  readonly millicores: number;
  readonly gib: number;
  readonly pods: number;
}

/** Dapr's container in a pod. */
const SIDECAR: Share = { millicores: 50, gib: 1 / 16, pods: 0 };
/** Pods of jobs, beside all others. */
const JOBS = 10;

/** An exporter beside what runs elsewhere: two pods, and one more in a rollout. */
const EXPORTER: Share = { millicores: 60, gib: 3 / 16, pods: 3 };

/** Brokers with the operator's own pods; instances with pooler; members with exporters. */
const SHARES = {
  kafka: { millicores: 3000, gib: 14, pods: 8 },
  postgres: { millicores: 3000, gib: 10, pods: 8 },
  redis: { millicores: 1500, gib: 5, pods: 7 },
  qdrant: { millicores: 1000, gib: 5, pods: 3 },
  ollama: { millicores: 4000, gib: 18, pods: 3 },
} as const satisfies Record<string, Share>;

/** Of one database: its instances, another one while it restores or upgrades, and its poolers. */
function ofDatabase({ resources }: Database, readReplicas: number): Share {
  const { requests } = resources ?? DATABASE_RESOURCES;
  const instances = Math.max(3, 1 + readReplicas) + 1;
  return largest(SHARES.postgres, {
    millicores: instances * requests.cpu.millicores + 2 * 50,
    gib: instances * inGib(requests.memory) + 2 / 16,
    pods: instances + 2,
  });
}

const inGib = ({ bytes }: Size): number => bytes / 1024 ** 3;

const largest = (one: Share, other: Share): Share => ({
  millicores: Math.max(one.millicores, other.millicores),
  gib: Math.max(one.gib, other.gib),
  pods: Math.max(one.pods, other.pods),
});

const times = (count: number, { millicores, gib, pods }: Share): Share => ({
  millicores: count * millicores,
  gib: count * gib,
  pods: Math.ceil(count * pods),
});

/** The data services that run in the application's namespace. */
function shares(system: System, replicas: number | undefined): readonly Share[] {
  const inCluster = <T extends { readonly runs: string }>(elements: readonly T[]) =>
    elements.filter(({ runs }) => runs === "operator");
  return [
    ...inCluster(system.eventBuses).map(({ brokers }) =>
      times(Math.max(1, brokers / 3), SHARES.kafka),
    ),
    ...inCluster(system.databases).map((database) =>
      ofDatabase(database, replicas ?? database.readReplicas ?? 0),
    ),
    ...inCluster(system.caches).map(() => SHARES.redis),
    ...system.appliances.map(({ engine }) => SHARES[engine]),
  ];
}

/** At most: what no alert or panel reads has none. */
function exporters({ databases, caches, eventBuses }: System): Share {
  const elsewhere = [...databases, ...caches].filter(({ runs }) => runs !== "operator");
  return times(elsewhere.length + Math.min(1, eventBuses.length), EXPORTER);
}

/**
 * By default twice what all services request at their maximum, in the sizes of this stack: enough
 * for a rollout of everything at once and for jobs, and a limit for a runaway autoscaler. The
 * runbook's quota, if it has one, but never less than all services need during a rollout. With the
 * exporters; data services in the same namespace are added.
 */
export function quota({
  system,
  scaling,
  postgresReplicas,
}: Pick<Settings, "system" | "scaling"> & Partial<Pick<Settings, "postgresReplicas">>): Quota {
  const own = system.namespaces.quota;
  const usual =
    own === undefined
      ? sumOf([twice(system, scaling), exporters(system)])
      : {
          millicores: own.requests.cpu.millicores,
          gib: inGib(own.requests.memory),
          pods: own.pods,
        };
  const services = largest(sumOf([needed(system, scaling), exporters(system)]), usual);
  const sum = sumOf([services, ...shares(system, postgresReplicas)]);
  return {
    cpu: cores(Math.ceil(sum.millicores / 1000)),
    memory: gib(Math.ceil(sum.gib)),
    pods: sum.pods,
  };
}

/** All services at their maximum, what their rollouts add to it at once, and jobs. */
function needed(system: System, scaling: Settings["scaling"]): Share {
  const all = sumOf(
    system.services.map((service) => {
      const most = scaling[service.name]?.max ?? 1;
      return times(most + surgeOf(most, timingOf(service, system)), podOf(service));
    }),
  );
  return { ...all, pods: all.pods + JOBS };
}

function twice(system: System, scaling: Settings["scaling"]): Share {
  const all = sumOf(
    system.services.map((service) => times(scaling[service.name]?.max ?? 1, podOf(service))),
  );
  return { ...times(2, all), pods: 2 * all.pods + JOBS };
}

/** What one pod of a service requests. */
function podOf({ resources, dapr, sidecars = [] }: Service): Share {
  const containers = [resources, ...sidecars.map((one) => one.resources)];
  return sumOf([
    { millicores: 0, gib: 0, pods: 1 },
    ...(dapr === undefined ? [] : [SIDECAR]),
    ...containers.map(({ requests: { cpu, memory } }) => ({
      millicores: cpu.millicores,
      gib: inGib(memory),
      pods: 0,
    })),
  ]);
}

const sumOf = (all: readonly Share[]): Share =>
  all.reduce(
    (sum, one) => ({
      millicores: sum.millicores + one.millicores,
      gib: sum.gib + one.gib,
      pods: sum.pods + one.pods,
    }),
    { millicores: 0, gib: 0, pods: 0 },
  );
