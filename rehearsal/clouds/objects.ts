/**
 * Objects as an API server stores them: with its defaults for what was left out (`defaults.go` in `pkg/apis`
 * of Kubernetes), with the metadata that it assigns, and with a status.
 */
import type { Registration } from "../../offline/registry";
import type { Created } from "../../offline/update";
import { secretOf } from "../../offline/properties";
import { isList, isObject, signatureOf, type Wire, type WireObject } from "../../offline/wire";

/** Of a registration, what a provider gets. */
export type Asked = Pick<Registration, "urn" | "type" | "name" | "inputs" | "external"> & {
  readonly options: { readonly importId: string };
};

const CONTAINER: WireObject = {
  imagePullPolicy: "IfNotPresent",
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "File",
  resources: {},
};
const PROBE: WireObject = {
  failureThreshold: 3,
  periodSeconds: 10,
  successThreshold: 1,
  timeoutSeconds: 1,
};
const POD: WireObject = {
  dnsPolicy: "ClusterFirst",
  restartPolicy: "Always",
  schedulerName: "default-scheduler",
  securityContext: {},
  terminationGracePeriodSeconds: 30,
};
const CONTROLLER: WireObject = { replicas: 1, revisionHistoryLimit: 10 };

/** The defaults of `spec`, by kind; what is nested is in `defaulted`. */
const SPECS: Readonly<Record<string, WireObject>> = {
  Deployment: {
    ...CONTROLLER,
    progressDeadlineSeconds: 600,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
  },
  StatefulSet: {
    ...CONTROLLER,
    podManagementPolicy: "OrderedReady",
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
  },
  DaemonSet: {
    revisionHistoryLimit: 10,
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
  },
  Job: {
    backoffLimit: 6,
    completionMode: "NonIndexed",
    completions: 1,
    parallelism: 1,
    podReplacementPolicy: "TerminatingOrFailed",
    suspend: false,
  },
  CronJob: {
    concurrencyPolicy: "Allow",
    failedJobsHistoryLimit: 1,
    successfulJobsHistoryLimit: 3,
    suspend: false,
  },
  Service: {
    type: "ClusterIP",
    clusterIP: "10.99.64.9",
    clusterIPs: ["10.99.64.9"],
    internalTrafficPolicy: "Cluster",
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
    sessionAffinity: "None",
  },
  Namespace: { finalizers: ["kubernetes"] },
  HorizontalPodAutoscaler: { minReplicas: 1 },
  PersistentVolumeClaim: { volumeMode: "Filesystem", volumeName: "pvc-of-a-test" },
  NetworkPolicy: { policyTypes: ["Ingress"] },
};

/** The defaults of the objects under a key, wherever it is. */
const NESTED: Readonly<Record<string, WireObject>> = {
  containers: CONTAINER,
  initContainers: CONTAINER,
  livenessProbe: PROBE,
  readinessProbe: PROBE,
  startupProbe: PROBE,
  httpGet: { scheme: "HTTP" },
  ports: { protocol: "TCP" },
  configMap: { defaultMode: 420 },
  fieldRef: { apiVersion: "v1" },
};
const SECRET_VOLUME: WireObject = { defaultMode: 420 };

/** What others wrote into an object that the program only reads, by kind: a text in base64. */
const READ: Readonly<Record<string, WireObject>> = {
  Secret: { data: secretOf({ "ca.crt": "QUJD" }) },
};

export function admitted(asked: Asked, digest: string): Created {
  const { type, inputs, name } = asked;
  const kind = type.slice(type.lastIndexOf(":") + 1);
  if (type.startsWith("kubernetes:helm.sh/")) return installed(asked);
  const metadata = isObject(inputs["metadata"]) ? inputs["metadata"] : {};
  const called = metadata["name"] ?? name;
  const stored = { ...(asked.external ? READ[kind] : {}), ...defaulted(inputs, kind) };
  const id = [metadata["namespace"], called].filter((part) => typeof part === "string").join("/");
  return {
    id,
    outputs: {
      ...stored,
      metadata: {
        ...metadata,
        name: called,
        creationTimestamp: "2026-11-30T00:00:00Z",
        generation: 1,
        managedFields: [{ manager: "pulumi-kubernetes", operation: "Update", apiVersion: "v1" }],
        resourceVersion: "4711",
        uid: `${digest.slice(0, 8)}-0000-4000-8000-${digest.slice(8, 20)}`,
      },
      ...(SPECS[kind] === undefined ? {} : { status: { observedGeneration: 1 } }),
    },
  };
}

/** A release that Helm installed. */
function installed({ inputs, name }: Asked): Created {
  const { name: called = name, namespace = "default" } = inputs as Readonly<Record<string, string>>;
  return {
    id: `${namespace}/${called}`,
    outputs: {
      ...inputs,
      name: called,
      namespace,
      resourceNames: {},
      status: {
        name: called,
        namespace,
        revision: 1,
        status: "deployed",
        version: inputs["version"] ?? "",
      },
    },
  };
}

/** Objects of the API groups of Kubernetes itself get defaults; a custom resource's are its schema's. */
function defaulted(inputs: WireObject, kind: string): WireObject {
  const spec = inputs["spec"];
  if (SPECS[kind] === undefined || !isObject(spec)) return inputs;
  return { ...inputs, spec: { ...SPECS[kind], ...nested(spec) } };
}

function nested(object: WireObject): WireObject {
  const entries = Object.entries(object).map(([key, value]) => [key, within(key, value)] as const);
  const result = Object.fromEntries(entries);
  return "containers" in result ? { ...POD, ...result } : result;
}

function within(key: string, value: Wire): Wire {
  if (isList(value)) return value.map((item) => within(key, item));
  if (!isObject(value) || signatureOf(value) !== undefined) return value;
  const own = key === "secret" && "secretName" in value ? SECRET_VOLUME : NESTED[key];
  return { ...own, ...nested(value) };
}
