/** The key facts about a resource: a few words per type, from its inputs. */
import type { PlannedResource, PlanValue } from "../offline/plan";
import { AWS, GOOGLE, IN_CLUSTER } from "./facts-clouds";
import { at, brief, keysAt, listAt, stringAt } from "./values";

/** Facts in order of importance; `undefined` for facts that the inputs do not contain. */
type Facts = (inputs: PlanValue) => readonly (string | undefined)[];

const DO = "digitalocean:index/";

/** `3 replicas`, or undefined if there is no number to show. */
function count(value: PlanValue | undefined, one: string): string | undefined {
  const text = brief(value);
  return text === undefined ? undefined : `${text} ${one}${text === "1" ? "" : "s"}`;
}

const labelled = (label: string, value: PlanValue | undefined): string | undefined => {
  const text = brief(value);
  return text === undefined ? undefined : `${label} ${text}`;
};

const range = (from: PlanValue | undefined, to: PlanValue | undefined): string | undefined =>
  from === undefined && to === undefined ? undefined : `${brief(from) ?? "1"}–${brief(to) ?? "?"}`;

const several = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/**
 * The end of an image reference that identifies the version: `backend:1.4.2`, `backend@sha256:0123456`.
 */
function image(value: PlanValue | undefined): string | undefined {
  const text = brief(value)?.split("/").at(-1);
  return text?.replace(/(@sha256:[0-9a-f]{7})[0-9a-f]+/, "$1");
}

const workload: Facts = (inputs) => [
  count(at(inputs, "spec", "replicas"), "replica"),
  image(at(inputs, "spec", "template", "spec", "containers", 0, "image")),
];

const ports = (inputs: PlanValue): string | undefined => {
  const all = listAt(inputs, "spec", "ports").flatMap((port) => brief(at(port, "port")) ?? []);
  return all.length === 0 ? undefined : all.map((port) => `:${port}`).join(" ");
};

const keys: Facts = (inputs) => [
  several(
    new Set([...keysAt(inputs, "data"), ...keysAt(inputs, "stringData")]).size,
    "key",
  ).replace(/^0 keys$/, ""),
];

const hostnames: Facts = (inputs) => [
  listAt(inputs, "spec", "hostnames")
    .flatMap((h) => brief(h) ?? [])
    .join(" "),
];

const DATA_STORES: Readonly<Record<string, Facts>> = {
  [`${DO}databaseCluster:DatabaseCluster`]: (inputs) => [
    [brief(at(inputs, "engine")), brief(at(inputs, "version"))].filter(Boolean).join(" "),
    count(at(inputs, "nodeCount"), "node"),
    brief(at(inputs, "size")),
  ],
  [`${DO}databaseKafkaTopic:DatabaseKafkaTopic`]: (inputs) => [
    count(at(inputs, "partitionCount"), "partition"),
    labelled("RF", at(inputs, "replicationFactor")),
    labelled("min ISR", at(inputs, "configs", 0, "minInsyncReplicas")),
  ],
  [`${DO}databaseFirewall:DatabaseFirewall`]: (inputs) => [
    several(listAt(inputs, "rules").length, "rule"),
  ],
};

const CLOUD: Readonly<Record<string, Facts>> = {
  ...AWS,
  ...GOOGLE,
  ...DATA_STORES,
  [`${DO}vpc:Vpc`]: (inputs) => [brief(at(inputs, "ipRange")), brief(at(inputs, "region"))],
  [`${DO}kubernetesCluster:KubernetesCluster`]: (inputs) => [
    labelled("version", at(inputs, "version")),
    at(inputs, "ha") === true ? "HA" : undefined,
    nodes(at(inputs, "nodePool")),
    brief(at(inputs, "region")),
  ],
  [`${DO}kubernetesNodePool:KubernetesNodePool`]: (inputs) => [nodes(inputs)],
  [`${DO}dnsRecord:DnsRecord`]: (inputs) => [
    [brief(at(inputs, "type")), brief(at(inputs, "name"))].filter(Boolean).join(" "),
  ],
};

function nodes(pool: PlanValue | undefined): string | undefined {
  const number = range(at(pool, "minNodes"), at(pool, "maxNodes")) ?? brief(at(pool, "nodeCount"));
  const size = brief(at(pool, "size"));
  if (number === undefined) return size;
  return size === undefined ? `${number} nodes` : `${number} × ${size}`;
}

const KUBERNETES: Readonly<Record<string, Facts>> = {
  ...IN_CLUSTER,
  Deployment: workload,
  StatefulSet: workload,
  DaemonSet: workload,
  Release: (inputs) => [
    [brief(at(inputs, "chart"))?.split("/").at(-1), brief(at(inputs, "version"))]
      .filter(Boolean)
      .join(" "),
    labelled("in", at(inputs, "namespace")),
  ],
  HorizontalPodAutoscaler: (inputs) => [
    `${range(at(inputs, "spec", "minReplicas"), at(inputs, "spec", "maxReplicas")) ?? "?"} replicas`,
  ],
  ScaledObject: (inputs) => [
    `${range(at(inputs, "spec", "minReplicaCount"), at(inputs, "spec", "maxReplicaCount")) ?? "?"} replicas`,
    several(listAt(inputs, "spec", "triggers").length, "trigger"),
  ],
  PodDisruptionBudget: (inputs) => [
    labelled("min available", at(inputs, "spec", "minAvailable")),
    labelled("max unavailable", at(inputs, "spec", "maxUnavailable")),
  ],
  Service: (inputs) => [
    ports(inputs),
    at(inputs, "spec", "type") === "ClusterIP" ? undefined : brief(at(inputs, "spec", "type")),
  ],
  Namespace: (inputs) => [
    brief(at(inputs, "metadata", "labels", "pod-security.kubernetes.io/enforce")),
  ],
  CronJob: (inputs) => [stringAt(inputs, "spec", "schedule")],
  PersistentVolumeClaim: (inputs) => [
    brief(at(inputs, "spec", "resources", "requests", "storage")),
  ],
  ConfigMap: keys,
  Secret: keys,
  Component: (inputs) => [brief(at(inputs, "spec", "type"))],
  Subscription: (inputs) => [
    labelled("topic", at(inputs, "spec", "topic")),
    labelled("to", at(inputs, "scopes", 0)),
  ],
  HTTPRoute: hostnames,
  Gateway: (inputs) => [
    [
      ...new Set(
        listAt(inputs, "spec", "listeners").flatMap((one) => brief(at(one, "hostname")) ?? []),
      ),
    ].join(" "),
  ],
  Certificate: (inputs) => [
    listAt(inputs, "spec", "dnsNames")
      .flatMap((name) => brief(name) ?? [])
      .join(" "),
  ],
  PrometheusRule: (inputs) => [
    several(
      listAt(inputs, "spec", "groups").reduce(
        (sum: number, g) => sum + listAt(g, "rules").length,
        0,
      ),
      "rule",
    ),
  ],
  Role: (inputs) => [several(listAt(inputs, "rules").length, "rule")],
  ClusterRole: (inputs) => [several(listAt(inputs, "rules").length, "rule")],
};

/** Whether all words occur among the others, in the same order. */
function isSaid(words: readonly string[], others: readonly string[]): boolean {
  let from = 0;
  return words.every((word) => {
    const at = others.indexOf(word, from);
    from = at + 1;
    return at >= 0;
  });
}

/** The object's name for `kubectl`, unless the resource's own name already contains its words. */
function objectName({ type, name, inputs }: PlannedResource): string | undefined {
  const called = type.startsWith("kubernetes:") ? stringAt(inputs, "metadata", "name") : undefined;
  if (called === undefined) return undefined;
  return isSaid(called.split("-"), name.split("-")) ? undefined : called;
}

/** Words about a resource, most important first. */
export function factsOf(resource: PlannedResource): readonly string[] {
  const { type, inputs } = resource;
  const inKubernetes = type.startsWith("kubernetes:");
  const table = inKubernetes ? KUBERNETES : CLOUD;
  const key = inKubernetes ? (type.split(":").at(-1) ?? "") : type;
  const facts = Object.hasOwn(table, key) ? table[key] : undefined;
  return [...(facts?.(inputs) ?? []), objectName(resource)].filter(
    (fact): fact is string => fact !== undefined && fact !== "",
  );
}
