/** The rules of all PrometheusRules of a stack. */
import type { CheckContext, Stack, StackResource } from "../policy";
import type { Value } from "../values";

const PROMETHEUS_RULE = "kubernetes:monitoring.coreos.com:PrometheusRule";

export interface Rule {
  readonly resource: StackResource;
  readonly value: Value;
}

export interface Rules {
  readonly all: readonly Rule[];
  /** Whether some rule is not visible yet, and may be the missing one. */
  readonly hidden: boolean;
}

export function rulesOf(stack: Stack, context: CheckContext): Rules {
  const all: Rule[] = [];
  let hidden = false;
  const isHidden = (value: Value, urn: string): boolean => {
    const open = context.noteUnknown(value, urn);
    hidden ||= open;
    return open;
  };
  for (const resource of stack.of(PROMETHEUS_RULE)) {
    const groups = resource.props.get("spec", "groups");
    isHidden(groups, resource.urn);
    for (const group of groups.list()) {
      const rules = group.get("rules");
      isHidden(rules, resource.urn);
      for (const value of rules.list()) {
        if (!isHidden(value.get("alert"), resource.urn)) all.push({ resource, value });
      }
    }
  }
  return { all, hidden };
}

/** Alerting rules by the alert's name. */
export function byAlert(rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> {
  const byName = new Map<string, Rule[]>();
  for (const rule of rules) {
    const name = rule.value.get("alert").string;
    if (name === undefined) continue;
    const same = byName.get(name);
    if (same === undefined) byName.set(name, [rule]);
    else same.push(rule);
  }
  return byName;
}
