/** What runs pods, how many, and when: controllers, Jobs, autoscalers, budgets. */
import type { Value } from "../../../values";
import * as form from "./forms";
import {
  atLeast,
  between,
  both,
  fields,
  isSet,
  needs,
  needsSome,
  notEmpty,
  oneOf,
  text,
} from "./kit";
import type { Form, Rule, Rules } from "./kit";

const count = atLeast(0);
const share: Form = (value) => form.percentOrCount(value);
const atMostAll: Form = ({ string = "" }) =>
  Number(/^(\d+)%$/.exec(string)?.[1] ?? 0) > 100 ? "it must be 100% or less" : undefined;

/** Pods of these run for ever. */
const alwaysRestarted: Rule = (value, faults) => {
  const policy = value.get("template", "spec", "restartPolicy");
  if (policy.isKnown && isSet(policy) && policy.string !== "Always") {
    faults.add("value-allowed", policy, 'it must be "Always", which is the default');
  }
  const deadline = value.get("template", "spec", "activeDeadlineSeconds");
  if (deadline.isKnown) faults.rule(deadline, "only the pods of a Job have a deadline: remove it");
};

/** The settings of a rolling update belong to its type only. */
const strategy =
  (rolling: string, others: readonly string[]): Rule =>
  (value, faults) => {
    const [type, settings] = [value.get("type"), value.get("rollingUpdate")];
    if (settings.isKnown && others.includes(type.string ?? "")) {
      faults.rule(settings, `only the type ${rolling} has it: remove it`);
    }
  };

const isZero = ({ number, string }: Value): boolean => number === 0 || /^0+%$/.test(string ?? "");

/** Whether both are nothing, so that no pod could ever be replaced. */
const movesPods =
  (surgeByDefault: boolean): Rule =>
  (value, faults) => {
    const [surge, unavailable] = [value.get("maxSurge"), value.get("maxUnavailable")];
    const noSurge = surge.isMissing ? !surgeByDefault : isZero(surge);
    if (noSurge && isZero(unavailable)) {
      faults.rule(
        unavailable,
        "it must not be 0 if maxSurge is 0, because then no pod is replaced",
      );
    }
  };

/** Of a DaemonSet: one of the two is 0. */
const oneMoves: Rule = (value, faults) => {
  const [surge, unavailable] = [value.get("maxSurge"), value.get("maxUnavailable")];
  if (!surge.isKnown || unavailable.isUnknown) return;
  if (!isZero(surge) && !isZero(unavailable)) {
    faults.rule(unavailable, "it must be 0 if maxSurge is not");
  } else if (isZero(surge) && isZero(unavailable)) {
    faults.rule(unavailable, "it must not be 0 if maxSurge is 0, because then no pod is replaced");
  }
};

const progress: Rule = (value, faults) => {
  const [deadline, ready] = [value.get("progressDeadlineSeconds"), value.get("minReadySeconds")];
  if (deadline.number !== undefined && deadline.number <= (ready.number ?? 0)) {
    faults.rule(deadline, `it must be more than minReadySeconds, which is ${ready.show()}`);
  }
};

/** Each claim becomes a volume of the pod. */
const claimNames: Rule = (value, faults, way) => {
  for (const claim of value.get("volumeClaimTemplates").list()) {
    const metadata = claim.get("metadata");
    if (metadata.isUnknown) continue;
    if (!isSet(metadata.get("name"))) {
      faults.add("field-required", metadata.get("name"), "it is required: it names the volume");
    }
    fields({ name: form.dnsLabel })(metadata, faults, way);
  }
};

const completions: Rule = (value, faults) => {
  const mode = value.get("completionMode");
  if (mode.isUnknown) return;
  if (mode.string === "Indexed") {
    const all = value.get("completions");
    if (all.isMissing) faults.add("field-required", all, "the completionMode Indexed needs it");
    const limit = value.get("maxFailedIndexes");
    if (limit.isKnown && value.get("backoffLimitPerIndex").isMissing) {
      faults.add("field-required", value.get("backoffLimitPerIndex"), "maxFailedIndexes needs it");
    }
    if ((limit.number ?? 0) > (all.number ?? Infinity)) {
      faults.rule(limit, `it must not be above completions, which is ${all.show()}`);
    }
    return;
  }
  for (const key of ["backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"]) {
    const it = value.get(key);
    if (it.isKnown) faults.rule(it, "only the completionMode Indexed has it: remove it");
  }
};

const failurePolicy: Rule = (value, faults) => {
  const restart = value.get("template", "spec", "restartPolicy");
  if (value.get("podFailurePolicy").isKnown && restart.string === "OnFailure") {
    faults.rule(restart, 'with a podFailurePolicy it must be "Never"');
  }
};

/** The Job controller writes the selector itself. */
const ownSelector: Rule = (value, faults) => {
  const [manual, selector] = [value.get("manualSelector"), value.get("selector")];
  if (selector.isKnown && !manual.isUnknown && manual.boolean !== true) {
    faults.rule(selector, "the Job controller sets it: remove it, or set manualSelector to true");
  }
  if (selector.isMissing && manual.boolean === true) {
    faults.add("field-required", selector, "manualSelector needs it");
  }
};

const jobs: readonly Rule[] = [
  fields({
    parallelism: count,
    completions: count,
    activeDeadlineSeconds: count,
    backoffLimit: count,
    ttlSecondsAfterFinished: count,
    backoffLimitPerIndex: count,
    maxFailedIndexes: count,
  }),
  completions,
  failurePolicy,
];

const METRICS: Readonly<Record<string, string>> = {
  Resource: "resource",
  ContainerResource: "containerResource",
  Pods: "pods",
  Object: "object",
  External: "external",
};

/** The source of a metric is the one that its type names. */
const metricSource: Rule = (value, faults) => {
  const type = value.get("type");
  if (type.string === undefined) return;
  const key = METRICS[type.string];
  if (key === undefined) {
    const expected = oneOf(...Object.keys(METRICS))(type);
    if (expected !== undefined && type.string !== "") faults.add("value-allowed", type, expected);
    return;
  }
  if (value.get(key).isMissing) {
    faults.add("field-required", value.get(key), `the type ${type.string} needs it`);
  }
  for (const other of Object.values(METRICS).filter((name) => name !== key)) {
    const it = value.get(other);
    if (it.isKnown) faults.rule(it, `the type ${type.string} has ${key} only: remove it`);
  }
};

const range: Rule = (value, faults) => {
  const [least, most] = [value.get("minReplicas"), value.get("maxReplicas")];
  if (least.number !== undefined && most.number !== undefined && most.number < least.number) {
    faults.rule(most, `it must be ${least.show()} or more, which is minReplicas`);
  }
};

const targetAmount: Rule = (value, faults) => {
  for (const key of ["averageUtilization", "averageValue", "value"]) {
    const it = value.get(key);
    if (it.isKnown && (form.amount(it) ?? 1) <= 0) {
      faults.add("value-allowed", it, "it must be more than 0");
    }
  }
};

/** The fields of a target that count for a metric of the kind. */
const targetOf =
  (...keys: readonly string[]): Rule =>
  (value, faults) => {
    const target = value.get("target");
    if (!target.isKnown) return;
    const set = keys.filter((key) => !target.get(key).isMissing);
    if (set.length === 0) {
      faults.add(
        "field-required",
        target.get(keys[0] ?? ""),
        `the target needs ${keys.join(" or ")}`,
      );
    } else if (set.length > 1) {
      faults.rule(target.get(set[1] ?? ""), `a target has ${keys.join(" or ")}, not both`);
    }
  };

/** Left out, the API server has its own. */
const somePolicies: Rule = (value, faults) => {
  const policies = value.get("policies");
  if (policies.isEmptyList)
    faults.add("field-required", policies, "it needs at least one, or none at all");
};

/** The kinds of the core group have no group to name. */
const scaleTarget: Rule = (value, faults) => {
  const [version, kind] = [value.get("apiVersion"), value.get("kind")];
  if (kind.isUnknown || kind.string === "ReplicationController") return;
  if (!isSet(version)) faults.add("field-required", version, "it is required, such as apps/v1");
  else if (version.string !== undefined && !/^[^/]+\/[^/]+$/.test(version.string)) {
    faults.add("value-allowed", version, "it must be a group and a version, such as apps/v1");
  }
};

/** The target of a scaled object, not the object of a metric. */
const scaled: Rule = (value, faults, way) => {
  if (value.get("scaleTargetRef").isMap) scaleTarget(value.get("scaleTargetRef"), faults, way);
};

const metricName = text((name) => !/[/%]/.test(name), "it must not have / or %");

const budget: Rule = (value, faults) => {
  if (value.get("minAvailable").isKnown && value.get("maxUnavailable").isKnown) {
    faults.rule(
      value.get("maxUnavailable"),
      "a budget has minAvailable or maxUnavailable, not both",
    );
  }
};

const controller: Readonly<Record<string, Form>> = {
  replicas: count,
  minReadySeconds: count,
  revisionHistoryLimit: count,
  progressDeadlineSeconds: count,
};

export const WORKLOADS: Rules = {
  "apps.v1.Deployment": [needs("spec")],
  "apps.v1.StatefulSet": [needs("spec")],
  "apps.v1.DaemonSet": [needs("spec")],
  "apps.v1.ReplicaSet": [needs("spec")],
  "core.v1.ReplicationController": [needs("spec")],
  "batch.v1.Job": [needs("spec")],
  "batch.v1.CronJob": [needs("spec")],
  "autoscaling.v2.HorizontalPodAutoscaler": [needs("spec")],
  "autoscaling.v1.HorizontalPodAutoscaler": [needs("spec")],
  "apps.v1.DeploymentSpec": [fields(controller), alwaysRestarted, progress],
  "apps.v1.ReplicaSetSpec": [needs("template"), fields(controller), alwaysRestarted],
  "core.v1.ReplicationControllerSpec": [needs("template"), fields(controller), alwaysRestarted],
  "apps.v1.StatefulSetSpec": [
    fields({ ...controller, serviceName: form.dnsLabel, "ordinals.start": count }),
    alwaysRestarted,
    claimNames,
  ],
  "apps.v1.DaemonSetSpec": [fields(controller), alwaysRestarted],
  "apps.v1.DeploymentStrategy": [strategy("RollingUpdate", ["Recreate"])],
  "apps.v1.RollingUpdateDeployment": [
    fields({ maxSurge: share, maxUnavailable: both(share, atMostAll) }),
    movesPods(true),
  ],
  "apps.v1.DaemonSetUpdateStrategy": [strategy("RollingUpdate", ["OnDelete"])],
  "apps.v1.RollingUpdateDaemonSet": [
    fields({ maxSurge: both(share, atMostAll), maxUnavailable: both(share, atMostAll) }),
    movesPods(false),
    oneMoves,
  ],
  "apps.v1.StatefulSetUpdateStrategy": [strategy("RollingUpdate", ["OnDelete"])],
  "apps.v1.RollingUpdateStatefulSetStrategy": [
    fields({ partition: count, maxUnavailable: both(share, atMostAll) }),
  ],
  "batch.v1.JobSpec": jobs,
  "batch.v1.CronJobSpec": [
    fields({
      startingDeadlineSeconds: count,
      successfulJobsHistoryLimit: count,
      failedJobsHistoryLimit: count,
    }),
  ],
  "batch.v1.JobTemplateSpec": [needs("spec")],
  "batch.v1.PodFailurePolicyOnExitCodesRequirement": [needsSome("values")],
  "autoscaling.v2.HorizontalPodAutoscalerSpec": [
    fields({ minReplicas: atLeast(1), maxReplicas: atLeast(1) }),
    scaled,
    range,
  ],
  "autoscaling.v1.HorizontalPodAutoscalerSpec": [
    fields({
      minReplicas: atLeast(1),
      maxReplicas: atLeast(1),
      targetCPUUtilizationPercentage: atLeast(1),
    }),
    scaled,
    range,
  ],
  "autoscaling.v2.CrossVersionObjectReference": [
    fields({ kind: form.pathSegment, name: form.pathSegment }),
  ],
  "autoscaling.v2.MetricSpec": [metricSource],
  "autoscaling.v2.MetricIdentifier": [fields({ name: metricName })],
  "autoscaling.v2.PodsMetricSource": [targetOf("averageValue")],
  "autoscaling.v2.MetricTarget": [
    fields({ type: oneOf("Utilization", "Value", "AverageValue") }),
    targetAmount,
  ],
  "autoscaling.v2.ResourceMetricSource": [targetOf("averageUtilization", "averageValue")],
  "autoscaling.v2.ContainerResourceMetricSource": [targetOf("averageUtilization", "averageValue")],
  "autoscaling.v2.ExternalMetricSource": [targetOf("value", "averageValue")],
  "autoscaling.v2.HPAScalingRules": [
    somePolicies,
    notEmpty("selectPolicy"),
    fields({
      stabilizationWindowSeconds: between(0, 3600),
      selectPolicy: oneOf("Max", "Min", "Disabled"),
    }),
  ],
  "autoscaling.v2.HPAScalingPolicy": [
    fields({ type: oneOf("Pods", "Percent"), value: atLeast(1), periodSeconds: between(1, 1800) }),
  ],
  "policy.v1.PodDisruptionBudgetSpec": [
    fields({ minAvailable: both(share, atMostAll), maxUnavailable: both(share, atMostAll) }),
    budget,
  ],
};

/** Of Jobs that are no template: those of a CronJob have no selector of their own either. */
export const STANDALONE_JOB: Rule = (value, faults, way) => {
  ownSelector(value.get("spec"), faults, way);
};
