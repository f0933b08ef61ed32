/** A healthy system: every series that its rules read, with the values of an ordinary day. */
import type { Exporter } from "../../lib/exporters";
import { metricNames, readPromql } from "../../lib/promql";
import { isRouted } from "../../systems/metrics";
import type { Service, System } from "../../systems/model";
import { labelsOf, metricOf, series, type Exported, type Profile } from "./profile";

type Labels = Readonly<Record<string, string>>;
type Row = readonly [name: string, labels: Labels, kind: Exported["kind"], value: number];

/** Requests a minute of each pod, and through the gateway. */
export const REQUESTS = 600;
/** Of any histogram: seconds, or milliseconds. */
const BOUNDS = ["0.05", "0.2", "0.25", "0.5", "0.75", "1.0", "2.0", "3.0", "5.0", "30.0", "+Inf"];
const MILLISECONDS = ["5", "50", "250", "500", "1000", "3000", "5000", "10000", "+Inf"];

export interface Place {
  readonly system: System;
  readonly namespace: string;
  /** Whether its databases follow another environment's: none is a primary. */
  readonly follows: boolean;
  /** Those of the plan. */
  readonly cronJobs: readonly string[];
}

/** The pods of a service: one stands for all, because a day of every series takes promtool half a minute. */
export const podsOf = ({ workload }: Service): readonly string[] =>
  ["a"].map((pod) => `${workload}-5d9c7-${pod}`);

export function healthy(place: Place): Profile {
  const { system, namespace, cronJobs } = place;
  const rows: readonly Row[] = [
    ...system.services.flatMap((service) => [
      ...(service.metrics === "none" ? [] : ownRows(place, service)),
      ...kubernetesRows(place, service),
      ...(service.dapr === undefined ? [] : sidecarRows(place, service)),
    ]),
    ...gatewayRows(place),
    ...dataRows(place),
    ...platformRows(place),
    ...cronJobs.flatMap((cronjob): readonly Row[] => [
      ["kube_cronjob_created", { namespace, cronjob }, "gauge", 0],
      ["kube_cronjob_status_last_successful_time", { namespace, cronjob }, "gauge", 0],
    ]),
  ];
  return new Map(
    rows.map(([name, labels, kind, value]) => [series(name, labels), { kind, value }]),
  );
}

/** Everything is answered within the lowest bound. */
const histogram = (
  name: string,
  labels: Labels,
  bounds: readonly string[],
  each: number,
): Row[] => [
  ...bounds.map((le): Row => [`${name}_bucket`, { ...labels, le }, "counter", each]),
  [`${name}_count`, labels, "counter", each],
  [`${name}_sum`, labels, "counter", each / 100],
];

/** The labels that the errors' matcher asks for: `status=~"5.."` is status 500. */
export function failedLabels({ observability }: System): Labels {
  const { errors, requests } = observability.metrics;
  if (errors.kind === "counter") return {};
  const [selector] = readPromql(`${requests}{${errors.matcher}}`).selectors;
  return Object.fromEntries(
    (selector?.matchers ?? []).map(({ label, value }) => [label, value.replaceAll(".", "0")]),
  );
}

export const ownLabels = ({ namespace }: Place, service: Service, pod: string): Labels => ({
  namespace,
  pod,
  container: service.container,
  service: service.name,
});

function ownRows(place: Place, service: Service): readonly Row[] {
  const { requests, errors, latency, eventLatency, others } = place.system.observability.metrics;
  return podsOf(service).flatMap((pod): readonly Row[] => {
    const labels = ownLabels(place, service, pod);
    const failed = errors.kind === "counter" ? errors.metric : requests;
    return [
      ["up", labels, "gauge", 1],
      [requests, { ...labels, status: "200" }, "counter", REQUESTS],
      [failed, { ...labels, ...failedLabels(place.system) }, "counter", 0],
      ...histogram(latency, labels, BOUNDS, REQUESTS),
      ...(eventLatency === undefined || eventLatency.metric.startsWith("dapr_")
        ? []
        : histogram(eventLatency.metric, labels, BOUNDS, 60)),
      ...others.map((name): Row => [name, labels, "gauge", 1]),
    ];
  });
}

function kubernetesRows({ namespace }: Place, service: Service): readonly Row[] {
  const { requests, limits } = service.resources;
  const deployment = { namespace, deployment: service.workload };
  const cpu = requests.cpu.millicores / 1000;
  const memory = limits.memory.bytes;
  return [
    ["kube_deployment_spec_replicas", deployment, "gauge", 2],
    ["kube_deployment_status_replicas_ready", deployment, "gauge", 2],
    ...podsOf(service).flatMap((pod): readonly Row[] => {
      const labels = { namespace, pod, container: service.container };
      const bound = (of: string): Labels => ({ ...labels, resource: of });
      return [
        ["kube_pod_container_status_restarts_total", labels, "counter", 0],
        ["kube_pod_container_resource_requests", bound("cpu"), "gauge", cpu],
        [
          "kube_pod_container_resource_limits",
          bound("cpu"),
          "gauge",
          (limits.cpu?.millicores ?? 0) / 1000,
        ],
        ["kube_pod_container_resource_limits", bound("memory"), "gauge", memory],
        ["container_cpu_usage_seconds_total", labels, "counter", cpu * 0.3 * 60],
        ["container_memory_working_set_bytes", labels, "gauge", memory * 0.3],
      ];
    }),
  ];
}

const sidecarRows = (place: Place, service: Service): readonly Row[] =>
  podsOf(service).flatMap((pod): readonly Row[] => {
    const labels = { ...ownLabels(place, service, pod), container: "daprd" };
    return [
      ["up", labels, "gauge", 1],
      ["dapr_runtime_component_loaded", labels, "counter", 0],
      ...histogram("dapr_component_pubsub_ingress_latencies", labels, MILLISECONDS, 60),
    ];
  });

/** By response class: what failed is 5. */
export const responses = (code: "2" | "5"): Labels => ({
  namespace: "envoy-gateway-system",
  pod: "envoy-a",
  envoy_http_conn_manager_prefix: "https-10443",
  envoy_response_code_class: code,
});

export const routed = ({ namespace }: Place, { workload }: Service, code: "2" | "5"): Labels => ({
  namespace: "envoy-gateway-system",
  pod: "envoy-a",
  envoy_cluster_name: `${namespace}/${workload}`,
  envoy_response_code_class: code,
});

function gatewayRows(place: Place): readonly Row[] {
  const { system } = place;
  const services = system.services.filter((service) => isRouted(system, service));
  return [
    ["envoy_server_live", { namespace: "envoy-gateway-system", pod: "envoy-a" }, "gauge", 1],
    ["envoy_http_downstream_rq_xx", responses("2"), "counter", REQUESTS],
    ["envoy_http_downstream_rq_xx", responses("5"), "counter", 0],
    ...services.flatMap((service): readonly Row[] => {
      const { envoy_response_code_class: code, ...labels } = routed(place, service, "2") as Record<
        string,
        string
      >;
      return [
        [
          "envoy_cluster_upstream_rq_xx",
          { ...labels, envoy_response_code_class: code ?? "" },
          "counter",
          REQUESTS,
        ],
        ["envoy_cluster_upstream_rq_xx", routed(place, service, "5"), "counter", 0],
        ...histogram("envoy_cluster_upstream_rq_time", labels, MILLISECONDS, REQUESTS),
      ];
    }),
  ];
}

function dataRows({ system, namespace, follows }: Place): readonly Row[] {
  const here = (instance: string): Labels => ({ namespace, instance });
  const operated = (pod: string): Labels => ({ namespace, pod });
  return [
    ...system.databases.flatMap(({ name, runs }): readonly Row[] =>
      runs === "operator"
        ? [`${name}-1`, `${name}-2`].flatMap((pod, index): readonly Row[] => [
            ["cnpg_collector_up", operated(pod), "gauge", 1],
            ["cnpg_pg_replication_in_recovery", operated(pod), "gauge", follows ? 1 : index],
            ["cnpg_backends_total", operated(pod), "gauge", 20],
            ["cnpg_backends_waiting_total", operated(pod), "gauge", 0],
            ["cnpg_pg_stat_archiver_last_failed_time", operated(pod), "gauge", -1],
            // A file each minute.
            ["cnpg_pg_stat_archiver_last_archived_time", operated(pod), "counter", 60],
            [
              "cnpg_collector_pg_wal_archive_status",
              { ...operated(pod), value: "ready" },
              "gauge",
              1,
            ],
            // The day begins with one, and the next is due when it ends.
            [
              "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp",
              operated(pod),
              "gauge",
              1,
            ],
            [
              "cnpg_pg_settings_setting",
              { ...operated(pod), name: "max_connections" },
              "gauge",
              200,
            ],
          ])
        : [
            ["pg_up", here(name), "gauge", 1],
            ["pg_stat_database_numbackends", { ...here(name), datname: "app" }, "gauge", 20],
            ["pg_settings_max_connections", here(name), "gauge", 200],
            ["pg_stat_activity_count", { ...here(name), wait_event_type: "Lock" }, "gauge", 0],
          ],
    ),
    ...system.caches.flatMap(({ name }): readonly Row[] => [
      ["redis_up", here(name), "gauge", 1],
      ["redis_keyspace_hits_total", here(name), "counter", 900],
      ["redis_keyspace_misses_total", here(name), "counter", 100],
    ]),
    ...system.eventBuses.flatMap(({ name, brokers, topics }): readonly Row[] => [
      ["kafka_brokers", here(name), "gauge", brokers],
      ["strimzi_kafka_resource_info", { namespace, name, ready: "True" }, "gauge", 1],
      ["kafka_server_replicamanager_partitioncount", { namespace, pod: `${name}-0` }, "gauge", 12],
      ...topics.flatMap((topic): readonly Row[] => {
        const partition = { namespace, topic: topic.name, partition: "0" };
        return [
          ["kafka_topic_partition_current_offset", partition, "counter", 60],
          ...topic.consumers.flatMap(({ group }): readonly Row[] => {
            const labels = { ...partition, consumergroup: group };
            return [
              ["kafka_consumergroup_lag", labels, "gauge", 5],
              ["kafka_consumergroup_current_offset", labels, "counter", 60],
            ];
          }),
        ];
      }),
    ]),
  ];
}

const DAY = 86_400;
export const NODE: Labels = { instance: "node-1", device: "vda1", fstype: "ext4", mountpoint: "/" };
export const volume = ({ namespace }: Place): Labels => ({
  namespace,
  persistentvolumeclaim: "data-0",
});
export const scaler = ({ namespace }: Place): Labels => ({
  namespace,
  scaledObject: "worker",
  scaler: "kafkaScaler",
});
export const externalSecret = ({ namespace }: Place): Labels => ({
  namespace,
  name: "application",
  condition: "Ready",
  status: "False",
});
export const RECORDS: Labels = { pod: "external-dns-a" };
export const certificate = ({ system, namespace }: Place): Labels => ({
  namespace,
  name: system.edge.certificate.name,
});

const platformRows = (place: Place): readonly Row[] => [
  ["node_filesystem_avail_bytes", NODE, "gauge", 80],
  ["node_filesystem_size_bytes", NODE, "gauge", 100],
  ["kubelet_volume_stats_used_bytes", volume(place), "gauge", 20],
  ["kubelet_volume_stats_capacity_bytes", volume(place), "gauge", 100],
  ["kubelet_running_pods", { instance: "node-1" }, "gauge", 30],
  ["certmanager_clock_time_seconds_gauge", { pod: "cert-manager-a" }, "counter", 60],
  ["keda_build_info", { pod: "keda-operator-a" }, "gauge", 1],
  ["keda_scaler_detail_errors_total", scaler(place), "counter", 0],
  ["externalsecret_status_condition", externalSecret(place), "gauge", 0],
  ["external_dns_controller_last_sync_timestamp_seconds", RECORDS, "counter", 60],
  ["certmanager_certificate_expiration_timestamp_seconds", certificate(place), "gauge", 90 * DAY],
  // Of a host that waits for its certificate: it has none that could end.
  [
    "certmanager_certificate_expiration_timestamp_seconds",
    { ...certificate(place), namespace: "waiting" },
    "gauge",
    0,
  ],
  ["dapr_sentry_issuercert_expiry_timestamp", { pod: "dapr-sentry-0" }, "gauge", 365 * DAY],
];

/** The series of an exporter. */
export const seriesOf = (profile: Profile, exporter: Exporter): readonly string[] =>
  [...profile.keys()].filter((key) => Object.hasOwn(exporter.metrics, metricOf(key)));

/** Only what expressions read: promtool carries every series through every minute. */
export function readBy(expressions: readonly string[], profile: Profile): Profile {
  const read = new Set(expressions.flatMap((one) => metricNames(readPromql(one))));
  return new Map([...profile].filter(([key]) => read.has(metricOf(key))));
}

/** The selectors of an expression that no series of the profile, and no recording rule, fits. */
export const unfulfilled = (
  expression: string,
  profile: Profile,
  recorded: ReadonlySet<string>,
): readonly string[] =>
  readPromql(expression)
    .selectors.filter(({ metric = "" }) => !recorded.has(metric))
    .filter(
      ({ metric, matchers }) =>
        ![...profile.keys()].some(
          (key) =>
            metricOf(key) === metric &&
            matchers.every(({ label, operator, value }) => {
              const found = labelsOf(key)[label] ?? "";
              const same = operator.endsWith("~")
                ? new RegExp(`^(?:${value})$`).test(found)
                : found === value;
              return same === !operator.startsWith("!");
            }),
        ),
    )
    .map(({ metric = "", matchers }) => `${metric} ${JSON.stringify(matchers)}`);
