import { describe, expect, it } from "vitest";
import { HOSTILE, planOf, resource, RESOURCES } from "./fixtures/plan";
import { planFiles } from "./files";

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
