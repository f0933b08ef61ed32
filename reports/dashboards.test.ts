import { describe, expect, it } from "vitest";
import { dashboardFiles } from "./dashboards";
import { resource, RESOURCES } from "./fixtures/plan";

const map = (name: string, label: object, data: object): ReturnType<typeof resource> =>
  resource({
    type: "kubernetes:core/v1:ConfigMap",
    name,
    inputs: { metadata: { labels: { ...label } }, data: { ...data } },
  });
const LABEL = { grafana_dashboard: "1" };

describe("dashboardFiles", () => {
  it("formats the dashboards of labelled ConfigMaps", () => {
    expect(dashboardFiles(RESOURCES)).toEqual({
      files: [
        { name: "todo-chatbot.json", text: '{\n  "uid": "todo-chatbot",\n  "panels": []\n}\n' },
      ],
      skipped: [],
    });
  });

  it("leaves out other ConfigMaps and other keys", () => {
    const files = [map("a", {}, { "a.json": "{}" }), map("b", LABEL, { "readme.md": "hello" })];
    expect(dashboardFiles(files)).toEqual({ files: [], skipped: [] });
  });

  it("says which dashboard is unknown or not JSON", () => {
    const bad = map("a", LABEL, { "a.json": { $unknown: true }, "b.json": "{" });
    expect(dashboardFiles([bad]).skipped).toEqual([
      { urn: bad.urn, reason: "a.json is unknown or not JSON" },
      { urn: bad.urn, reason: "b.json is unknown or not JSON" },
    ]);
  });

  it("gives dashboards with the same name different files inside the folder", () => {
    const files = [map("a", LABEL, { "../x.json": "1" }), map("b", LABEL, { "x.json": "2" })];
    expect(dashboardFiles(files).files).toEqual([
      { name: "x.json", text: "1\n" },
      { name: "x-2.json", text: "2\n" },
    ]);
  });
});
