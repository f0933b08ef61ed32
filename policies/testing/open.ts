/** For tests: resources that a policy cannot decide. */
import { expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { unknownValues } from "../unknown-values";
import { evaluate, type Fixture, type Setting } from "./index";

export interface Open {
  readonly policy: string;
  /** What is unknown, or where it matters. */
  readonly what: string;
  readonly fixture: readonly Fixture[];
  readonly setting?: Setting;
}

/** The policy reports nothing about these, and counts them as unknown. */
export function testOpen(rows: readonly Open[]): void {
  it.each(rows)("$policy counts unknowns: $what", async ({ policy, fixture, setting }) => {
    const found = await evaluate([policyNamed(policy), unknownValues], fixture, setting);
    expect(found.map(({ policy: by, message }) => (by === "undecided" ? by : message))).toEqual([
      "undecided",
    ]);
  });
}
