import { describe, expect, it } from "vitest";
import type { Alert, Condition, System } from "../../systems/model";
import { todoChatbot } from "../../systems/todo-chatbot";
import { cores, days, hours, milliseconds, minutes, percent, seconds } from "../../systems/units";
import { subjects } from "./conditions";

const alert = (condition: Condition, service?: string): Alert => ({
  clause: { ids: ["X-01"], heading: "Monitoring" },
  name: "Sample",
  condition,
  for: minutes(7),
  severity: "warning",
  ...(service === undefined ? {} : { service }),
  summary: "A summary",
  action: "An action",
});

const expressions = (condition: Condition, service?: string, system: System = todoChatbot) =>
  Object.fromEntries(
    subjects(system, alert(condition, service), { namespace: "ns" }).map((each) => [
      each.service,
      each.expr,
    ]),
  );

const requests = (more: string) =>
  `sum by (service) (rate(http_requests_total{namespace="ns",service="backend"${more}}[5m]))`;
const failed = requests(',status=~"5.."');
const pods = 'namespace="ns",pod=~"todo-chatbot-backend-[a-z0-9]+-[a-z0-9]+"';
const lag = (group: string) =>
  `sum by (consumergroup, topic) (clamp_min(kafka_consumergroup_lag{namespace="ns",consumergroup="${group}"}, 0))`;

describe("conditions of a service", () => {
  it.each<[string, Condition, string]>([
    [
      "errorRate",
      { kind: "errorRate", above: percent(3) },
      `${failed}\n/\n(${requests("")} > 0)\n> 0.03`,
    ],
    ["errorsPerSecond", { kind: "errorsPerSecond", above: 0.1 }, `${failed} > 0.1`],
    [
      "latency",
      { kind: "latency", quantile: percent(99), above: milliseconds(750) },
      'histogram_quantile(0.99, sum by (le, service) (rate(http_request_duration_seconds_bucket{namespace="ns",service="backend"}[5m]))) > 0.75',
    ],
    [
      "restarts",
      { kind: "restarts", above: 5, within: minutes(10) },
      `sum by (namespace, pod) (round(increase(kube_pod_container_status_restarts_total{${pods}}[10m]))) > 5`,
    ],
    [
      "gauge",
      { kind: "gauge", metric: "queue_depth", above: 12 },
      'max by (service, pod) (queue_depth{namespace="ns",service="backend"}) > 12',
    ],
    [
      "memory",
      { kind: "usage", of: "memory", above: percent(80) },
      `sum by (namespace, pod) (container_memory_working_set_bytes{${pods},container="backend"})\n/\nsum by (namespace, pod) (kube_pod_container_resource_limits{${pods},container="backend",resource="memory"})\n> 0.8`,
    ],
    [
      "cpu without a limit",
      { kind: "usage", of: "cpu", above: percent(70) },
      `sum by (namespace, pod) (rate(container_cpu_usage_seconds_total{${pods},container="backend"}[5m]))\n/\nsum by (namespace, pod) (kube_pod_container_resource_requests{${pods},container="backend",resource="cpu"})\n> 0.7`,
    ],
    [
      "pods not ready",
      { kind: "notReady", of: "pods" },
      'kube_deployment_spec_replicas{namespace="ns",deployment="todo-chatbot-backend"}\n-\nkube_deployment_status_replicas_ready{namespace="ns",deployment="todo-chatbot-backend"}\n> 0',
    ],
  ])("%s", (_, condition, expected) => {
    expect(expressions(condition, "backend")).toEqual({ backend: expected });
  });

  it("measures a processor with a limit against that limit", () => {
    const system: System = {
      ...todoChatbot,
      services: todoChatbot.services.map((service) => ({
        ...service,
        resources: {
          ...service.resources,
          limits: { ...service.resources.limits, cpu: cores(2) },
        },
      })),
    };
    const condition: Condition = { kind: "usage", of: "cpu", above: percent(70) };
    expect(expressions(condition, "backend", system)["backend"]).toContain(
      `kube_pod_container_resource_limits{${pods},container="backend",resource="cpu"}`,
    );
  });

  it("counts failures with the system's own counter, if it has one", () => {
    const { metrics } = todoChatbot.observability;
    const system: System = {
      ...todoChatbot,
      observability: {
        ...todoChatbot.observability,
        metrics: { ...metrics, errors: { kind: "counter", metric: "request_errors_total" } },
      },
    };
    expect(expressions({ kind: "errorsPerSecond", above: 2 }, "backend", system)).toEqual({
      backend:
        'sum by (service) (rate(request_errors_total{namespace="ns",service="backend"}[5m])) > 2',
    });
  });

  it("applies to every service if the alert names none", () => {
    expect(Object.keys(expressions({ kind: "errorRate", above: percent(1) }))).toEqual([
      "backend",
      "frontend",
      "websocket",
      "recurring-task",
      "notification",
    ]);
  });
});

describe("conditions of consumers", () => {
  it("queries only each consumer's own groups", () => {
    expect(expressions({ kind: "consumerLag", above: 100 })).toEqual({
      websocket: `${lag("websocket-service")} > 100`,
      "recurring-task": `${lag("recurring-task-service")} > 100`,
      notification: `${lag("notification-service")} > 100`,
    });
  });

  it("estimates an age from the lag and the consumption rate", () => {
    expect(expressions({ kind: "processingLag", above: seconds(45) }, "notification")).toEqual({
      notification: `${lag("notification-service")}\n/\nsum by (consumergroup, topic) (rate(kafka_consumergroup_current_offset{namespace="ns",consumergroup="notification-service"}[5m]))\n> 45`,
    });
  });
});

describe("conditions of the platform", () => {
  const operated: System = {
    ...todoChatbot,
    eventBuses: todoChatbot.eventBuses.map((bus) => ({ ...bus, runs: "operator" as const })),
    databases: todoChatbot.databases.map((one) => ({ ...one, runs: "operator" as const })),
  };

  it.each<[string, Condition, Record<string, string>, System]>([
    [
      "certificateExpiry",
      { kind: "certificateExpiry", within: days(3) },
      {
        edge: 'min by (namespace, name) (certmanager_certificate_expiration_timestamp_seconds{name="todo-chatbot-tls"} > 0) - time() < 259200',
      },
      todoChatbot,
    ],
    [
      "hitRate",
      { kind: "hitRate", below: percent(70) },
      {
        cache:
          'sum(rate(redis_keyspace_hits_total{namespace="ns"}[5m]))\n/\n(\n  (sum(rate(redis_keyspace_hits_total{namespace="ns"}[5m])) + sum(rate(redis_keyspace_misses_total{namespace="ns"}[5m]))) > 0\n)\n< 0.7',
      },
      todoChatbot,
    ],
    [
      "lockWait",
      { kind: "lockWait", above: 4 },
      {
        database: 'sum(pg_stat_activity_count{namespace="ns",wait_event_type="Lock"}) > 4',
      },
      todoChatbot,
    ],
    [
      "connections",
      { kind: "usage", of: "connections", above: percent(80) },
      {
        database:
          'sum by (instance) (pg_stat_database_numbackends{namespace="ns"})\n/\nmax by (instance) (pg_settings_max_connections{namespace="ns"})\n> 0.8',
      },
      todoChatbot,
    ],
    [
      "disk",
      { kind: "usage", of: "disk", above: percent(85) },
      {
        nodes:
          '1 - node_filesystem_avail_bytes{fstype!~"tmpfs|overlay|squashfs|ramfs|iso9660",mountpoint!~"/boot.*"} / node_filesystem_size_bytes{fstype!~"tmpfs|overlay|squashfs|ramfs|iso9660",mountpoint!~"/boot.*"} > 0.85\nor\nkubelet_volume_stats_used_bytes{namespace="ns"} / kubelet_volume_stats_capacity_bytes{namespace="ns"} > 0.85',
      },
      todoChatbot,
    ],
    [
      "managed Kafka",
      { kind: "notReady", of: "kafka" },
      { kafka: '(min(kafka_brokers{namespace="ns"}) or on () vector(0)) < 2' },
      todoChatbot,
    ],
    [
      "Kafka by Strimzi",
      { kind: "notReady", of: "kafka" },
      {
        kafka:
          'absent(strimzi_kafka_resource_info{namespace="ns",ready="True"})\nunless on () absent(kube_deployment_spec_replicas{namespace="ns"})',
      },
      operated,
    ],
    [
      "a database",
      { kind: "notReady", of: "database" },
      { database: 'max by (instance) (pg_up{namespace="ns"}) < 1' },
      todoChatbot,
    ],
    [
      "a database by CloudNativePG",
      { kind: "notReady", of: "database" },
      {
        database:
          '(count(cnpg_pg_replication_in_recovery{namespace="ns",pod=~"neon-[0-9]+"} == 0) or on () vector(0)) < 1',
      },
      operated,
    ],
    [
      "connections by CloudNativePG",
      { kind: "usage", of: "connections", above: percent(80) },
      {
        database:
          'sum by (pod) (cnpg_backends_total{namespace="ns"})\n/\nmax by (pod) (cnpg_pg_settings_setting{namespace="ns",name="max_connections"})\n> 0.8',
      },
      operated,
    ],
    [
      "lockWait by CloudNativePG",
      { kind: "lockWait", above: 4 },
      { database: 'sum(cnpg_backends_waiting_total{namespace="ns"}) > 4' },
      operated,
    ],
    [
      "backupAge",
      { kind: "backupAge", of: "neon", above: hours(5) },
      {
        neon: [
          'time() - max by (namespace, cronjob) (kube_cronjob_status_last_successful_time{namespace="ns",cronjob="neon-dump"}) > 18000',
          'or\n(time() - (max by (namespace, cronjob) (kube_cronjob_created{namespace="ns",cronjob="neon-dump"}) unless max by (namespace, cronjob) (kube_cronjob_status_last_successful_time{namespace="ns",cronjob="neon-dump"}))) > 18000',
          'or\nabsent(kube_cronjob_created{namespace="ns",cronjob="neon-dump"}) unless on () absent(kube_deployment_spec_replicas{namespace="ns"})',
        ].join("\n"),
      },
      todoChatbot,
    ],
  ])("%s", (_, condition, expected, system) => {
    expect(expressions(condition, undefined, system)).toEqual(expected);
  });

  it("a database that follows another has no primary: any instance that answers is enough", () => {
    const condition: Condition = { kind: "notReady", of: "database" };
    expect(subjects(operated, alert(condition), { namespace: "ns", follows: true })).toEqual([
      {
        service: "database",
        expr: '(max(cnpg_collector_up{namespace="ns",pod=~"neon-[0-9]+"}) or on () vector(0)) < 1',
      },
    ]);
  });

  it("of a service without metrics are read at the gateway, and a gauge of it nowhere", () => {
    const routed = 'envoy_cluster_upstream_rq_xx{envoy_cluster_name="ns/todo-chatbot-frontend"';
    const rate = (more: string): string =>
      `label_replace(sum(rate(${routed}${more}}[5m])), "service", "frontend", "", "")`;
    expect(expressions({ kind: "errorRate", above: percent(2) }, "frontend")).toEqual({
      frontend: `${rate(',envoy_response_code_class="5"')}\n/\n(${rate("")} > 0)\n> 0.02`,
    });
    expect(
      expressions({ kind: "latency", quantile: percent(95), above: seconds(3) }, "frontend"),
    ).toEqual({
      frontend:
        'histogram_quantile(0.95, sum by (le) (rate(envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name="ns/todo-chatbot-frontend"}[5m]))) / 1000 > 3',
    });
    expect(expressions({ kind: "gauge", metric: "depth", above: 3 }, "frontend")).toEqual({});
  });
});
