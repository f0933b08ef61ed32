/**
 * Kubernetes objects as policies see them: the kinds with pods, where those are, and their
 * containers.
 */
import type { CheckContext, StackResource, Resource } from "../policy";
import { perResource } from "../per-resource";
import { typeKey } from "../policy";
import type { Key, Value } from "../values";

const TEMPLATE: readonly Key[] = ["spec", "template"];

/**
 * Type key → where its pod's `metadata` and `spec` are. The same list as in Pod Security Admission.
 */
const POD_AT: Readonly<Record<string, readonly Key[]>> = {
  "kubernetes:core:Pod": [],
  "kubernetes:core:PodTemplate": ["template"],
  "kubernetes:core:ReplicationController": TEMPLATE,
  "kubernetes:apps:Deployment": TEMPLATE,
  "kubernetes:apps:StatefulSet": TEMPLATE,
  "kubernetes:apps:DaemonSet": TEMPLATE,
  "kubernetes:apps:ReplicaSet": TEMPLATE,
  // No longer served, but still in the SDK.
  "kubernetes:extensions:Deployment": TEMPLATE,
  "kubernetes:extensions:DaemonSet": TEMPLATE,
  "kubernetes:extensions:ReplicaSet": TEMPLATE,
  "kubernetes:batch:Job": TEMPLATE,
  "kubernetes:batch:CronJob": ["spec", "jobTemplate", "spec", "template"],
};

/** Custom kinds with a pod template: admission sees the pods that they create, not them. */
const CUSTOM_POD_AT: Readonly<Record<string, readonly Key[]>> = {
  "kubernetes:argoproj.io:Rollout": TEMPLATE,
  "kubernetes:apps.openshift.io:DeploymentConfig": TEMPLATE,
  "kubernetes:keda.sh:ScaledJob": ["spec", "jobTargetRef", "template"],
  "kubernetes:serving.knative.dev:Service": TEMPLATE,
};

/** Every kind with a pod or a pod template. */
export const POD_KINDS: readonly string[] = Object.keys(POD_AT);
export const CUSTOM_POD_KINDS: readonly string[] = Object.keys(CUSTOM_POD_AT);
/** The kinds with long-running pods. */
export const SERVING_KINDS = [
  "kubernetes:apps:Deployment",
  "kubernetes:apps:StatefulSet",
  "kubernetes:apps:DaemonSet",
  "kubernetes:extensions:Deployment",
  "kubernetes:extensions:DaemonSet",
  "kubernetes:apps.openshift.io:DeploymentConfig",
] as const;

export interface Pod {
  readonly metadata: Value;
  readonly spec: Value;
  /** Pods of Windows nodes cannot set the Linux fields of a security context. */
  readonly isWindows: boolean;
}

/** The pod (or the template of one) that a resource of `POD_KINDS` or `CUSTOM_POD_KINDS` holds. */
export const podOf = perResource((resource): Pod => {
  const key = typeKey(resource.type);
  const pod = resource.props.get(...(POD_AT[key] ?? CUSTOM_POD_AT[key] ?? []));
  const spec = pod.get("spec");
  return {
    metadata: pod.get("metadata"),
    spec,
    isWindows: spec.get("os", "name").string === "windows",
  };
});

/** The namespace of an object; undefined while unknown. */
export function namespaceOf(resource: Resource): string | undefined {
  const namespace = resource.props.get("metadata", "namespace");
  return namespace.isUnknown ? undefined : (namespace.string ?? "default");
}

/** Matches any namespace, kind or name: real ones cannot contain this character. */
export const ANY = "*";

/** Distinguishes objects of the same name in two clusters; clusters differ by their provider. */
export function inCluster(resource: StackResource, ...names: readonly string[]): string {
  return [resource.provider ?? "", ...names].join("\n");
}

/**
 * Identifies the object of that name in a resource's namespace; undefined while one of them is
 * unknown, which is noted.
 */
export function keyOf(
  resource: StackResource,
  name: Value,
  context: CheckContext,
): string | undefined {
  const parts = [resource.props.get("metadata", "namespace"), name];
  if (parts.filter((part) => context.noteUnknown(part, resource.urn)).length > 0) return undefined;
  return inCluster(resource, namespaceOf(resource) ?? "", name.string ?? "");
}

type ContainerKind = "containers" | "initContainers" | "ephemeralContainers";

interface Container {
  readonly kind: ContainerKind;
  /** `container "api"`, `init container "migrate"`: for messages. */
  readonly title: string;
  readonly value: Value;
}

const TITLES: Readonly<Record<ContainerKind, string>> = {
  initContainers: "init container",
  containers: "container",
  ephemeralContainers: "ephemeral container",
};

/** By the list that holds them. */
const containers = new WeakMap<Value, readonly Container[]>();

function containersIn(list: Value, kind: ContainerKind): readonly Container[] {
  const known = containers.get(list);
  if (known !== undefined) return known;
  const found = list.list().map((value, index) => {
    const name = value.get("name").string ?? `number ${String(index + 1)}`;
    return { kind, title: `${TITLES[kind]} "${name}"`, value };
  });
  containers.set(list, found);
  return found;
}

const EVERY: readonly ContainerKind[] = ["initContainers", "containers", "ephemeralContainers"];

/** All containers of a pod, by its specification. */
const everyContainer = new WeakMap<Value, readonly Container[]>();

/** All containers of a pod in start order, or only those of some kinds. */
export function containersOf({ spec }: Pod, kinds = EVERY): readonly Container[] {
  const known = kinds === EVERY ? everyContainer.get(spec) : undefined;
  if (known !== undefined) return known;
  const found = kinds.flatMap((kind) => containersIn(spec.get(kind), kind));
  if (kinds === EVERY) everyContainer.set(spec, found);
  return found;
}

/** Unknown lists and containers of a pod, by its specification. */
const hidden = new WeakMap<Value, readonly Value[]>();

function hiddenIn(spec: Value): readonly Value[] {
  const known = hidden.get(spec);
  if (known !== undefined) return known;
  const lists = EVERY.map((kind) => spec.get(kind));
  const found = lists.flatMap((list) => [list, ...list.list()]).filter((it) => it.isUnknown);
  hidden.set(spec, found);
  return found;
}

/**
 * Notes unknowns that hide containers from a check: an unknown pod, list or container.
 * @returns whether any container is visible
 */
export function podIsVisible(pod: Pod, context: CheckContext): boolean {
  if (context.noteUnknown(pod.spec)) return false;
  for (const value of hiddenIn(pod.spec)) context.noteUnknown(value);
  return true;
}
