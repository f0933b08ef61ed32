import { describe, expect, it } from "vitest";
import type { PlanObject } from "../offline/plan";
import { resource, RESOURCES } from "./fixtures/plan";
import { ruleFiles } from "./rules";

const rule = (name: string, inputs: PlanObject): ReturnType<typeof resource> =>
  resource({ type: "kubernetes:monitoring.coreos.com/v1:PrometheusRule", name, inputs });

describe("ruleFiles", () => {
  it("writes the groups as Prometheus itself reads them", () => {
    expect(ruleFiles(RESOURCES)).toEqual({
      files: [
        {
          name: "todo-chatbot-todo-chatbot-alerts.yaml",
          text:
            "groups:\n  - name: todo-chatbot\n    rules:\n      - alert: HighErrorRate\n" +
            "        expr: job:errors:ratio5m > 0.05\n        for: 5m\n        labels:\n" +
            "          severity: critical\n",
        },
      ],
      skipped: [],
    });
  });

  it("gives the reason why a rule object has no file", () => {
    const unknown = rule("a", {
      spec: { groups: [{ name: "g", rules: [{ expr: { $unknown: true } }] }] },
    });
    const empty = rule("b", { spec: {} });
    expect(ruleFiles([unknown, empty])).toEqual({
      files: [],
      skipped: [
        {
          urn: unknown.urn,
          reason:
            "groups[0].rules[0].expr is unknown until the cloud has created the resource it comes from",
        },
        { urn: empty.urn, reason: "has no rule groups" },
      ],
    });
  });

  it("gives files with the same name different paths inside the folder", () => {
    const spec = { groups: [{ name: "g", rules: [] }] };
    const same = [
      rule("x", { metadata: { name: "../a", namespace: "n" }, spec }),
      rule("y", { metadata: { name: "A", namespace: "n" }, spec }),
    ];
    expect(ruleFiles(same).files.map(({ name }) => name)).toEqual(["n-a.yaml", "n-a-2.yaml"]);
  });
});
