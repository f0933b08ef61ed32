/** What every element of a runbook has, and small shared types. */

/** The source of an element in the runbook. */
export interface Clause {
  /** Requirement ids that the element realises, for example `TC-03`: see `System.requirements`. */
  readonly ids: readonly string[];
  /** The runbook's heading, outermost first, for example `Architecture Overview / Topics`. */
  readonly heading: string;
}

export interface Element {
  readonly clause: Clause;
  /** Attributes that the runbook leaves open: the attribute's name and the reason for our value. */
  readonly ours?: Readonly<Record<string, string>>;
}

/** Inclusive on both ends. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

export type EnvironmentName = "prod" | "staging" | "dr";
export type CloudName = "digitalocean" | "aws" | "gcp" | "existing";
