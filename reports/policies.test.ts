import { describe, expect, it } from "vitest";
import type { PolicyReport, Violation } from "../offline/plan";
import { NO_PLACE } from "./findings";
import { planFindings, planVerdict, resourceLabel, stopsChange } from "./policies";

const violation = (given: Partial<Violation> = {}): Violation => ({
  policy: "a",
  enforcement: "mandatory",
  urn: "",
  message: "a message",
  clause: "PO-01",
  ...given,
});
const report = (given: Partial<PolicyReport> = {}): PolicyReport => ({
  violations: [],
  failures: [],
  evaluated: 7,
  ...given,
});

const ABOUT = {
  name: "a",
  title: "A",
  description: "Things are small.",
  remediation: "",
  url: "",
  severity: "low",
} as const;

const URN = "urn:pulumi:prod::runstack::runstack:a:B$kubernetes:apps/v1:Deployment::web";

describe("planFindings", () => {
  it("gives each violation's resource, position and description", () => {
    const place = { file: "Pulumi.prod.yaml", line: 4, column: 0 };
    const violations = [violation({ urn: URN })];
    const found = planFindings(report({ violations, descriptions: [ABOUT] }), ({ urn }) =>
      urn === URN ? place : NO_PLACE,
    );
    expect(found).toEqual({
      findings: [
        {
          about: { ...ABOUT, clause: "PO-01" },
          enforcement: "mandatory",
          place,
          subject: "Deployment web",
          subjectId: URN,
          message: "a message",
          identity: [URN],
        },
      ],
      evaluated: 7,
      failures: [],
    });
  });

  it("has only name and clause of a policy without description", () => {
    const [one] = planFindings(report({ violations: [violation()] })).findings;
    expect(one?.about).toEqual({
      name: "a",
      title: "",
      description: "",
      remediation: "",
      url: "",
      severity: "",
      clause: "PO-01",
    });
    expect(one?.place).toBe(NO_PLACE);
  });

  it("orders by resource and message", () => {
    const violations = [
      ["2", "b"],
      ["2", "a"],
      ["1", "c"],
    ].map(([urn = "", message = ""]) => violation({ urn, message }));
    const { findings } = planFindings(report({ violations }));
    expect(findings.map(({ subjectId, message }) => subjectId + message)).toEqual([
      "1c",
      "2a",
      "2b",
    ]);
  });

  it("removes only the description from every message", () => {
    const messages = [
      "Things are small.",
      "Things are small. Or not.",
      "Things are small.\nx is large.",
      "y is large.",
    ];
    const violations = messages.map((message, urn) => violation({ urn: String(urn), message }));
    const { findings } = planFindings(report({ violations, descriptions: [ABOUT] }));
    expect(findings.map(({ message }) => message)).toEqual([
      "",
      "Things are small. Or not.",
      "x is large.",
      "y is large.",
    ]);
  });

  it("turns a policy that could not run into a failure", () => {
    const failures = [{ policy: "a", urn: URN, message: "cannot read x" }];
    expect(planFindings(report({ failures })).failures).toEqual([
      {
        place: NO_PLACE,
        subject: "Deployment web",
        subjectId: URN,
        message: "Policy a could not run: cannot read x",
      },
    ]);
  });
});

describe("planVerdict and stopsChange", () => {
  it.each([
    [report(), "0 violations in 7 evaluations", false],
    [
      report({ violations: [violation(), violation({ enforcement: "advisory" })] }),
      "1 mandatory violation, 1 advisory violation in 7 evaluations",
      true,
    ],
    [
      report({ violations: [violation({ enforcement: "advisory" })] }),
      "1 advisory violation in 7 evaluations",
      false,
    ],
    [
      report({ failures: [{ policy: "a", urn: "", message: "" }] }),
      "0 violations in 7 evaluations, 1 policy could not run",
      true,
    ],
  ])("%#", (given, text, stops) => {
    expect([planVerdict(given), stopsChange(given)]).toEqual([text, stops]);
  });
});

describe("resourceLabel", () => {
  it.each([
    [URN, "Deployment web"],
    ["urn:pulumi:prod::runstack::a:b:C::odd::name", "C odd::name"],
    ["not a urn", "not a urn"],
    ["", "the stack as a whole"],
  ])("%j is labelled %j", (urn, expected) => {
    expect(resourceLabel(urn)).toBe(expected);
  });
});
