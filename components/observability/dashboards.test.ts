import { stringify } from "yaml";
import { describe, expect, it } from "vitest";
import { SYSTEMS } from "../../systems";
import { todoChatbot } from "../../systems/todo-chatbot";
import { systemDashboards } from "./dashboards";
import { dashboardJson, type Dashboard } from "./panel";

const dashboards = systemDashboards(todoChatbot, "todo-chatbot");
const text = (all: readonly Dashboard[]): string =>
  stringify(all, { lineWidth: 0, aliasDuplicateObjects: false });

describe("systemDashboards", () => {
  it("gives Todo Chatbot the dashboards of the golden file", async () => {
    await expect(text(dashboards)).toMatchFileSnapshot("golden/todo-chatbot.dashboards.yaml");
  });

  it("keeps the runbook's uid and queries, for the environment's namespace", () => {
    const [runbook] = systemDashboards(todoChatbot, "todo-staging");
    expect(runbook?.uid).toBe("todo-chatbot");
    expect(runbook?.panels[3]).toEqual({
      title: "WebSocket connections",
      unit: "short",
      queries: [
        { expr: 'websocket_active_connections{namespace="todo-staging"}', legend: "__auto" },
      ],
    });
  });

  it.each(Object.values(SYSTEMS).map((system) => [system.id, system] as const))(
    "has a dashboard for each service of %s, its objectives and the runbook's own",
    (_, system) => {
      const uids = systemDashboards(system, "ns").map(({ uid }) => uid);
      expect(uids).toEqual([
        ...system.dashboards.map(({ uid }) => uid),
        `${system.id}-objectives`,
        ...system.services.map(({ name }) => `${system.id}-${name}`),
      ]);
    },
  );
});

describe("dashboardJson", () => {
  const dashboard: Dashboard = {
    uid: "sample",
    title: "Sample",
    tags: ["a"],
    panels: [
      {
        title: "Budget",
        type: "stat",
        unit: "percentunit",
        queries: [{ expr: "budget", legend: "{{service}}" }],
        thresholds: { values: { warning: 0.25, critical: 0 }, bad: "below" },
      },
      { title: "Traffic", unit: "reqps", queries: [{ expr: "traffic", legend: "all" }] },
      {
        title: "Errors",
        description: "Of all.",
        unit: "short",
        queries: [
          { expr: "first", legend: "1" },
          { expr: "second", legend: "2" },
        ],
        thresholds: { values: { critical: 9, warning: 4 } },
      },
    ],
  };
  interface Read {
    readonly uid: string;
    readonly editable: boolean;
    readonly panels: readonly Readonly<Record<string, unknown>>[];
  }
  const read = JSON.parse(dashboardJson(dashboard)) as Read;

  it("is read-only, with its uid", () => {
    expect([read.uid, read.editable]).toEqual(["sample", false]);
  });

  it("puts two panels in a row", () => {
    expect(read.panels.map(({ gridPos }) => gridPos)).toEqual([
      { x: 0, y: 0, w: 12, h: 8 },
      { x: 12, y: 0, w: 12, h: 8 },
      { x: 0, y: 8, w: 12, h: 8 },
    ]);
  });

  it("orders colours from the worst upwards for lower bounds, and from green for upper bounds", () => {
    const steps = read.panels.map(
      ({ fieldConfig }) =>
        (fieldConfig as { defaults: { thresholds?: { steps: unknown } } }).defaults.thresholds
          ?.steps,
    );
    expect(steps).toEqual([
      [
        { value: null, color: "red" },
        { value: 0, color: "orange" },
        { value: 0.25, color: "green" },
      ],
      undefined,
      [
        { value: null, color: "green" },
        { value: 4, color: "orange" },
        { value: 9, color: "red" },
      ],
    ]);
  });

  it("queries Prometheus by the uid of its data source", () => {
    const datasource = { type: "prometheus", uid: "prometheus" };
    expect(read.panels[2]?.["targets"]).toEqual([
      { refId: "A", datasource, expr: "first", legendFormat: "1" },
      { refId: "B", datasource, expr: "second", legendFormat: "2" },
    ]);
  });
});
