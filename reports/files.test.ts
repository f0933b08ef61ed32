import { describe, expect, it } from "vitest";
import { HOSTILE, planOf, resource, RESOURCES } from "./fixtures/plan";
import { planFiles, sarifOfAll } from "./files";
import { NO_PLACE } from "./findings";

describe("planFiles", () => {
  it("has every kind of file in its folder", () => {
    expect(planFiles(planOf()).map(({ name }) => name)).toEqual([
      "plan.json",
      "summary.md",
      "policies.sarif",
      "manifests/index.txt",
      "manifests/01-namespace-todo-chatbot.yaml",
      "manifests/02-secret-todo-chatbot-todo-chatbot-secrets.yaml",
      "manifests/03-deployment-todo-chatbot-todo-chatbot-backend.yaml",
      "manifests/04-prometheusrule-todo-chatbot-todo-chatbot-alerts.yaml",
      "manifests/05-configmap-monitoring-todo-chatbot-dashboard.yaml",
      "rules/todo-chatbot-todo-chatbot-alerts.yaml",
      "dashboards/todo-chatbot.json",
    ]);
  });

  it("has safe paths and no hidden characters, with any resource names", () => {
    const metadata = { name: HOSTILE, namespace: "..", labels: { grafana_dashboard: HOSTILE } };
    const hostile = [
      resource({
        type: "kubernetes:core/v1:ConfigMap",
        name: HOSTILE,
        inputs: { metadata, data: { [`${HOSTILE}.json`]: JSON.stringify({ title: HOSTILE }) } },
      }),
      resource({
        type: "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
        name: HOSTILE,
        inputs: { metadata, spec: { groups: [{ name: HOSTILE, rules: [] }] } },
      }),
    ];
    const files = planFiles(planOf({ stack: HOSTILE, resources: [...RESOURCES, ...hostile] }));
    expect(files).toHaveLength(15);
    for (const { name, text } of files) {
      expect(name).toMatch(/^(?:(?:manifests|rules|dashboards)\/)?[a-z0-9][a-z0-9.-]*$/);
      expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  });
});

describe("sarifOfAll", () => {
  interface Result {
    readonly ruleId: string;
    readonly locations: readonly [{ readonly physicalLocation: object }];
    readonly partialFingerprints: { readonly primaryLocationLineHash: string };
  }
  interface Run {
    readonly automationDetails: object;
    readonly invocations: readonly object[];
    readonly results: readonly Result[];
  }

  const violation = {
    policy: "tier",
    enforcement: "mandatory",
    urn: "",
    message: "No tier.",
    clause: "",
  } as const;
  const undecided = { ...violation, policy: "undecided", enforcement: "advisory" } as const;
  const plans = Array.from({ length: 21 }, (_, index) => ({
    plan: planOf({
      stack: `s${index}`,
      policies: { violations: [violation, undecided], failures: [], evaluated: 2 },
    }),
    placeOf: () => (index === 0 ? { file: "systems/a.ts", line: 3, column: 0 } : NO_PLACE),
  }));
  const { runs } = JSON.parse(sarifOfAll(plans)) as { readonly runs: readonly Run[] };

  it("has every stack in one run, each violation in its own file and with its own fingerprint", () => {
    expect(runs).toHaveLength(1);
    const { results = [], automationDetails } = runs[0] ?? {};
    expect(automationDetails).toEqual({ id: "runstack/plan/" });
    expect(results.map(({ ruleId }) => ruleId)).toEqual(plans.map(() => "tier"));
    const places = results.map(({ locations: [{ physicalLocation }] }) => physicalLocation);
    expect(places.slice(0, 2)).toEqual([
      { artifactLocation: { uri: "systems/a.ts" }, region: { startLine: 3 } },
      { artifactLocation: { uri: "Pulumi.s1.yaml" }, region: { startLine: 1 } },
    ]);
    const prints = results.map((one) => one.partialFingerprints.primaryLocationLineHash);
    expect(new Set(prints).size).toBe(21);
  });

  it("has what is no violation apart from the results", () => {
    const said = { level: "note", message: { text: "undecided: No tier." }, locations: [] };
    expect(runs[0]?.invocations).toEqual([
      { executionSuccessful: true, toolExecutionNotifications: plans.map(() => said) },
    ]);
  });
});
