/** Autoscalers: their range, target, metrics and behaviour. */
import * as form from "./forms";
import { atLeast, between, fields, isSet, needs, notEmpty, oneOf, text } from "./kit";
import type { Rule, Rules } from "./kit";

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

export const AUTOSCALING: Rules = {
  "autoscaling.v2.HorizontalPodAutoscaler": [needs("spec")],
  "autoscaling.v1.HorizontalPodAutoscaler": [needs("spec")],
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
};
