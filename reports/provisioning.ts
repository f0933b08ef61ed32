/**
 * Typical provisioning times in minutes, until a resource can be used. Published measurements are cited.
 * Everything else is our own assumption (`ours`), on the slow side, to be replaced by measurements from a
 * rehearsal or a real rebuild.
 */
import type { PlannedResource, PlanValue } from "../offline/plan";
import { AWS, GOOGLE } from "./provisioning-clouds";
import { judged, measured, type Provisioning } from "./provisioning-time";
import { stringAt } from "./values";

/** One API call that returns immediately. */
const CALL = judged(0.1, "one or two calls to the provider's API");
/**
 * Pulumi does not wait for custom resources. This is the time for the call and the controller's reaction.
 */
const OBJECT = judged(0.05, "one call to the Kubernetes API");

const DO = "digitalocean:index/";

const BY_TYPE: Readonly<Record<string, Provisioning>> = {
  ...AWS,
  ...GOOGLE,
  [`${DO}vpc:Vpc`]: CALL,
  [`${DO}kubernetesCluster:KubernetesCluster`]: measured(
    6.3,
    "terraform-provider-digitalocean#333: 377 s for an acceptance test that creates and upgrades one",
  ),
  [`${DO}kubernetesNodePool:KubernetesNodePool`]: judged(
    4,
    "Droplets start and join; the provider waits for every node",
  ),
  [`${DO}databaseCluster:DatabaseCluster`]: judged(10, "managed engines, replicas included"),
  [`${DO}databaseKafkaTopic:DatabaseKafkaTopic`]: measured(
    0.5,
    "terraform-provider-digitalocean#1082: about 30 s",
  ),
  [`${DO}databaseReplica:DatabaseReplica`]: judged(
    15,
    "waits for the first backup, then copies it",
  ),
  [`${DO}certificate:Certificate`]: judged(2, "an ACME order answered over DNS"),
  [`${DO}loadBalancer:LoadBalancer`]: judged(3, "until the address is active"),
  "kubernetes:core/v1:Namespace": judged(0.1, "until its default service account exists"),
  "kubernetes:core/v1:PersistentVolumeClaim": judged(0.5, "a volume is made and bound"),
  "kubernetes:apps/v1:Deployment": judged(
    1.5,
    "images pulled, probes passed, every replica available",
  ),
  "kubernetes:apps/v1:StatefulSet": judged(3, "replicas one after another, each with a volume"),
  "kubernetes:apps/v1:DaemonSet": judged(1, "images pulled on every node"),
  "kubernetes:batch/v1:Job": judged(1, "image pulled, one run"),
  "kubernetes:gateway.networking.k8s.io/v1:Gateway": judged(3, "the cloud's load balancer"),
  "kubernetes:networking.k8s.io/v1:Ingress": judged(3, "the cloud's load balancer"),
  "kubernetes:kafka.strimzi.io/v1:Kafka": judged(6, "brokers one after another, with volumes"),
  "kubernetes:postgresql.cnpg.io/v1:Cluster": judged(5, "primary, then each replica's copy"),
};

/** Database clusters by engine: the wait for `online`, which the provider polls for up to 30 minutes. */
const BY_ENGINE: Readonly<Record<string, Provisioning>> = {
  kafka: judged(15, "three brokers and their quorum"),
  valkey: judged(6, "primary and standby"),
  redis: judged(6, "primary and standby"),
  pg: judged(8, "primary, standby and the first base backup"),
};

/** Helm releases by chart: installed with `atomic`, so the time until every pod is ready. */
const BY_CHART: Readonly<Record<string, Provisioning>> = {
  dapr: judged(3, "three replicas of each control-plane part, scheduler volumes"),
  "kube-prometheus-stack": judged(4, "large CRDs, the operator, then what it starts"),
  "cert-manager": judged(1.5, "three small deployments and a start-up check"),
  loki: judged(3, "stateful parts with volumes"),
  "external-secrets": judged(1.5, "three small deployments"),
  "strimzi-kafka-operator": judged(1.5, "one operator"),
  "cloudnative-pg": judged(1.5, "one operator"),
  keda: judged(1.5, "three small deployments"),
  "metrics-server": judged(1, "one small deployment and its API registration"),
  qdrant: judged(2, "one pod and its volume"),
  ollama: judged(3, "a large image and its volume"),
  "aws-load-balancer-controller": judged(1.5, "two small pods and a webhook"),
  "cluster-autoscaler": judged(1, "one small deployment"),
  "plugin-barman-cloud": judged(1, "one small deployment"),
  "postgres-operator": judged(1.5, "one operator"),
  velero: judged(2, "one deployment and CRDs"),
};

const RELEASE = judged(2, "a chart of unknown size");
const OTHER = judged(1, "a resource type that the table does not know");

function ofService(inputs: PlanValue): Provisioning {
  return stringAt(inputs, "spec", "type") === "LoadBalancer"
    ? judged(3, "the cloud's load balancer")
    : OBJECT;
}

/** Signed by an external CA, or immediately by one in the cluster. */
const ofCertificate = (inputs: PlanValue): Provisioning =>
  stringAt(inputs, "spec", "issuerRef", "name") === "letsencrypt"
    ? judged(2, "an ACME order")
    : judged(0.2, "signed inside the cluster");

/** `dapr` for `dapr`, `oci://registry.example/charts/dapr` and `./charts/dapr`. */
const chartOf = (inputs: PlanValue): string =>
  (stringAt(inputs, "chart") ?? "").split("/").at(-1) ?? "";

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

function lookUp({ type, inputs }: PlannedResource): Provisioning {
  if (type === `${DO}databaseCluster:DatabaseCluster`) {
    const engine = own(BY_ENGINE, stringAt(inputs, "engine") ?? "");
    if (engine !== undefined) return engine;
  }
  if (type === "kubernetes:helm.sh/v3:Release") return own(BY_CHART, chartOf(inputs)) ?? RELEASE;
  if (type === "kubernetes:core/v1:Service") return ofService(inputs);
  if (type === "kubernetes:cert-manager.io/v1:Certificate") return ofCertificate(inputs);
  const known = own(BY_TYPE, type);
  if (known !== undefined) return known;
  if (type.startsWith("kubernetes:")) return OBJECT;
  if (/^(digitalocean|aws|gcp):/.test(type)) return CALL;
  return type.startsWith("random:") ? { ...CALL, minutes: 0 } : OTHER;
}

/** Components and providers take no time of their own. */
const NOTHING: Provisioning = { minutes: 0, source: "exists only in the program", ours: false };

/** Typical time, in minutes, from the first call to a usable resource, not counting what it waits for. */
export function provisioningOf(resource: PlannedResource): Provisioning {
  return resource.custom && !resource.type.startsWith("pulumi:") ? lookUp(resource) : NOTHING;
}
