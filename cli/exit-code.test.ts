import { describe, expect, it } from "vitest";
import type { Plan, Violation } from "../offline/plan";
import { exitCode } from "./exit-code";
import type { Outcome } from "./planning";

const outcome = (enforcement?: Violation["enforcement"], failures = 0): Outcome => ({
  stack: "s",
  plan: {
    policies: {
      violations: enforcement === undefined ? [] : [{ enforcement }],
      failures: Array.from({ length: failures }, () => ({ policy: "p", urn: "", message: "" })),
      evaluated: 1,
    },
  } as unknown as Plan,
});
const wrong: Outcome = { stack: "w", errors: ["no"] };

describe("exitCode", () => {
  it.each<[string, readonly Outcome[], number]>([
    ["no findings", [outcome()], 0],
    ["only advisory violations", [outcome("advisory")], 0],
    ["a mandatory violation", [outcome(), outcome("mandatory")], 1],
    ["a policy that could not run", [outcome(undefined, 1)], 1],
    ["an error, with anything else", [outcome("mandatory"), wrong], 2],
  ])("for %s", (_, outcomes, expected) => {
    expect(exitCode(outcomes)).toBe(expected);
  });
});
