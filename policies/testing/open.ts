/** For tests: resources of which a policy cannot know whether they are right. */
import { expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { undecided } from "../undecided";
import { judge, type Given, type Setting } from "./index";

export interface Open {
  readonly policy: string;
  /** What is unknown, or where it matters. */
  readonly what: string;
  readonly given: readonly Given[];
  readonly setting?: Setting;
}

/** The policy says nothing of these, and is counted as undecided. */
export function testOpen(rows: readonly Open[]): void {
  it.each(rows)("$policy leaves open: $what", async ({ policy, given, setting }) => {
    const found = await judge([policyNamed(policy), undecided], given, setting);
    expect(found.map(({ policy: by, message }) => (by === "undecided" ? by : message))).toEqual([
      "undecided",
    ]);
  });
}
