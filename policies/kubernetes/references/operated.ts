/**
 * The labels that well-known operators give to the pods that they run: all of them, from their sources. Those of other
 * kinds, of which not all labels are known, are in runners.ts.
 */
import type { Value } from "../../values";
import { SOME, passedOn, some, type Labels } from "./labels";

/** @param name of the object */
export type Runner = (props: Value, name: string | typeof SOME) => readonly Labels[];

/** Components whose resources are named otherwise. */
const PART: Readonly<Record<string, string>> = {
  "kafka-connect": "connect",
  "kafka-mirror-maker-2": "mirrormaker2",
  "kafka-bridge": "bridge",
};

/** https://strimzi.io/docs/operators/latest/deploying: `ResourceLabels` of the operator. */
export const strimzi =
  (kind: string, ...names: readonly string[]): Runner =>
  (props, name) => {
    const templates = [
      "kafka",
      "zookeeper",
      "entityOperator",
      "kafkaExporter",
      "cruiseControl",
      "",
    ].map((part) => [
      ...(part === "" ? ["spec"] : ["spec", part]),
      "template",
      "pod",
      "metadata",
      "labels",
    ]);
    return names.map((component) => ({
      ...passedOn(props, ["metadata", "labels"], ...templates),
      "strimzi.io/cluster": name,
      "strimzi.io/kind": kind,
      "strimzi.io/name":
        typeof name === "string" ? `${name}-${PART[component] ?? component}` : SOME,
      ...some("strimzi.io/component-type", "strimzi.io/controller"),
      ...some("strimzi.io/controller-name", "strimzi.io/pod-name", "strimzi.io/pool-name"),
      ...some("strimzi.io/broker-role", "strimzi.io/controller-role"),
      "app.kubernetes.io/name": component,
      "app.kubernetes.io/instance": name,
      "app.kubernetes.io/part-of": typeof name === "string" ? `strimzi-${name}` : SOME,
      "app.kubernetes.io/managed-by": "strimzi-cluster-operator",
    }));
  };

/** https://cloudnative-pg.io/documentation/current/labels_annotations/ */
export const cloudNativePg: Runner = (props, name) => [
  {
    ...passedOn(props, ["metadata", "labels"], ["spec", "inheritedMetadata", "labels"]),
    "cnpg.io/cluster": name,
    "app.kubernetes.io/managed-by": "cloudnative-pg",
    "app.kubernetes.io/name": "postgresql",
    "app.kubernetes.io/component": "database",
    "app.kubernetes.io/instance": name,
    "cnpg.io/podRole": "instance",
    ...some("cnpg.io/instanceName", "cnpg.io/instanceRole", "cnpg.io/jobRole"),
    ...some("role", "app.kubernetes.io/version"),
  },
];

export const pooler: Runner = (props, name) => [
  {
    ...passedOn(props, ["spec", "template", "metadata", "labels"]),
    "cnpg.io/poolerName": name,
    "cnpg.io/podRole": "pooler",
    "cnpg.io/cluster": props.get("spec", "cluster", "name").string ?? SOME,
    "app.kubernetes.io/managed-by": "cloudnative-pg",
    // `pkg/specs/pgbouncer/deployments.go`
    "app.kubernetes.io/name": "postgresql",
    "app.kubernetes.io/component": "pooler",
    "app.kubernetes.io/instance": props.get("spec", "cluster", "name").string ?? SOME,
  },
];

/** The proxies of Envoy Gateway, and those of Istio and others, whose class is not always known. */
export const gateway: Runner = (props, name) => [
  {
    ...passedOn(props, ["spec", "infrastructure", "labels"]),
    "gateway.envoyproxy.io/owning-gateway-name": name,
    "gateway.envoyproxy.io/owning-gateway-namespace":
      props.get("metadata", "namespace").string ?? SOME,
    "gateway.envoyproxy.io/owning-gatewayclass": SOME,
    "app.kubernetes.io/name": "envoy",
    "app.kubernetes.io/component": "proxy",
    "app.kubernetes.io/managed-by": "envoy-gateway",
  },
  {
    ...passedOn(props, ["metadata", "labels"], ["spec", "infrastructure", "labels"]),
    ...some("istio.io/gateway-name"),
    "gateway.networking.k8s.io/gateway-name": name,
  },
];

/** The labels that it gives to proxies besides their own. */
const further = (props: Value): Labels =>
  passedOn(
    props,
    ...["envoyDeployment", "envoyDaemonSet"].map((kind) => [
      ...["spec", "provider", "kubernetes"],
      kind,
      "pod",
      "labels",
    ]),
  );

/** The proxies of Envoy Gateway that an EnvoyProxy is about. */
export const proxies: Runner = (props) => {
  const owner = ["name", "namespace"].map((part) => `gateway.envoyproxy.io/owning-gateway-${part}`);
  const pods: Labels = {
    ...further(props),
    ...some(...owner, "gateway.envoyproxy.io/owning-gatewayclass"),
    "app.kubernetes.io/name": "envoy",
    "app.kubernetes.io/component": "proxy",
    "app.kubernetes.io/managed-by": "envoy-gateway",
  };
  return [pods];
};

/** The proxies' pods, if the EnvoyProxy adds labels to them. Without any, they have the labels of the Gateway. */
export const proxy: Runner = (props, name) =>
  Object.keys(further(props)).length === 0 ? [] : proxies(props, name);

/** Members of a pool have the labels of their Kafka's. */
export const pool: Runner = (props, name) =>
  strimzi("Kafka", "kafka")(
    props,
    props.get("metadata", "labels", "strimzi.io/cluster").string ?? SOME,
  ).map((labels) => ({
    ...labels,
    ...passedOn(props, ["spec", "template", "pod", "metadata", "labels"]),
    "strimzi.io/pool-name": name,
  }));
