import { describe, expect, it } from "vitest";
import type { PolicyDescription, Violation } from "../offline/plan";
import { HOSTILE, known, planOf } from "./fixtures/plan";
import { renderSarif } from "./sarif";

const violation = (given: Partial<Violation> = {}): Violation => ({
  policy: "replicas",
  enforcement: "mandatory",
  urn: known.backend.urn,
  message: "has 1 replica",
  clause: "PO-01: Scaling",
  ...given,
});

interface Result {
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly object[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}
interface Log {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly invocations: readonly [{ readonly executionSuccessful: boolean }];
      readonly results: readonly Result[];
    },
  ];
}
const runOf = (...violations: readonly Violation[]): Log["runs"][0] =>
  (JSON.parse(renderSarif(planOf({ policies: { violations, failures: [], evaluated: 1 } }))) as Log)
    .runs[0];

describe("renderSarif", () => {
  it("says what is wrong, where, and which clause it breaks", () => {
    const { partialFingerprints, ...result } = runOf(violation()).results[0] ?? {};
    expect(result).toEqual({
      ruleId: "replicas",
      ruleIndex: 0,
      level: "error",
      message: { text: "has 1 replica" },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "Pulumi.prod.yaml" },
            region: { startLine: 1 },
          },
          logicalLocations: [{ fullyQualifiedName: known.backend.urn, kind: "resource" }],
        },
      ],
    });
    expect(Object.keys(partialFingerprints ?? {})).toEqual(["policyAndResource/v1"]);
    expect(runOf(violation()).tool.driver.rules).toEqual([
      {
        id: "replicas",
        shortDescription: { text: "Policy replicas" },
        fullDescription: { text: "Enforces PO-01: Scaling." },
        help: {
          text:
            "The message of each result says how to mend it. Enforces PO-01: Scaling. An exemption " +
            "with a reason and an expiry date can be declared in the stack's configuration.",
        },
        defaultConfiguration: { level: "error" },
      },
    ]);
  });

  it("takes a rule's name, help and address from what the pack says", () => {
    const about = {
      name: "replicas",
      title: "Several replicas",
      description: "One replica is none.",
      remediation: "Set spec.replicas to 2.",
      url: "https://example.com/replicas",
      severity: "high",
    } as const;
    const run = (description: PolicyDescription, message: string): Log["runs"][0] => {
      const violations = [violation({ message })];
      const policies = { violations, failures: [], evaluated: 1, descriptions: [description] };
      return (JSON.parse(renderSarif(planOf({ policies }))) as Log).runs[0];
    };
    const { tool, results } = run(about, "One replica is none.");
    expect(tool.driver.rules).toEqual([
      {
        id: "replicas",
        name: "Several replicas",
        shortDescription: { text: "Several replicas" },
        fullDescription: { text: "One replica is none. Enforces PO-01: Scaling." },
        help: {
          text:
            "Set spec.replicas to 2. Enforces PO-01: Scaling. An exemption " +
            "with a reason and an expiry date can be declared in the stack's configuration.",
        },
        helpUri: "https://example.com/replicas",
        defaultConfiguration: { level: "error" },
        properties: { severity: "high" },
      },
    ]);
    expect(results[0]?.message).toEqual({ text: "One replica is none." });
    expect(run(about, "One replica is none.\nhas 1").results[0]?.message).toEqual({
      text: "has 1",
    });
    const odd = run({ ...about, url: "javascript:alert(1)" }, "x").tool.driver.rules[0];
    expect(odd).not.toHaveProperty("helpUri");
  });

  it("has one rule a policy, and every result points at its own", () => {
    const run = runOf(
      violation({ policy: "z", enforcement: "advisory" }),
      violation({ policy: "a", enforcement: "advisory" }),
      violation({ policy: "z", urn: "" }),
    );
    const { rules } = run.tool.driver;
    expect(rules.map(({ id }) => id)).toEqual(["z", "a"]);
    expect(run.results.map(({ level, ruleIndex }) => [level, rules[ruleIndex]?.id])).toEqual([
      ["error", "z"],
      ["warning", "a"],
      ["warning", "z"],
    ]);
    expect(run.results[0]?.locations[0]).not.toHaveProperty("logicalLocations");
  });

  it("knows a finding again when only its wording changed", () => {
    const print = (given: Partial<Violation>): unknown =>
      runOf(violation(given)).results[0]?.partialFingerprints;
    expect(print({ message: "other words" })).toEqual(print({}));
    expect(print({ urn: known.kafka.urn })).not.toEqual(print({}));
    expect(print({ policy: "other" })).not.toEqual(print({}));
  });

  it("reports a policy that could not run as the tool's failure", () => {
    const failures = [{ policy: "broken", urn: known.kafka.urn, message: "cannot read x" }];
    const log = JSON.parse(
      renderSarif(planOf({ policies: { violations: [], failures, evaluated: 1 } })),
    ) as Log;
    expect(log.runs[0].results).toEqual([]);
    expect(log.runs[0].invocations).toEqual([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          {
            level: "error",
            message: { text: "Policy broken could not run: cannot read x" },
            locations: [
              { logicalLocations: [{ fullyQualifiedName: known.kafka.urn, kind: "resource" }] },
            ],
          },
        ],
      },
    ]);
  });

  it("is valid JSON without hidden characters, whatever the names", () => {
    const evil = violation({ policy: HOSTILE, urn: HOSTILE, message: HOSTILE, clause: HOSTILE });
    const text = renderSarif(
      planOf({ stack: HOSTILE, policies: { violations: [evil], failures: [], evaluated: 1 } }),
    );
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect((JSON.parse(text) as Log).runs[0].results).toHaveLength(1);
  });
});
