/** What runs pods, how many, and when: controllers, Jobs, autoscalers, budgets. */
import type { Value } from "../../../values";
import * as form from "./forms";
import { atLeast, both, fields, isSet, needs, needsSome, notEmpty, oneOf } from "./kit";
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

/** Seconds; the default. */
const DEADLINE = 600;

const progress: Rule = (value, faults) => {
  const [deadline, ready] = [value.get("progressDeadlineSeconds"), value.get("minReadySeconds")];
  const seconds = deadline.isMissing ? DEADLINE : deadline.number;
  if (seconds !== undefined && seconds !== 2 ** 31 - 1 && seconds <= (ready.number ?? 0)) {
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

/** The pods of an indexed Job are hosts, named after it with their index. */
function indexedName(job: Value, faults: Parameters<Rule>[1]): void {
  const [name, mode, all] = [
    job.get("metadata", "name"),
    job.get("spec", "completionMode"),
    job.get("spec", "completions"),
  ];
  if (name.string === undefined || mode.string !== "Indexed" || (all.number ?? 0) <= 0) return;
  const host = `${name.string}-${String((all.number ?? 1) - 1)}`;
  if (form.isSubdomain(name.string) && !form.isDnsLabel(host)) {
    faults.rule(
      name,
      `its last pod is the host ${host}, which must have at most 63 characters and no dots`,
    );
  }
}

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
  "apps.v1.DeploymentSpec": [fields(controller), alwaysRestarted, progress],
  "apps.v1.ReplicaSetSpec": [needs("template"), fields(controller), alwaysRestarted],
  "core.v1.ReplicationControllerSpec": [needs("template"), fields(controller), alwaysRestarted],
  "apps.v1.StatefulSetSpec": [
    fields({ ...controller, serviceName: form.dnsLabel, "ordinals.start": count }),
    alwaysRestarted,
    claimNames,
  ],
  "apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy": [
    fields({ whenDeleted: oneOf("Retain", "Delete"), whenScaled: oneOf("Retain", "Delete") }),
  ],
  "apps.v1.DaemonSetSpec": [fields(controller), alwaysRestarted],
  "apps.v1.DeploymentStrategy": [strategy("RollingUpdate", ["Recreate"])],
  "apps.v1.RollingUpdateDeployment": [
    fields({ maxSurge: share, maxUnavailable: both(share, atMostAll) }),
    notEmpty("maxSurge", "maxUnavailable"),
    movesPods(true),
  ],
  "apps.v1.DaemonSetUpdateStrategy": [strategy("RollingUpdate", ["OnDelete"])],
  "apps.v1.RollingUpdateDaemonSet": [
    fields({ maxSurge: both(share, atMostAll), maxUnavailable: both(share, atMostAll) }),
    notEmpty("maxSurge", "maxUnavailable"),
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
  "policy.v1.PodDisruptionBudgetSpec": [
    notEmpty("unhealthyPodEvictionPolicy"),
    fields({ minAvailable: both(share, atMostAll), maxUnavailable: both(share, atMostAll) }),
    notEmpty("minAvailable", "maxUnavailable"),
    budget,
  ],
};

/** Of Jobs that are no template: those of a CronJob have no selector of their own either. */
export const STANDALONE_JOB: Rule = (value, faults, way) => {
  ownSelector(value.get("spec"), faults, way);
  indexedName(value, faults);
};
