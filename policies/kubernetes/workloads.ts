/**
 * Deployments and StatefulSets of a stack with their autoscalers, indexed once so that a policy
 * over all of them stays linear.
 */
import { ANY, inCluster, namespaceOf, podOf } from "./objects";
import { perStack } from "../per-stack";
import type { Stack, StackResource, Resource } from "../policy";
import type { Value } from "../values";

export interface Range {
  /** The fields of the range's ends. */
  readonly min: Value;
  readonly max: Value;
  /** The default of the API server or KEDA. */
  readonly defaultMin: number;
  readonly defaultMax: number;
}

export interface Autoscaler extends Range {
  readonly resource: StackResource;
}

export interface ScaledWorkload {
  readonly resource: StackResource;
  /** The `targetKey` of a reference to it. */
  readonly key: string | undefined;
  readonly labels: Value;
  readonly autoscaler?: Autoscaler;
  /**
   * The value that sets the minimum number of pods, and that number; undefined while unknown. If
   * the autoscaler is unknown, it is the value that this depends on.
   */
  readonly least: { readonly value: Value; readonly count: number | undefined };
}

export const DEPLOYMENTS = [
  "kubernetes:apps:Deployment",
  "kubernetes:extensions:Deployment",
] as const;
/** OpenShift's: no replica where none is written. */
const DEPLOYMENT_CONFIG = "kubernetes:apps.openshift.io:DeploymentConfig";
const STATEFUL_SETS = ["kubernetes:apps:StatefulSet"] as const;
export const HPA = "kubernetes:autoscaling:HorizontalPodAutoscaler";
export const SCALED_OBJECT = "kubernetes:keda.sh:ScaledObject";
const KEDA_MAX = 100;

/** Identifies a workload by its namespace, kind and name; undefined while one is unknown. */
function keyOf(resource: StackResource, kind: string, name: Value): string | undefined {
  const namespace = namespaceOf(resource);
  if (namespace === undefined || name.string === undefined) return undefined;
  return inCluster(resource, namespace, kind, name.string);
}

/** All autoscalers of a stack by the key of their target; normally one each. */
export const rivalsOf = perStack(readRivals);

function readRivals(stack: Stack): ReadonlyMap<string, readonly Autoscaler[]> {
  const byTarget = new Map<string, Autoscaler[]>();
  for (const resource of stack.of(HPA, SCALED_OBJECT)) {
    const target = resource.props.get("spec", "scaleTargetRef");
    const key = targetKey(resource, target);
    if (key === undefined) continue;
    const same = byTarget.get(key);
    if (same === undefined) byTarget.set(key, [autoscaler(resource)]);
    else same.push(autoscaler(resource));
  }
  return byTarget;
}

/** The key of the target of a reference by kind and name; KEDA defaults to a Deployment. */
export function targetKey(resource: StackResource, target: Value): string | undefined {
  const kind = target.get("kind");
  if (kind.isUnknown) return undefined;
  return keyOf(resource, kind.string ?? "Deployment", target.get("name"));
}

/** Returns an unknown value because of which an autoscaler of the stack may scale a workload. */
function doubts(stack: Stack): (workload: StackResource, kind: string) => Value | undefined {
  const open = new Map<string, Value>();
  const scalers = stack.of(HPA, SCALED_OBJECT);
  for (const scaler of scalers) {
    const target = scaler.props.get("spec", "scaleTargetRef");
    const [kind, name] = [target.get("kind"), target.get("name")];
    const value = [scaler.props.get("metadata", "namespace"), kind, name].find(
      (it) => it.isUnknown,
    );
    if (value === undefined) continue;
    const written = [
      namespaceOf(scaler) ?? ANY,
      kind.isUnknown ? ANY : (kind.string ?? "Deployment"),
      name.string ?? ANY,
    ];
    open.set(inCluster(scaler, ...written), value);
  }
  return (workload, kind) => {
    const name = workload.props.get("metadata", "name");
    const own = [workload.props.get("metadata", "namespace"), name].find((it) => it.isUnknown);
    if (own !== undefined) return scalers.length === 0 ? undefined : own;
    const names = [name.string ?? ANY, ANY];
    return [namespaceOf(workload) ?? ANY, ANY]
      .flatMap((namespace) => [kind, ANY].map((its) => [namespace, its] as const))
      .flatMap((where) => names.map((its) => open.get(inCluster(workload, ...where, its))))
      .find((value) => value !== undefined);
  };
}

/** The autoscalers of a stack by the key of their target; the last if there are several. */
export function autoscalersOf(stack: Stack): ReadonlyMap<string, Autoscaler> {
  const last = [...rivalsOf(stack)].flatMap(([key, rivals]) => {
    const one = rivals.at(-1);
    return one === undefined ? [] : [[key, one] as const];
  });
  return new Map(last);
}

const autoscaler = (resource: StackResource): Autoscaler => ({ resource, ...rangeOf(resource) });

/** The range of an HPA or a ScaledObject. */
export function rangeOf({ type, props }: Resource): Range {
  const spec = props.get("spec");
  const isHpa = type.endsWith(":HorizontalPodAutoscaler");
  return {
    min: spec.get(isHpa ? "minReplicas" : "minReplicaCount"),
    max: spec.get(isHpa ? "maxReplicas" : "maxReplicaCount"),
    defaultMin: isHpa ? 1 : 0,
    // The API server requires a maximum; 0 means that it is missing.
    defaultMax: isHpa ? 0 : KEDA_MAX,
  };
}

/** The number in effect, if `value` may be left out. */
export function countOf(value: Value, byDefault: number): number | undefined {
  return value.isMissing ? byDefault : value.number;
}

/** Every Deployment, StatefulSet and DeploymentConfig with its minimum number of pods. */
export const scaledWorkloads = perStack(readWorkloads);

function readWorkloads(stack: Stack): readonly ScaledWorkload[] {
  const autoscalers = autoscalersOf(stack);
  const doubtOf = doubts(stack);
  return [
    ...stack.of(...DEPLOYMENTS).map((resource) => ({ resource, kind: "Deployment" })),
    ...stack.of(...STATEFUL_SETS).map((resource) => ({ resource, kind: "StatefulSet" })),
    ...stack.of(DEPLOYMENT_CONFIG).map((resource) => ({ resource, kind: "DeploymentConfig" })),
  ].map(({ resource, kind }) => {
    const key = keyOf(resource, kind, resource.props.get("metadata", "name"));
    const found = key === undefined ? undefined : autoscalers.get(key);
    const written = found?.min ?? doubtOf(resource, kind) ?? resource.props.get("spec", "replicas");
    return {
      resource,
      key,
      labels: podOf(resource).metadata.get("labels"),
      ...(found === undefined ? {} : { autoscaler: found }),
      least: {
        value: written,
        count: countOf(written, found?.defaultMin ?? (kind === "DeploymentConfig" ? 0 : 1)),
      },
    };
  });
}
