/** The resource metrics that HorizontalPodAutoscalers and KEDA ScaledObjects scale on. */
import type { CheckContext, StackResource } from "../policy";
import type { Value } from "../values";

export interface Metric {
  /** `cpu`, `memory` or another resource. */
  readonly name: string;
  /** Where that is written. */
  readonly at: Value;
  /** The measured container; missing for all containers. */
  readonly container: Value;
  /** Whether it is measured relative to the request. */
  readonly isRelative: boolean;
  /** Where that is written. */
  readonly kind?: Value;
}

/** The visible metrics; unknowns that hide others are noted. */
export function metricsOf(resource: StackResource, context: CheckContext): readonly Metric[] {
  const spec = resource.props.get("spec");
  const isHpa = resource.type.endsWith(":HorizontalPodAutoscaler");
  const list = spec.get(isHpa ? "metrics" : "triggers");
  if (context.noteUnknown(list, resource.urn)) return [];
  const found = isHpa ? list.list().flatMap(metricOf) : list.list().flatMap(triggerOf);
  const all = isHpa && list.list().length === 0 ? [byDefault(spec, list)] : found;
  const isOpen = (...values: readonly Value[]): boolean =>
    values.map((value) => context.noteUnknown(value, resource.urn)).includes(true);
  return all.filter(({ at, container, kind = at }) => !isOpen(at, container, kind));
}

/** `autoscaling/v1` has a field for its one metric; the API server's default is 80% CPU. */
function byDefault(spec: Value, list: Value): Metric {
  const share = spec.get("targetCPUUtilizationPercentage");
  const at = share.isMissing ? list : share;
  return { name: "cpu", at, container: spec.get("container"), isRelative: true };
}

function metricOf(metric: Value): readonly Metric[] {
  return ["resource", "containerResource"].flatMap((field) => {
    const source = metric.get(field);
    if (source.isMissing) return [];
    const at = source.get("name");
    return [
      {
        name: at.string ?? "",
        at,
        container: source.get("container"),
        isRelative: !source.get("target", "averageUtilization").isMissing,
      },
    ];
  });
}

function triggerOf(trigger: Value): readonly Metric[] {
  const at = trigger.get("type");
  if (at.string !== "cpu" && at.string !== "memory") return [];
  // The type used to be in the metadata; the default is Utilization.
  const [now, former] = [trigger.get("metricType"), trigger.get("metadata", "type")];
  const kind = now.isMissing ? former : now;
  return [
    {
      name: at.string,
      at,
      container: trigger.get("metadata", "containerName"),
      isRelative: kind.isMissing || kind.string === "Utilization",
      kind,
    },
  ];
}
