/**
 * What well-known Helm charts install: the names of their Services and the labels of their pods. Of every other chart
 * nothing is known.
 */
import { typeKey, type StackResource } from "../../policy";
import type { Value } from "../../values";
import { SOME, some, type Labels } from "./labels";

const CHARTS: ReadonlySet<string> = new Set([
  "kubernetes:helm.sh:Release",
  "kubernetes:helm.sh:Chart",
]);

interface Chart {
  /** Values of `app.kubernetes.io/name` of its pods. */
  readonly pods: string;
  /** Values of the label `app`, which older charts use. */
  readonly apps?: string;
  /** Its Services; `%` stands for the chart's full name. */
  readonly services: string;
  /** Further labels of all of its pods, with any value. */
  readonly labels?: string;
}

/** Chart → what it installs, from its templates at the versions in versions.ts, with default values. */
const KNOWN: Readonly<Record<string, Chart>> = {
  "aws-load-balancer-controller": {
    pods: "aws-load-balancer-controller",
    services: "aws-load-balancer-webhook-service",
  },
  "cert-manager": {
    pods: "cert-manager webhook cainjector startupapicheck",
    apps: "cert-manager webhook cainjector startupapicheck",
    services: "% %-webhook %-cainjector",
  },
  "cloudnative-pg": { pods: "cloudnative-pg", services: "cnpg-webhook-service" },
  "cluster-autoscaler": { pods: "aws-cluster-autoscaler cluster-autoscaler", services: "%" },
  dapr: {
    pods: "dapr",
    apps: "dapr-operator dapr-placement-server dapr-scheduler-server dapr-sentry dapr-sidecar-injector",
    services:
      "dapr-api dapr-placement-server dapr-scheduler-server dapr-scheduler-server-a dapr-sentry dapr-sidecar-injector dapr-webhook",
  },
  "dapr-dashboard": { pods: "dapr", apps: "dapr-dashboard", services: "dapr-dashboard" },
  "external-dns": { pods: "external-dns", services: "%" },
  "external-secrets": {
    pods: "external-secrets external-secrets-webhook external-secrets-cert-controller",
    services: "%-webhook",
  },
  "gateway-helm": {
    pods: "gateway-helm envoy",
    services: "envoy-gateway",
    labels:
      "control-plane gateway.envoyproxy.io/owning-gateway-name gateway.envoyproxy.io/owning-gateway-namespace",
  },
  "ingress-nginx": { pods: "ingress-nginx", services: "%-controller %-controller-admission" },
  keda: {
    pods: "keda-operator keda-operator-metrics-apiserver keda-admission-webhooks",
    apps: "keda-operator keda-operator-metrics-apiserver keda-admission-webhooks",
    services: "keda-operator keda-operator-metrics-apiserver keda-admission-webhooks",
  },
  "kube-prometheus-stack": {
    pods: "prometheus alertmanager grafana kube-state-metrics prometheus-node-exporter kube-prometheus-stack-prometheus-operator",
    apps: "kube-prometheus-stack-operator kube-prometheus-stack-admission-create kube-prometheus-stack-admission-patch",
    services:
      "%-prometheus %-alertmanager %-operator prometheus-operated alertmanager-operated grafana",
    labels: "prometheus alertmanager operator.prometheus.io/name",
  },
  "metrics-server": { pods: "metrics-server", services: "%" },
  "plugin-barman-cloud": {
    pods: "plugin-barman-cloud",
    apps: "barman-cloud",
    services: "barman-cloud",
  },
  "strimzi-kafka-operator": {
    pods: "strimzi-cluster-operator",
    services: "",
    labels: "name strimzi.io/kind",
  },
  tempo: { pods: "tempo", services: "%" },
};

/** `oci://registry/gateway-helm` and `repository/chart` by their last part. */
function chartOf(resource: StackResource): Chart | undefined {
  if (!CHARTS.has(typeKey(resource.type))) return undefined;
  const name = resource.props.get("chart").string ?? "";
  const last = name.slice(name.lastIndexOf("/") + 1);
  return Object.hasOwn(KNOWN, last) ? KNOWN[last] : undefined;
}

/** Parts of the recommended labels of which only the name tells charts apart. */
const RECOMMENDED = ["instance", "component", "part-of", "version", "managed-by"];

export const isChart = ({ type }: StackResource): boolean => CHARTS.has(typeKey(type));

const words = (text = ""): readonly string[] => text.split(" ").filter((word) => word !== "");

/** The Services that a known chart installs; undefined for any other resource. */
export function chartServices(resource: StackResource): readonly string[] | undefined {
  const chart = chartOf(resource);
  if (chart === undefined) return undefined;
  const { props } = resource;
  const override = props.get("values", "fullnameOverride").string;
  const name = override ?? props.get("name").string ?? resource.name;
  return words(chart.services).map((service) => service.replace("%", name));
}

/** The labels of the pods that a known chart installs; undefined for any other resource. */
export function chartPods(resource: StackResource): readonly Labels[] | undefined {
  const chart = chartOf(resource);
  if (chart === undefined) return undefined;
  const common: Labels = {
    ...labelsIn(resource.props.get("values")),
    ...some(...words(chart.labels), "helm.sh/chart"),
    ...some(...RECOMMENDED.map((part) => `app.kubernetes.io/${part}`)),
  };
  const named = words(chart.pods).map((name) => ({ ...common, "app.kubernetes.io/name": name }));
  const apps = words(chart.apps);
  return apps.length === 0
    ? named
    : named.flatMap((labels) => apps.map((app) => ({ ...labels, app })));
}

/** Labels that the values add, such as `podLabels`, wherever they are. */
function labelsIn(values: Value): Labels {
  const pairs = values
    .entries()
    .flatMap(([key, value]): (readonly [string, Labels[string]])[] =>
      /labels$/i.test(key) && !/matchLabels$/.test(key)
        ? value.entries().map(([label, { string }]) => [label, string ?? SOME] as const)
        : Object.entries(labelsIn(value)),
    );
  return Object.fromEntries(pairs);
}
