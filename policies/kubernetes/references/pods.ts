/** References of pods to Secrets, ConfigMaps and claims. */
import { POD_KINDS, containersOf, podOf } from "../objects";
import { ELSEWHERE } from "../../in-manifests";
import type { Policy, Stack, StackResource } from "../../policy";
import { STRICT_IN_PRODUCTION } from "../../policy";
import type { Value } from "../../values";
import { CLAIM, CONFIG_MAP, SECRET } from "./makers";
import { FOREIGN, resolve, type Reference } from "./reference";
import { ofCustom } from "./secret-users";

/** The fields that differ between the two kinds. */
interface Source {
  readonly to: string;
  readonly env: string;
  readonly envFrom: string;
  readonly volume: string;
  readonly volumeName: string;
}

const SOURCES = {
  secret: {
    to: SECRET,
    env: "secretKeyRef",
    envFrom: "secretRef",
    volume: "secret",
    volumeName: "secretName",
  },
  configMap: {
    to: CONFIG_MAP,
    env: "configMapKeyRef",
    envFrom: "configMapRef",
    volume: "configMap",
    volumeName: "name",
  },
} as const satisfies Record<string, Source>;

const isOptional = (source: Value): boolean =>
  source.isMissing || source.get("optional").boolean === true || source.get("optional").isUnknown;

/** All references of a pod to Secrets or to ConfigMaps that are not optional. */
function fromPod(from: StackResource, source: Source): readonly Reference[] {
  const pod = podOf(from);
  const own = containersOf(pod).flatMap(({ title, value }) => [
    ...value
      .get("env")
      .list()
      .map((variable) => variable.get("valueFrom", source.env))
      .filter((it) => !isOptional(it))
      .map((it) => ({
        from,
        to: source.to,
        value: it.get("name"),
        key: it.get("key"),
        part: title,
      })),
    ...value
      .get("envFrom")
      .list()
      .map((it) => it.get(source.envFrom))
      .filter((it) => !isOptional(it))
      .map((it) => ({ from, to: source.to, value: it.get("name"), part: title })),
  ]);
  return [...own, ...fromVolumes(from, pod.spec.get("volumes"), source)];
}

function fromVolumes(
  from: StackResource,
  volumes: Value,
  { to, volume, volumeName }: Source,
): readonly Reference[] {
  return volumes.list().flatMap((it) => {
    const plain = it.get(volume);
    const parts = it
      .get("projected", "sources")
      .list()
      .map((part) => part.get(volume));
    const named = [[plain, volumeName] as const, ...parts.map((part) => [part, "name"] as const)];
    return named.flatMap(([written, name]) => {
      if (isOptional(written)) return [];
      const value = written.get(name);
      const items = written
        .get("items")
        .list()
        .map((item) => ({ from, to, value, key: item.get("key") }));
      return items.length === 0 ? [{ from, to, value }] : items;
    });
  });
}

function pullSecrets(from: StackResource): readonly Reference[] {
  const list = podOf(from).spec.get("imagePullSecrets");
  return list.list().map((it) => ({ from, to: SECRET, value: it.get("name") }));
}

function claims(from: StackResource): readonly Reference[] {
  return podOf(from)
    .spec.get("volumes")
    .list()
    .map((volume) => ({ from, to: CLAIM, value: volume.get("persistentVolumeClaim", "claimName") }))
    .filter(({ value }) => !value.isMissing);
}

const fromAll = (
  stack: Stack,
  types: readonly string[],
  references: (from: StackResource) => readonly Reference[],
): readonly Reference[] => stack.of(...types).flatMap(references);

/** Other kinds that use a Secret: certificates of listeners, values of charts. */
function others(stack: Stack): readonly Reference[] {
  return [
    ...fromAll(stack, ["kubernetes:networking.k8s.io:Ingress"], (from) =>
      list(from, ["spec", "tls"]).map((tls) => ({
        from,
        to: SECRET,
        value: tls.get("secretName"),
      })),
    ),
    ...fromAll(stack, ["kubernetes:gateway.networking.k8s.io:Gateway"], (from) =>
      list(from, ["spec", "listeners"])
        .flatMap((listener) => listener.get("tls", "certificateRefs").list())
        .filter((ref) => ["Secret", undefined].includes(ref.get("kind").string))
        .map((ref) => ({
          from,
          to: SECRET,
          value: ref.get("name"),
          namespace: ref.get("namespace"),
        })),
    ),
    ...fromAll(stack, ["kubernetes:helm.sh:Release"], (from) =>
      inValues(from, from.props.get("values")),
    ),
  ];
}

/** Secrets that the values of a chart name: `secretKeyRef`, as in a container, and `existingSecret`. */
function inValues(from: StackResource, value: Value, depth = 0): readonly Reference[] {
  if (depth > DEPTH) return [];
  const namespace = from.props.get("namespace");
  const own = value.entries().flatMap(([key, each]): readonly Reference[] => {
    const common = { from, to: SECRET, namespace };
    if (key === "existingSecret" && (each.string ?? "") !== "") return [{ ...common, value: each }];
    const isKey = key === "secretKeyRef" && each.get("optional").boolean !== true;
    return isKey ? [{ ...common, value: each.get("name"), key: each.get("key") }] : [];
  });
  const inner = [...value.list(), ...value.entries().map(([, each]) => each)];
  return [...own, ...inner.flatMap((each) => inValues(from, each, depth + 1))];
}

/** Deeper nesting than any such object has. */
const DEPTH = 14;

const list = (from: StackResource, path: readonly string[]): readonly Value[] =>
  from.props.get(...path).list();

/** Created by Kubernetes or a mesh in every namespace. */
const EVERYWHERE: ReadonlySet<string> = new Set([
  "kube-root-ca.crt",
  "openshift-service-ca.crt",
  "istio-ca-root-cert",
]);

/** The claims that StatefulSets create for their pods: template, name and ordinal. */
function madeClaims(stack: Stack): (name: string) => boolean {
  const stems = new Set(
    stack
      .of("kubernetes:apps:StatefulSet")
      .flatMap((set) =>
        list(set, ["spec", "volumeClaimTemplates"]).map(
          (template) =>
            `${template.get("metadata", "name").string ?? ""}-${set.props.get("metadata", "name").string ?? ""}`,
        ),
      ),
  );
  return (name) => stems.has(name.replace(/-\d+$/, ""));
}

const common = {
  severity: "high",
  themes: ["workloads"],
  enforcement: STRICT_IN_PRODUCTION,
  configuration: FOREIGN,
} as const;

export const podReferences: readonly Policy[] = [
  {
    ...common,
    name: "secret-reference",
    title: "Referenced Secrets exist",
    clause: {
      reference: "PO-01; ALL-07; kube-linter env-value-from",
      url: "https://kubernetes.io/docs/concepts/configuration/secret/#restrictions-on-names-and-data",
    },
    prevents:
      "Pods wait forever for a Secret that nobody creates, or for a key that it does not have.",
    description:
      "Every Secret that pods, Ingresses, Gateways, values of charts and objects of well-known operators (cert-manager, Prometheus, KEDA, Dapr, External Secrets, Strimzi, CloudNativePG, Velero, Envoy Gateway) refer to is created in their namespace, by the stack or by an object that creates it, and has the key.",
    remediation:
      "Correct the name or the key, create the Secret or the ExternalSecret in the same namespace, or set optional: true if the pod can do without it.",
    // Secrets are not committed, so they may be created by hand.
    inManifests: { ...ELSEWHERE, except: "that a Secret in the input has not the key" },
    check: {
      kind: "stack",
      run: (stack, context) => {
        const pods = fromAll(stack, POD_KINDS, (from) => [
          ...fromPod(from, SOURCES.secret),
          ...pullSecrets(from),
        ]);
        resolve(stack, context, [...pods, ...others(stack), ...ofCustom(stack, SECRET, context)]);
      },
    },
  },
  {
    ...common,
    name: "config-map-reference",
    title: "Referenced ConfigMaps exist",
    clause: {
      reference: "PO-01; kube-linter env-value-from",
      url: "https://kubernetes.io/docs/concepts/configuration/configmap/",
    },
    prevents:
      "Pods wait forever for a ConfigMap that nobody creates, or for a key that it does not have.",
    description:
      "Every ConfigMap that pods and objects of well-known operators refer to is created in their namespace, and has the key.",
    remediation:
      "Correct the name or the key, create the ConfigMap in the same namespace, or set optional: true if the pod can do without it.",
    check: {
      kind: "stack",
      run: (stack, context) => {
        const pods = fromAll(stack, POD_KINDS, (from) => fromPod(from, SOURCES.configMap));
        const references = [...pods, ...ofCustom(stack, CONFIG_MAP, context)];
        resolve(stack, context, references, (name) => EVERYWHERE.has(name));
      },
    },
  },
  {
    ...common,
    name: "volume-claim-reference",
    title: "Referenced volume claims exist",
    clause: {
      reference: "PO-01",
      url: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes",
    },
    prevents: "Pods are never scheduled, because they wait for a claim that nobody creates.",
    description:
      "Every PersistentVolumeClaim that a pod mounts is created in its namespace, by the stack or by a StatefulSet's templates.",
    remediation: "Correct claimName, or create the PersistentVolumeClaim in the same namespace.",
    check: {
      kind: "stack",
      run: (stack, context) => {
        resolve(stack, context, fromAll(stack, POD_KINDS, claims), madeClaims(stack));
      },
    },
  },
];
