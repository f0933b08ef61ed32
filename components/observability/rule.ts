/** The part of Prometheus' rule file format that is generated here. */
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
  /** @default Prometheus' evaluation interval, 30 seconds */
  readonly interval?: string;
  readonly rules: readonly Rule[];
}

/** Where the rules of one environment are created. */
export interface RuleTarget {
  readonly namespace: string;
  /** Address of the runbook, without an anchor. */
  readonly runbookUrl: string;
  /** Whether its databases follow another environment's, and only read. @default false */
  readonly follows?: boolean;
  /** Whether Secrets come from the cloud's manager. @default false */
  readonly externalSecrets?: boolean;
  /** Whether the records of its hosts are written by external-dns. @default false */
  readonly externalDns?: boolean;
}

/** Annotations that link an alert to the runbook. */
export function origin(element: Element, target: RuleTarget): Readonly<Record<string, string>> {
  return {
    runbook_url: `${target.runbookUrl}#${anchor(element.clause.heading)}`,
    clause: element.clause.heading,
  };
}
