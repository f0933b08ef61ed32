/**
 * What is added to a workload's pods besides its template: labels by its controller, and a sidecar with its labels.
 * https://kubernetes.io/docs/reference/labels-annotations-taints/
 */
import { podOf } from "./objects";
import { perResource } from "../per-resource";
import { typeKey, type Resource } from "../policy";
import type { Labels } from "./selectors";

/** Label → a pattern of its value, in which `%` stands for the workload's name. */
type Added = Readonly<Record<string, string>>;

const HASH = "[a-z0-9]+";
const UID = "[0-9a-f-]+";

const OF_JOB: Added = {
  "batch.kubernetes.io/job-name": "%",
  "job-name": "%",
  "batch.kubernetes.io/controller-uid": UID,
  "controller-uid": UID,
  "batch.kubernetes.io/job-completion-index": "\\d+",
};
/** A CronJob's Jobs end in the minute of their start, those of KEDA in random letters. */
const numbered = (name: string): Added => ({
  ...OF_JOB,
  "batch.kubernetes.io/job-name": name,
  "job-name": name,
});
const OF_REPLICA_SET: Added = { "pod-template-hash": HASH };
const OF_DAEMON_SET: Added = {
  "controller-revision-hash": HASH,
  "pod-template-generation": "\\d+",
};

const ADDED: Readonly<Record<string, Added>> = {
  "kubernetes:apps:Deployment": OF_REPLICA_SET,
  "kubernetes:extensions:Deployment": OF_REPLICA_SET,
  "kubernetes:apps:StatefulSet": {
    "statefulset.kubernetes.io/pod-name": "%-\\d+",
    "apps.kubernetes.io/pod-index": "\\d+",
    "controller-revision-hash": "%-[a-z0-9]+",
  },
  "kubernetes:apps:DaemonSet": OF_DAEMON_SET,
  "kubernetes:extensions:DaemonSet": OF_DAEMON_SET,
  "kubernetes:batch:Job": OF_JOB,
  "kubernetes:batch:CronJob": numbered("%-\\d+"),
  "kubernetes:keda.sh:ScaledJob": { ...numbered("%-[a-z0-9]+"), "scaledjob.keda.sh/name": "%" },
  "kubernetes:argoproj.io:Rollout": { "rollouts-pod-template-hash": HASH },
  "kubernetes:apps.openshift.io:DeploymentConfig": {
    deploymentconfig: "%",
    deployment: "%-\\d+",
  },
  "kubernetes:serving.knative.dev:Service": {
    "serving.knative.dev/service": "%",
    "serving.knative.dev/configuration": "%",
    "serving.knative.dev/configurationGeneration": "\\d+",
    "serving.knative.dev/configurationUID": UID,
    "serving.knative.dev/revision": "%-.+",
    "serving.knative.dev/revisionUID": UID,
    "serving.knative.dev/serviceUID": UID,
    // The revision's name, where the template does not set it.
    app: "%-.+",
  },
};

/** What Dapr's injector adds to a pod that asks for a sidecar: `pkg/injector/consts` of dapr/dapr. */
const SIDECAR = {
  "dapr.io/sidecar-injected": "true",
  "dapr.io/metrics-enabled": "true|false",
  "dapr.io/app-id": ".+",
} as const;
const METRICS_PORT = "dapr.io/metrics-port";
const SIDECAR_PORTS = {
  "dapr-http": 3500,
  "dapr-grpc": 50001,
  "dapr-internal": 50002,
  "dapr-metrics": 9090,
} as const;

/** Labels that templates have too. */
const COMMON: ReadonlySet<string> = new Set(["app"]);

const KEYS: ReadonlySet<string> = new Set(
  [...Object.values(ADDED), SIDECAR].flatMap(Object.keys).filter((key) => !COMMON.has(key)),
);

const hasSidecar = (resource: Resource): boolean => {
  const enabled = podOf(resource).metadata.get("annotations", "dapr.io/enabled");
  return enabled.isUnknown || String(enabled.scalar) === "true";
};

/** Ports of containers that are injected into a workload's pods, by name. */
export function injectedPorts(resource: Resource): Readonly<Record<string, number>> {
  if (!hasSidecar(resource)) return {};
  const asked = podOf(resource).metadata.get("annotations", METRICS_PORT).scalar;
  const port = Number(asked ?? SIDECAR_PORTS["dapr-metrics"]);
  return Number.isInteger(port) ? { ...SIDECAR_PORTS, "dapr-metrics": port } : SIDECAR_PORTS;
}

/** Whether some controller adds the label, so that templates do not show who has it. */
export const isAdded = (key: string): boolean => KEYS.has(key);

/** Whether a workload's pods also get labels that other workloads have in their templates. */
export const addsCommon = (resource: Resource): boolean =>
  [...Object.keys(ADDED[typeKey(resource.type)] ?? {}), ...Object.keys(ofRollout(resource))].some(
    (key) => !KEYS.has(key),
  );

/** The labels of a workload's pods. */
export const podLabelsOf = perResource((resource): Labels => {
  const labels = podOf(resource).metadata.get("labels");
  const own = { ...ADDED[typeKey(resource.type)], ...revision(resource), ...ofRollout(resource) };
  const added: Added = hasSidecar(resource) ? { ...own, ...SIDECAR } : own;
  return {
    get: (key) => labels.get(key),
    adds: (key, value) => {
      if (!Object.hasOwn(added, key)) return false;
      const name = resource.props.get("metadata", "name").string;
      return value === undefined || matches(added[key] ?? "", name, value);
    },
  };
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The revision that a Knative Service's template names. */
function revision({ type, props }: Resource): Added {
  const name = props.get("spec", "template", "metadata", "name").string;
  if (name === undefined || typeKey(type) !== "kubernetes:serving.knative.dev:Service") return {};
  return { "serving.knative.dev/revision": escaped(name), app: escaped(name) };
}

/** What a Rollout's strategy gives to the pods of the new or the old version. */
function ofRollout({ type, props }: Resource): Added {
  if (typeKey(type) !== "kubernetes:argoproj.io:Rollout") return {};
  const parts = [
    ["canary", "canaryMetadata"],
    ["canary", "stableMetadata"],
    ["blueGreen", "previewMetadata"],
    ["blueGreen", "activeMetadata"],
  ];
  const pairs = parts.flatMap((part) => props.get("spec", "strategy", ...part, "labels").entries());
  const patterns = new Map<string, string[]>();
  for (const [key, { string }] of pairs)
    patterns.set(key, [
      ...(patterns.get(key) ?? []),
      string === undefined ? ".*" : escaped(string),
    ]);
  return Object.fromEntries([...patterns].map(([key, values]) => [key, values.join("|")]));
}

/** Any name, while the workload's is not known. */
function matches(pattern: string, name: string | undefined, value: string): boolean {
  const start = name === undefined || !pattern.startsWith("%") ? "" : name;
  const rest = pattern.replace("%", name === undefined ? ".*" : "");
  return value.startsWith(start) && new RegExp(`^(?:${rest})$`).test(value.slice(start.length));
}
