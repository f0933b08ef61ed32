/** What the API server refuses in one object, found in one walk and reported by several policies. */
import type { Value } from "../../values";

/** The part of a policy's name after `api-`. */
export type Aspect = "field-known" | "field-type" | "field-required" | "value-allowed" | "rules";

export interface Fault {
  readonly aspect: Aspect;
  readonly value: Value;
  /** The end of the sentence: `it must be …`. */
  readonly expected: string;
}

/** Collects the faults of one object. */
export class Faults {
  readonly all: Fault[] = [];
  readonly unknown: Value[] = [];

  add(aspect: Aspect, value: Value, expected: string): void {
    this.all.push({ aspect, value, expected });
  }

  /** For a rule over several values, on the one to change. */
  rule(value: Value, expected: string): void {
    this.add("rules", value, expected);
  }
}
