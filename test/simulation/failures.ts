/** What changes in a system for an alert of its runbook to come close, to fire, and to end. */
import { consumerGroups } from "../../components/observability/conditions";
import type { Alert, Condition, Service } from "../../systems/model";
import {
  certificate,
  failedLabels,
  NODE,
  ownLabels,
  podsOf,
  REQUESTS,
  responses,
  routed,
  type Place,
} from "./healthy";
import { labelsOf, metricOf, series, type Profile } from "./profile";

export type Changes = ReadonlyMap<string, number | "gone">;

/** How far a condition is from its threshold: just below, or just above. */
export interface Bounds {
  readonly below: Changes;
  readonly above: Changes;
}

const NEAR = 0.05;
/** A share or a duration, five per cent to either side. */
const around = (bound: number, change: (value: number) => Changes): Bounds => ({
  below: change(bound * (1 - NEAR)),
  above: change(bound * (1 + NEAR)),
});
/** A count fires above its bound, not at it. */
const counted = (bound: number, change: (value: number) => Changes): Bounds => ({
  below: change(bound),
  above: change(bound + 1),
});
const mirrored = ({ below, above }: Bounds): Bounds => ({ below: above, above: below });

/** Minutes after which a change has had its whole effect: the longest window that is read, and the wait. */
export const minutesOf = ({ condition, for: lasting }: Alert): number => {
  const window = condition.kind === "restarts" ? condition.within.seconds / 60 : 5;
  return window + lasting.seconds / 60 + 5;
};

/** For one service, or for the platform; undefined where the alert has no rule about it. */
export function boundsOf(
  place: Place,
  profile: Profile,
  { condition }: Alert,
  service: Service | undefined,
): Bounds | undefined {
  return service === undefined
    ? ofPlatform(place, profile, condition)
    : ofService(place, profile, condition, service);
}

/** Requests of a service that fail: counted by itself, or by the gateway. */
export function failing(place: Place, service: Service, share: number): Changes {
  const { requests, errors } = place.system.observability.metrics;
  const failed = REQUESTS * share;
  if (service.metrics === "none") {
    return new Map([
      [series("envoy_cluster_upstream_rq_xx", routed(place, service, "2")), REQUESTS - failed],
      [series("envoy_cluster_upstream_rq_xx", routed(place, service, "5")), failed],
    ]);
  }
  return new Map(
    podsOf(service).flatMap((pod) => {
      const labels = ownLabels(place, service, pod);
      const bad = { ...labels, ...failedLabels(place.system) };
      return errors.kind === "counter"
        ? [[series(errors.metric, bad), failed] as const]
        : [
            [series(requests, { ...labels, status: "200" }), REQUESTS - failed] as const,
            [series(requests, bad), failed] as const,
          ];
    }),
  );
}

/** All answers take about as long: those of lower buckets become none. */
function slow(profile: Profile, place: Place, service: Service, seconds: number): Changes {
  const own = service.metrics !== "none";
  const name = own ? place.system.observability.metrics.latency : "envoy_cluster_upstream_rq_time";
  const scale = own ? 1 : 1000;
  const of = own
    ? { service: service.name }
    : { envoy_cluster_name: `${place.namespace}/${service.workload}` };
  return new Map(
    [...profile.keys()]
      .filter((key) => metricOf(key) === `${name}_bucket`)
      .filter((key) => Object.entries(of).every(([label, value]) => labelsOf(key)[label] === value))
      .filter((key) => Number(labelsOf(key)["le"]?.replace("+Inf", "Infinity")) < seconds * scale)
      .map((key) => [key, 0] as const),
  );
}

function ofService(
  place: Place,
  profile: Profile,
  condition: Condition,
  service: Service,
): Bounds | undefined {
  const { namespace } = place;
  const pods = (name: string, more: (pod: string) => object, value: number): Changes =>
    new Map(
      podsOf(service).map((pod) => [
        series(name, { namespace, pod, container: service.container, ...more(pod) }),
        value,
      ]),
    );
  switch (condition.kind) {
    case "errorRate":
      return around(condition.above.value, (share) => failing(place, service, share));
    case "errorsPerSecond": {
      const all = (REQUESTS / 60) * (service.metrics === "none" ? 1 : podsOf(service).length);
      return around(condition.above / all, (share) => failing(place, service, share));
    }
    case "latency":
      // Below, answers stay in the bucket that ends at half of the bound; above, they take twice as long.
      return {
        below: slow(profile, place, service, condition.above.seconds / 2),
        above: slow(profile, place, service, condition.above.seconds * 2),
      };
    case "restarts": {
      const every = condition.within.seconds / 60;
      return counted(condition.above, (count) =>
        pods("kube_pod_container_status_restarts_total", () => ({}), count / every),
      );
    }
    case "gauge":
      return counted(condition.above, (value) =>
        pods(condition.metric, () => ({ service: service.name }), value),
      );
    case "usage":
      return usage(condition, service, pods);
    case "consumerLag":
      return counted(condition.above, (value) => lagging(profile, place, service, value));
    case "processingLag":
      // One event a second is consumed.
      return around(condition.above.seconds, (value) => lagging(profile, place, service, value));
    case "notReady":
      return counted(
        0,
        (missing) =>
          new Map([
            [
              series("kube_deployment_status_replicas_ready", {
                namespace,
                deployment: service.workload,
              }),
              2 - missing,
            ],
          ]),
      );
    default:
      return undefined;
  }
}

function usage(
  { of, above }: Extract<Condition, { kind: "usage" }>,
  { resources: { requests, limits } }: Service,
  pods: (name: string, more: () => object, value: number) => Changes,
): Bounds | undefined {
  if (of === "cpu") {
    const cpu = (limits.cpu ?? requests.cpu).millicores / 1000;
    return around(above.value, (share) =>
      pods("container_cpu_usage_seconds_total", () => ({}), share * cpu * 60),
    );
  }
  return of === "memory"
    ? around(above.value, (share) =>
        pods("container_memory_working_set_bytes", () => ({}), share * limits.memory.bytes),
      )
    : undefined;
}

function lagging(profile: Profile, { system }: Place, { name }: Service, value: number): Changes {
  const groups = consumerGroups(system, name);
  return new Map(
    [...profile.keys()]
      .filter((key) => metricOf(key) === "kafka_consumergroup_lag")
      .filter((key) => groups.includes(labelsOf(key)["consumergroup"] ?? ""))
      .map((key) => [key, value] as const),
  );
}

/** All series of a metric. */
const every = (profile: Profile, metric: string, value: number | "gone"): Changes =>
  new Map(
    [...profile.keys()]
      .filter((key) => metricOf(key) === metric)
      .map((key): readonly [string, number | "gone"] => [key, value]),
  );

const both = (...changes: readonly Changes[]): Changes =>
  new Map(changes.flatMap((each) => [...each]));

function ofPlatform(place: Place, profile: Profile, condition: Condition): Bounds | undefined {
  switch (condition.kind) {
    case "hitRate":
      return mirrored(
        around(condition.below.value, (share) =>
          both(
            every(profile, "redis_keyspace_hits_total", share * 1000),
            every(profile, "redis_keyspace_misses_total", (1 - share) * 1000),
          ),
        ),
      );
    case "lockWait":
      return counted(condition.above, (value) =>
        both(
          every(profile, "pg_stat_activity_count", value),
          every(profile, "cnpg_backends_waiting_total", value),
        ),
      );
    case "usage":
      return condition.of === "disk"
        ? around(
            condition.above.value,
            (used) =>
              new Map([[series("node_filesystem_avail_bytes", { ...NODE }), 100 * (1 - used)]]),
          )
        : condition.of === "connections"
          ? around(condition.above.value, (used) =>
              both(
                every(profile, "pg_stat_database_numbackends", 200 * used),
                every(profile, "cnpg_backends_total", 200 * used),
              ),
            )
          : undefined;
    case "notReady":
      return condition.of === "pods" ? undefined : notReady(place, profile, condition.of);
    case "backupAge": {
      // Before the simulation began.
      const ago = (seconds: number): Changes =>
        every(profile, "kube_cronjob_status_last_successful_time", -seconds);
      return { below: ago(condition.above.seconds - 18_000), above: ago(condition.above.seconds) };
    }
    case "certificateExpiry": {
      const key = series("certmanager_certificate_expiration_timestamp_seconds", {
        ...certificate(place),
      });
      // Its end as a time: the simulation begins at the year 1970.
      const ends = (days: number): Changes => new Map([[key, days]]);
      return {
        below: ends(condition.within.seconds + 86_400),
        above: ends(condition.within.seconds / 2),
      };
    }
    default:
      return undefined;
  }
}

/** The nearest to failure that must not page: one instance, or one broker, of several. */
function notReady(place: Place, profile: Profile, of: "kafka" | "database"): Bounds {
  const { namespace } = place;
  if (of === "kafka") {
    return {
      below: every(profile, "kafka_brokers", 2),
      above: both(
        every(profile, "strimzi_kafka_resource_info", "gone"),
        every(profile, "kafka_brokers", "gone"),
      ),
    };
  }
  return {
    below: new Map<string, number | "gone">(
      place.system.databases.flatMap(({ name }) => {
        const standby = { namespace, pod: `${name}-2` };
        return [
          [series("cnpg_collector_up", standby), 0],
          [series("cnpg_pg_replication_in_recovery", standby), "gone"],
        ] as const;
      }),
    ),
    above: both(
      every(profile, "cnpg_collector_up", 0),
      every(profile, "cnpg_pg_replication_in_recovery", "gone"),
      every(profile, "pg_up", 0),
    ),
  };
}

/** No pod of any service is left: they count nothing, and the gateway answers 503 in their place. */
export function outage(place: Place, profile: Profile): Changes {
  const own = new Set(place.system.services.flatMap(podsOf));
  const silent = [...profile.keys()].filter((key) => own.has(labelsOf(key)["pod"] ?? ""));
  return new Map<string, number | "gone">([
    ...silent.map((key) => [key, "gone"] as const),
    ...every(profile, "kube_deployment_status_replicas_ready", 0),
    ...every(profile, "envoy_cluster_upstream_rq_xx", 0),
    [series("envoy_http_downstream_rq_xx", responses("2")), 0],
    [series("envoy_http_downstream_rq_xx", responses("5")), REQUESTS],
  ]);
}
