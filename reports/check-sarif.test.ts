import { describe, expect, it } from "vitest";
import { renderCheckSarif } from "./check-sarif";
import { CHECKED, CLEAN, TROUBLED } from "./fixtures/check";

interface Sarif {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly partialFingerprints: Readonly<Record<string, string>>;
        readonly [key: string]: unknown;
      }[];
      readonly invocations: readonly unknown[];
      readonly [key: string]: unknown;
    },
  ];
}

const sarif = (report: typeof CLEAN): Sarif["runs"][0] =>
  (JSON.parse(renderCheckSarif(report)) as Sarif).runs[0];

const EXEMPT = "An exemption with a reason and an expiry date can be given with --exemptions.";

describe("renderCheckSarif", () => {
  it("describes each violated policy", () => {
    expect(sarif(CHECKED).tool.driver.rules).toEqual([
      {
        id: "replicas",
        name: "More than one",
        shortDescription: { text: "More than one" },
        fullDescription: { text: "Deployments have replicas. Enforces PO-01; CKV_1." },
        help: { text: `Write replicas. Enforces PO-01; CKV_1. ${EXEMPT}` },
        helpUri: "https://example.com/replicas",
        defaultConfiguration: { level: "error" },
        properties: { severity: "high" },
      },
      expect.objectContaining({ id: "tier", defaultConfiguration: { level: "warning" } }),
      expect.objectContaining({ id: "housed", defaultConfiguration: { level: "error" } }),
    ]);
  });

  it("places each result in its file", () => {
    const results = sarif(CHECKED).results.map(({ partialFingerprints, ...result }) => {
      expect(Object.values(partialFingerprints)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
      return result;
    });
    expect(results.slice(0, 2)).toEqual([
      {
        ruleId: "tier",
        ruleIndex: 1,
        level: "warning",
        message: {
          text: 'Deployment "shop/api": metadata.labels.tier is missing; it must be "web".',
        },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "deploy/a.yaml" },
              region: { startLine: 4, startColumn: 5 },
            },
            logicalLocations: [{ fullyQualifiedName: "Deployment shop/api", kind: "resource" }],
          },
        ],
      },
      expect.objectContaining({ ruleId: "replicas", ruleIndex: 0, level: "error" }),
    ]);
    expect(results[2]).toMatchObject({
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "file:///out%20side/b%23%1B.yaml" },
            region: { startLine: 12, startColumn: 1 },
          },
          logicalLocations: [{ fullyQualifiedName: "Namespace shop", kind: "resource" }],
        },
      ],
    });
    expect(results[3]).toMatchObject({ ruleId: "housed", ruleIndex: 2, locations: [{}] });
  });

  it("escapes names of files", () => {
    const [first] = CHECKED.violations;
    const report = {
      ...CHECKED,
      violations: [first].flatMap((one) =>
        one === undefined ? [] : [{ ...one, file: "a b/c%d#é.yaml", line: 0 }],
      ),
    };
    expect(sarif(report).results[0]).toMatchObject({
      locations: [{ physicalLocation: { artifactLocation: { uri: "a%20b/c%25d%23%C3%A9.yaml" } } }],
    });
    expect(JSON.stringify(sarif(report).results)).not.toContain("region");
  });

  it("keeps the fingerprint of a finding that moves or is worded anew", () => {
    const moved = CHECKED.violations.map((one) => ({
      ...one,
      line: one.line + 1,
      message: "anew",
    }));
    const other = CHECKED.violations.map((one) => ({ ...one, path: `${one.path}.x` }));
    const prints = (violations: typeof moved): readonly unknown[] =>
      sarif({ ...CHECKED, violations }).results.map((result) => result.partialFingerprints);
    expect(prints(moved)).toEqual(prints([...CHECKED.violations]));
    expect(prints(other)).not.toEqual(prints(moved));
    expect(new Set(prints(moved).map((print) => JSON.stringify(print))).size).toBe(4);
  });

  it("tells what could not be read", () => {
    expect(sarif(CLEAN)).toMatchObject({
      automationDetails: { id: "runstack/check/" },
      columnKind: "utf16CodeUnits",
      invocations: [{ executionSuccessful: true, toolExecutionNotifications: [] }],
      results: [],
    });
    expect(sarif(TROUBLED).invocations).toEqual([
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
          { level: "error", message: { text: "There is nothing to check in e." } },
        ],
      },
    ]);
  });
});
