/**
 * What the Helm charts that our programs install (and some others) create: Services by name, some Secrets, and the labels
 * of their pods. Of every other chart nothing is known.
 */
import { typeKey, type StackResource } from "../../policy";
import type { Value } from "../../values";
import { SOME, labelsIn, some, type Labels } from "./labels";

const CHARTS: ReadonlySet<string> = new Set([
  "kubernetes:helm.sh:Release",
  "kubernetes:helm.sh:Chart",
]);

interface Chart {
  /** Values of `app.kubernetes.io/name` of its pods. */
  readonly pods: string;
  /** Values of the label `app`, which older charts use. */
  readonly apps?: string;
  /** Its Services; `%` stands for the full name that Helm gives to the release's objects. */
  readonly services: string;
  /** Some of its Secrets, in the same way. */
  readonly secrets?: string;
  /** Some of its ServiceAccounts, in the same way. */
  readonly accounts?: string;
  /** Further labels of all of its pods: `key` with any value, or `key=value`. */
  readonly labels?: string;
  /** On which its pods listen. */
  readonly ports?: readonly number[];
  /** Whether it may have further Services, as those of subcharts. @default false */
  readonly hasOthers?: boolean;
}

/** Chart → what it installs, from its templates at the versions in versions.ts, with default values. */
const KNOWN: Readonly<Record<string, Chart>> = {
  "aws-load-balancer-controller": {
    pods: "aws-load-balancer-controller",
    services: "aws-load-balancer-webhook-service",
    ports: [8080, 9443],
  },
  "cert-manager": {
    pods: "cert-manager webhook cainjector startupapicheck",
    apps: "cert-manager webhook cainjector startupapicheck",
    services: "% %-webhook %-cainjector",
    secrets: "%-webhook-ca",
    ports: [9402, 9403, 10250, 6080],
  },
  "cloudnative-pg": {
    pods: "cloudnative-pg",
    services: "cnpg-webhook-service",
    ports: [8080, 9443],
  },
  "cluster-autoscaler": {
    pods: "aws-cluster-autoscaler azure-cluster-autoscaler clusterapi-cluster-autoscaler gce-cluster-autoscaler cluster-autoscaler",
    services: "%",
    ports: [8085],
    hasOthers: true,
  },
  dapr: {
    pods: "dapr",
    apps: "dapr-operator dapr-placement-server dapr-scheduler-server dapr-sentry dapr-sidecar-injector",
    services:
      "dapr-api dapr-placement-server dapr-scheduler-server dapr-scheduler-server-a dapr-sentry dapr-sidecar-injector dapr-webhook",
    ports: [3000, 4000, 6500, 8080, 9090, 19443, 50001, 50005, 50006],
  },
  "dapr-dashboard": {
    pods: "dapr",
    apps: "dapr-dashboard",
    services: "dapr-dashboard",
    ports: [8080],
  },
  "external-dns": { pods: "external-dns", services: "%", ports: [7979] },
  "external-secrets": {
    pods: "external-secrets external-secrets-webhook external-secrets-cert-controller",
    services: "%-webhook",
    accounts: "%",
    ports: [8080, 8081, 10250],
  },
  "gateway-helm": {
    pods: "gateway-helm envoy",
    services: "envoy-gateway",
    // Those of its proxies.
    hasOthers: true,
    ports: [8081, 9443, 10080, 10443, 18000, 18001, 18002, 19001, 19002, 19003],
    labels:
      "control-plane gateway.envoyproxy.io/owning-gateway-name gateway.envoyproxy.io/owning-gateway-namespace",
  },
  "ingress-nginx": {
    pods: "ingress-nginx",
    services: "%-controller %-controller-admission",
    hasOthers: true,
  },
  keda: {
    pods: "keda-operator keda-operator-metrics-apiserver keda-admission-webhooks",
    apps: "keda-operator keda-operator-metrics-apiserver keda-admission-webhooks",
    services: "keda-operator keda-operator-metrics-apiserver keda-admission-webhooks",
    ports: [6443, 8080, 8081, 9443, 9666],
  },
  "kube-prometheus-stack": {
    pods: "prometheus alertmanager thanos-ruler grafana kube-state-metrics prometheus-node-exporter kube-prometheus-stack-prometheus-operator",
    apps: "kube-prometheus-stack-operator kube-prometheus-stack-admission-create kube-prometheus-stack-admission-patch",
    services:
      "%-prometheus %-alertmanager %-operator prometheus-operated alertmanager-operated grafana",
    ports: [3000, 8080, 8081, 9090, 9093, 9094, 9100, 10250],
    secrets: "grafana %-grafana alertmanager-%-alertmanager %-admission prometheus-%-prometheus",
    labels:
      "prometheus alertmanager thanos-ruler operator.prometheus.io/name operator.prometheus.io/shard jobLabel chart release heritage",
    hasOthers: true,
  },
  "metrics-server": { pods: "metrics-server", services: "%", ports: [10250] },
  "plugin-barman-cloud": {
    pods: "plugin-barman-cloud",
    apps: "barman-cloud",
    services: "barman-cloud",
    ports: [8080, 9090],
  },
  "strimzi-kafka-operator": {
    pods: "strimzi-cluster-operator",
    services: "",
    ports: [8080],
    labels: "name strimzi.io/kind=cluster-operator",
  },
  tempo: {
    pods: "tempo",
    services: "%",
    ports: [3100, 3200, 4317, 4318, 9095, 9411, 14250, 14268],
  },
};

/** `oci://registry/gateway-helm` and `repository/chart` by their last part. */
function titleOf({ props }: StackResource): string {
  const name = props.get("chart").string ?? "";
  return name.slice(name.lastIndexOf("/") + 1);
}

function chartOf(resource: StackResource): Chart | undefined {
  if (!CHARTS.has(typeKey(resource.type))) return undefined;
  const title = titleOf(resource);
  return Object.hasOwn(KNOWN, title) ? KNOWN[title] : undefined;
}

/** Helm names at most 63 characters long, without a hyphen at the end. */
const shortened = (name: string): string => name.slice(0, 63).replace(/-$/, "");

/** The template `fullname` that `helm create` writes into a chart; undefined while the release's name is unknown. */
function fullNameOf(resource: StackResource): string | undefined {
  const { props } = resource;
  const values = props.get("values");
  const full = values.get("fullnameOverride");
  if (full.string !== undefined && full.string !== "") return shortened(full.string);
  const [name, short] = [props.get("name"), values.get("nameOverride")];
  // A Release without a name gets one that ends in random letters.
  const isRelease = typeKey(resource.type) === "kubernetes:helm.sh:Release";
  const release = name.string ?? (isRelease || name.isUnknown ? undefined : resource.name);
  if (release === undefined || [values, full, short].some(({ isUnknown }) => isUnknown))
    return undefined;
  const own = short.string === undefined || short.string === "" ? titleOf(resource) : short.string;
  return shortened(release.includes(own) ? release : `${release}-${own}`);
}

/** Values with objects of the user's own: `extraObjects`, `extraManifests`. */
const EXTRA = /^extra(Objects|Manifests|Deploy|Resources)$/;

const isEmpty = (value: Value): boolean =>
  value.isKnown && value.list().length === 0 && value.entries().length === 0;

/** Whether all labels of the pods of a chart are known. */
export function knowsPods(resource: StackResource): boolean {
  const values = resource.props.get("values");
  const hasExtra = values.entries().some(([key, value]) => EXTRA.test(key) && !isEmpty(value));
  return chartOf(resource) !== undefined && !values.isUnknown && !hasExtra;
}

/** Whether all Services of a chart are known. */
export function knowsServices(resource: StackResource): boolean {
  const chart = chartOf(resource);
  if (chart === undefined || chart.hasOthers === true || !knowsPods(resource)) return false;
  return !chart.services.includes("%") || fullNameOf(resource) !== undefined;
}

/** Parts of the recommended labels of which only the name tells charts apart. */
const RECOMMENDED = ["instance", "component", "part-of", "version", "managed-by"];

export const isChart = ({ type }: StackResource): boolean => CHARTS.has(typeKey(type));

const words = (text = ""): readonly string[] => text.split(" ").filter((word) => word !== "");

/** The Services, Secrets or ServiceAccounts that a known chart installs; undefined for any other resource. */
export function chartNames(
  resource: StackResource,
  what: "services" | "secrets" | "accounts",
): readonly string[] | undefined {
  const chart = chartOf(resource);
  if (chart === undefined) return undefined;
  const name = fullNameOf(resource);
  return words(chart[what]).flatMap((one) => {
    if (!one.includes("%")) return [one];
    return name === undefined ? [] : [one.replace("%", name)];
  });
}

function labelOf(word: string): readonly [string, Labels[string]] {
  const [key = "", value] = word.split("=");
  return [key, value ?? SOME];
}

/** The ports of a known chart's pods; undefined for any other resource. */
export const chartPorts = (resource: StackResource): readonly number[] | undefined =>
  chartOf(resource)?.ports;

/** The labels of the pods that a known chart installs; undefined for any other resource. */
export function chartPods(resource: StackResource): readonly Labels[] | undefined {
  const chart = chartOf(resource);
  if (chart === undefined) return undefined;
  const common: Labels = {
    ...labelsIn(resource.props.get("values")),
    ...Object.fromEntries(words(chart.labels).map(labelOf)),
    ...some("helm.sh/chart"),
    ...some(...RECOMMENDED.map((part) => `app.kubernetes.io/${part}`)),
  };
  const short = resource.props.get("values", "nameOverride").string;
  const titles = [...words(chart.pods), ...words(short)];
  const named = titles.map((name) => ({ ...common, "app.kubernetes.io/name": name }));
  const apps = words(chart.apps);
  return apps.length === 0
    ? named
    : named.flatMap((labels) => apps.map((app) => ({ ...labels, app })));
}
