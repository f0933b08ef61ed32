/** The plan as JSON. Scripts rely on this format; keys are always in the same order. */
import type { NeededSecret, Plan, PlannedResource, PlanObject } from "../offline/plan";
import { jsonText } from "./escape";
import { sorted } from "./values";

const resource = (r: PlannedResource): object => ({
  urn: r.urn,
  type: r.type,
  name: r.name,
  parent: r.parent,
  provider: r.provider,
  custom: r.custom,
  protect: r.protect,
  dependencies: r.dependencies,
  inputs: sorted(r.inputs),
  ...(r.options === undefined ? {} : { options: sorted(r.options as PlanObject) }),
  ...(r.external === undefined ? {} : { external: r.external }),
});

const secret = ({ key, what, optional, set }: NeededSecret): object => ({
  key,
  what,
  optional: optional ?? false,
  set,
});

const policies = ({ violations, failures, evaluated }: Plan["policies"]): object => ({
  violations: violations.map((v) => ({
    policy: v.policy,
    enforcement: v.enforcement,
    urn: v.urn,
    message: v.message,
    clause: v.clause,
  })),
  failures: failures.map((f) => ({
    policy: f.policy,
    urn: f.urn,
    message: f.message,
  })),
  evaluated,
});

const estimate = ({ rebuildMinutes, criticalPath, objectives }: Plan["estimate"]): object => ({
  rebuildMinutes,
  criticalPath,
  objectives: objectives.map((o) => ({
    of: o.of,
    rtoMinutes: o.rtoMinutes,
    estimateMinutes: o.estimateMinutes,
    met: o.met,
    clause: o.clause,
    procedure: o.procedure ?? null,
  })),
});

/** The object, rebuilt key by key so that it has no other keys and a fixed order. */
export function planObject(plan: Plan): object {
  return {
    stack: plan.stack,
    system: plan.system,
    environment: plan.environment,
    cloud: plan.cloud,
    region: plan.region,
    resources: plan.resources.map(resource),
    outputs: sorted(plan.outputs ?? {}),
    ...(plan.secrets === undefined ? {} : { secrets: plan.secrets.map(secret) }),
    policies: policies(plan.policies),
    estimate: estimate(plan.estimate),
    diagnostics: plan.diagnostics.map((d) => ({
      severity: d.severity,
      message: d.message,
      urn: d.urn,
    })),
  };
}

/** One object for one plan; an array if several stacks were requested, even if only one succeeded. */
export function renderJson(plans: readonly Plan[], several = plans.length > 1): string {
  const objects = plans.map(planObject);
  return jsonText(several ? objects : (objects[0] ?? null));
}
