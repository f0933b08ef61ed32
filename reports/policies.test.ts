import { describe, expect, it } from "vitest";
import type { PolicyReport, Violation } from "../offline/plan";
import { groupViolations, resourceLabel, verdict } from "./policies";

const violation = (
  policy: string,
  enforcement: Violation["enforcement"],
  urn: string,
): Violation => ({
  policy,
  enforcement,
  urn,
  message: `${policy} at ${urn}`,
  clause: `clause of ${policy}`,
});
const report = (given: Partial<PolicyReport> = {}): PolicyReport => ({
  violations: [],
  failures: [],
  evaluated: 7,
  ...given,
});

describe("groupViolations", () => {
  it("puts mandatory policies first, then policies by name and resources by URN", () => {
    const groups = groupViolations(
      report({
        violations: [
          violation("b", "advisory", "2"),
          violation("c", "mandatory", "2"),
          violation("a", "advisory", "1"),
          violation("c", "mandatory", "1"),
          violation("c", "advisory", "3"),
        ],
      }),
    );
    expect(
      groups.map(({ policy, enforcement, violations }) => [
        policy,
        enforcement,
        violations.map(({ urn }) => urn).join(),
      ]),
    ).toEqual([
      ["c", "mandatory", "1,2"],
      ["a", "advisory", "1"],
      ["b", "advisory", "2"],
      ["c", "advisory", "3"],
    ]);
  });

  it("takes the description out of every message, and nothing else", () => {
    const about = {
      name: "a",
      title: "A",
      description: "Things are small.",
      remediation: "",
      url: "",
      severity: "",
    } as const;
    const messages = [
      "Things are small.",
      "Things are small. Or not.",
      "Things are small.\nx is large.",
      "y is large.",
    ];
    const violations = messages.map((message, urn) => ({
      ...violation("a", "mandatory", String(urn)),
      message,
    }));
    const [group] = groupViolations(report({ violations, descriptions: [about] }));
    expect(group?.about).toEqual(about);
    expect(group?.violations.map(({ message }) => message)).toEqual([
      "",
      "Things are small. Or not.",
      "x is large.",
      "y is large.",
    ]);
  });
});

describe("verdict", () => {
  it.each([
    [report(), "0 violations in 7 evaluations"],
    [report({ evaluated: 1 }), "0 violations in 1 evaluation"],
    [
      report({ violations: [violation("a", "mandatory", ""), violation("b", "advisory", "")] }),
      "1 mandatory violation, 1 advisory violation in 7 evaluations",
    ],
    [
      report({ failures: [{ policy: "a", urn: "", message: "" }] }),
      "0 violations in 7 evaluations, 1 policy could not run",
    ],
  ])("%#", (given, expected) => {
    expect(verdict(given)).toBe(expected);
  });
});

describe("resourceLabel", () => {
  it.each([
    [
      "urn:pulumi:prod::runstack::runstack:a:B$kubernetes:apps/v1:Deployment::web",
      "Deployment web",
    ],
    ["urn:pulumi:prod::runstack::a:b:C::odd::name", "C odd::name"],
    ["not a urn", "not a urn"],
    ["", "the stack as a whole"],
  ])("%j is called %j", (urn, expected) => {
    expect(resourceLabel(urn)).toBe(expected);
  });
});
