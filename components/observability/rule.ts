/** Prometheus' rule file format, as far as it is generated here. */
import type { Element } from "../../systems/model";
import { anchor } from "../kit/conventions";

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export type Rule = RecordingRule | AlertingRule;

export interface RuleGroup {
  readonly name: string;
  /** @default Prometheus' own interval of evaluation, 30 seconds */
  readonly interval?: string;
  readonly rules: readonly Rule[];
}

/** Where the rules of one environment belong. */
export interface RuleTarget {
  readonly namespace: string;
  /** Address of the runbook, without an anchor. */
  readonly runbookUrl: string;
}

/** Annotations that lead from an alert back to the runbook. */
export function origin(element: Element, target: RuleTarget): Readonly<Record<string, string>> {
  return {
    runbook_url: `${target.runbookUrl}#${anchor(element.clause.heading)}`,
    clause: element.clause.heading,
  };
}
