import { describe, expect, it } from "vitest";
import { checkFindings } from "./check";
import { NO_PLACE, type AboutPolicy, type Finding, type Findings } from "./findings";
import { CHECKED, TROUBLED } from "./fixtures/check";
import { HOSTILE } from "./fixtures/plan";
import { renderSarif, type SarifRun } from "./sarif";

interface Log {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleIndex: number;
        readonly level: string;
        readonly message: { readonly text: string };
        readonly locations: readonly object[];
        readonly partialFingerprints: Readonly<Record<string, string>>;
      }[];
      readonly [key: string]: unknown;
    },
  ];
}

const RUN: SarifRun = {
  id: "runstack/prod/",
  exempt: "It can be exempt.",
  whole: { file: "Pulumi.prod.yaml", line: 1, column: 0 },
};

const sarif = (findings: Findings, run = RUN): Log["runs"][0] =>
  (JSON.parse(renderSarif(findings, run)) as Log).runs[0];

const [tier, , namespace] = CHECKED.findings;
const of = (given: Partial<Finding> = {}, about: Partial<AboutPolicy> = {}): Findings => ({
  findings: [tier].flatMap((one) =>
    one === undefined ? [] : [{ ...one, ...given, about: { ...one.about, ...about } }],
  ),
  evaluated: 1,
  failures: [],
});

describe("renderSarif", () => {
  it("describes each violated policy once, blocking ones first", () => {
    const { rules } = sarif(checkFindings(CHECKED)).tool.driver;
    expect(rules.map(({ id }) => id)).toEqual(["housed", "replicas", "tier"]);
    expect(rules[1]).toEqual({
      id: "replicas",
      name: "More than one",
      shortDescription: { text: "More than one" },
      fullDescription: { text: "Deployments have replicas. Enforces PO-01; CKV_1." },
      help: { text: "Write replicas. Enforces PO-01; CKV_1. It can be exempt." },
      helpUri: "https://example.com/replicas",
      defaultConfiguration: { level: "error" },
      properties: { severity: "high" },
    });
  });

  it("leaves out missing descriptions, and addresses that are not web addresses", () => {
    const nothing = {
      title: "",
      description: "",
      remediation: "",
      clause: "",
      severity: "",
    } as const;
    expect(sarif(of({}, nothing)).tool.driver.rules).toEqual([
      {
        id: "tier",
        shortDescription: { text: "Policy tier" },
        fullDescription: { text: "No clause given." },
        help: {
          text: "The message of each result says how to fix it. No clause given. It can be exempt.",
        },
        defaultConfiguration: { level: "warning" },
      },
    ]);
    const odd = sarif(of({}, { url: "javascript:alert(1)" })).tool.driver.rules[0];
    expect(odd).not.toHaveProperty("helpUri");
  });

  it.each([
    ["mandatory", "low", "error"],
    ["advisory", "high", "warning"],
    ["advisory", "", "warning"],
    ["advisory", "low", "note"],
  ] as const)("shows %s of severity %j as %s", (enforcement, severity, level) => {
    const { results, tool } = sarif(of({ enforcement }, { severity }));
    expect(results[0]?.level).toBe(level);
    expect(tool.driver.rules).toMatchObject([{ defaultConfiguration: { level } }]);
  });

  it("has one rule for a policy that is both mandatory and advisory", () => {
    const { findings } = of();
    const hard = findings.map((one) => ({ ...one, enforcement: "mandatory" as const }));
    const run = sarif({ ...of(), findings: [...findings, ...hard] });
    expect(run.tool.driver.rules).toMatchObject([{ defaultConfiguration: { level: "error" } }]);
    expect(run.results.map(({ ruleIndex, level }) => [ruleIndex, level])).toEqual([
      [0, "note"],
      [0, "error"],
    ]);
  });

  it("places each result in its file", () => {
    const { results } = sarif(checkFindings(CHECKED));
    expect(results.map(({ locations }) => locations)).toEqual([
      [
        {
          physicalLocation: {
            artifactLocation: { uri: "deploy/a.yaml" },
            region: { startLine: 4, startColumn: 5 },
          },
          logicalLocations: [{ fullyQualifiedName: "Deployment shop/api", kind: "resource" }],
        },
      ],
      expect.any(Array),
      [
        {
          physicalLocation: {
            artifactLocation: { uri: "file:///out%20side/b%23%1B.yaml" },
            region: { startLine: 12, startColumn: 1 },
          },
          logicalLocations: [{ fullyQualifiedName: "Namespace shop", kind: "resource" }],
        },
      ],
      [
        {
          physicalLocation: {
            artifactLocation: { uri: "Pulumi.prod.yaml" },
            region: { startLine: 1 },
          },
        },
      ],
    ]);
    const { message, ruleIndex } = results[2] ?? {};
    expect({ message, ruleIndex }).toEqual({ message: { text: namespace?.message }, ruleIndex: 2 });
  });

  it("escapes file names, and has no region for a whole file", () => {
    const place = { file: "a b/c%d#é.yaml", line: 0, column: 0 };
    expect(sarif(of({ place })).results[0]?.locations[0]).toMatchObject({
      physicalLocation: { artifactLocation: { uri: "a%20b/c%25d%23%C3%A9.yaml" } },
    });
    expect(JSON.stringify(sarif(of({ place })).results)).not.toContain("region");
  });

  it("shows the policy's requirement if the finding has no message", () => {
    expect(sarif(of({ message: "" })).results[0]?.message.text).toBe("Objects have a tier.");
    expect(sarif(of({ message: "" }, { description: "" })).results[0]?.message.text).not.toBe("");
  });

  it("gives a moved or reworded finding the same fingerprint, under the key that code hosts read", () => {
    const print = (...[given, about]: Parameters<typeof of>): string | undefined =>
      sarif(of(given, about)).results[0]?.partialFingerprints["primaryLocationLineHash"];
    expect(print()).toMatch(/^[0-9a-f]{16}:1$/);
    expect(print({ message: "anew", place: NO_PLACE })).toBe(print());
    expect(print({ identity: ["other"] })).not.toBe(print());
    expect(print({}, { name: "other" })).not.toBe(print());
    const other = sarif(of(), { ...RUN, id: "runstack/staging/" }).results[0];
    expect(other?.partialFingerprints["primaryLocationLineHash"]).not.toBe(print());
  });

  it("distinguishes findings that differ only in wording", () => {
    const { findings } = of();
    const { results } = sarif({ ...of(), findings: [...findings, ...findings] });
    expect(results.map(({ partialFingerprints: of }) => Object.values(of)[0]?.slice(-2))).toEqual([
      ":1",
      ":2",
    ]);
  });

  it("has as many results as code hosts show, mandatory ones first, and says how many are left out", () => {
    const soft = of({ enforcement: "advisory" }).findings;
    const hard = of({ enforcement: "mandatory" }).findings;
    const findings = [...Array.from({ length: 5001 }, () => soft).flat(), ...hard];
    const run = sarif({ ...of(), findings });
    expect(run.results).toHaveLength(5000);
    expect(run.results[0]?.level).toBe("error");
    expect(run["invocations"]).toMatchObject([
      {
        toolExecutionNotifications: [
          {
            level: "warning",
            message: { text: "2 more results are left out: code hosts show 5000." },
          },
        ],
      },
    ]);
    expect(sarif({ ...of(), findings: findings.slice(0, 5000) })["invocations"]).toMatchObject([
      { toolExecutionNotifications: [] },
    ]);
  });

  it("reports failures of the tool", () => {
    expect(sarif(of())).toMatchObject({
      automationDetails: { id: "runstack/prod/" },
      columnKind: "utf16CodeUnits",
      invocations: [{ executionSuccessful: true, toolExecutionNotifications: [] }],
    });
    expect(
      sarif(checkFindings({ ...TROUBLED, notes: [], undecidedList: [] }))["invocations"],
    ).toEqual([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          {
            level: "error",
            message: { text: "bad indentation of a mapping entry" },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: "c.yaml" },
                  region: { startLine: 2, startColumn: 7 },
                },
              },
            ],
          },
          {
            level: "error",
            message: { text: "cannot be read: permission denied" },
            locations: [{ physicalLocation: { artifactLocation: { uri: "d.yaml" } } }],
          },
          { level: "error", message: { text: "There is nothing to check in e." }, locations: [] },
        ],
      },
    ]);
  });

  it("is valid JSON without hidden characters, with any names", () => {
    const place = { file: HOSTILE, line: 1, column: 1 };
    const hostile = { place, subject: HOSTILE, subjectId: HOSTILE, message: HOSTILE };
    const text = renderSarif(of(hostile, { name: HOSTILE, clause: HOSTILE, title: HOSTILE }), {
      id: HOSTILE,
      exempt: "",
      whole: NO_PLACE,
    });
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect((JSON.parse(text) as Log).runs[0].results).toHaveLength(1);
  });
});
