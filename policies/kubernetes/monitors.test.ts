import { describe, expect, it } from "vitest";
import { UNKNOWN, UNKNOWN_OBJECT, messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { LABELS, broken, deployment } from "../testing/fixtures";
import type { Key } from "../values";

const PORTS: readonly Key[] = ["spec", "template", "spec", "containers", 0, "ports"];
const pods = (): Fixture => broken(deployment(), PORTS, [{ name: "http" }, { name: "metrics" }]);
const service = (): Fixture => ({
  type: "kubernetes:core/v1:Service",
  name: "orders",
  props: {
    metadata: { name: "orders", namespace: "shop", labels: LABELS },
    spec: { ports: [{ name: "web", port: 80 }] },
  },
});
const monitor = (kind: string, endpoints: string, port: string): Fixture => ({
  type: `kubernetes:monitoring.coreos.com/v1:${kind}`,
  name: "orders",
  props: {
    metadata: { name: "orders", namespace: "shop" },
    spec: { selector: { matchLabels: LABELS }, [endpoints]: [{ port }] },
  },
});
const GONE = { matchLabels: { app: "gone" } };

describe.each([
  ["PodMonitor", "podMetricsEndpoints", "metrics", "http", "pod"],
  ["ServiceMonitor", "endpoints", "web", "metrics", "Service"],
] as const)("%s", (kind, endpoints, port, other, what) => {
  const AT = `${kind} "shop/orders": spec.`;
  const nothing = (found: string, namespace = "shop"): string =>
    `${AT}selector is ${found}; it selects no ${what} of the namespace "${namespace}": use the labels of one.`;
  const noPort = (found: string): string =>
    `${AT}${endpoints}[0].port is ${found}; no ${what} that it selects has a port of that name: use the name of one.`;
  const happy = (): readonly Fixture[] => [monitor(kind, endpoints, port), pods(), service()];
  const labels: readonly Key[] =
    kind === "PodMonitor"
      ? [1, "spec", "template", "metadata", "labels"]
      : [2, "metadata", "labels"];

  testPolicy("monitor-scrapes", {
    happy,
    broken: [
      { at: ["spec", "selector"], to: GONE, says: nothing('{"matchLabels":{"app":"gone"}}') },
      { at: ["spec", "selector"], to: {}, says: [] },
      {
        at: ["spec", endpoints, 0, "port"],
        to: other === "http" ? "web" : other,
        says: noPort(other === "http" ? '"web"' : `"${other}"`),
      },
      { at: ["spec", endpoints, 0], to: { targetPort: 9110 }, says: [] },
      { at: ["spec", "namespaceSelector"], to: { any: true }, says: [] },
      { at: ["spec", "namespaceSelector"], to: { matchNames: ["stock"] }, says: [] },
      { at: ["spec", "namespaceSelector"], to: { matchNames: ["shop", "stock"] }, says: [] },
      { at: ["metadata", "namespace"], to: "monitoring", says: [] },
      { at: ["metadata", "namespace"], to: UNKNOWN, says: [] },
    ],
    unknown: [
      ["metadata", "namespace"],
      ["spec", "selector"],
      ["spec", "namespaceSelector"],
      ["spec", endpoints],
      ["spec", endpoints, 0, "port"],
      labels,
    ],
  });

  const named = (name: string, ports: readonly object[]): Fixture => {
    const fixture = kind === "PodMonitor" ? pods() : service();
    const at = kind === "PodMonitor" ? PORTS : ["spec", "ports"];
    return { ...broken(fixture, at, ports), name };
  };
  testPolicy("monitor-scrapes", {
    happy: () => [
      monitor(kind, endpoints, port),
      named("first", [{ name: "other" }]),
      named("second", [{ name: port }]),
      ...(kind === "PodMonitor" ? [] : [pods()]),
    ],
    broken: [
      { of: 2, at: ["metadata", "namespace"], to: "stock", says: noPort(`"${port}"`) },
      { at: ["spec", "selector"], to: GONE, says: nothing('{"matchLabels":{"app":"gone"}}') },
    ],
    unknown: [
      [2, "metadata", "namespace"],
      [2, ...labels.slice(1)],
    ],
  });

  const at = (fixture: Fixture, namespace?: string): Fixture =>
    broken(fixture, ["metadata", "namespace"], namespace);
  testPolicy("monitor-scrapes", {
    happy: () => {
      const [fixture, ...others] = happy();
      const away = broken(fixture ?? pods(), ["spec", "namespaceSelector"], {
        matchNames: ["shop"],
      });
      return [at(away, "monitoring"), ...others];
    },
    broken: [
      {
        at: ["spec", "selector"],
        to: GONE,
        says: nothing('{"matchLabels":{"app":"gone"}}').replace("shop/", "monitoring/"),
      },
    ],
    unknown: [["spec", "namespaceSelector", "matchNames", 0]],
  });
  testPolicy("monitor-scrapes", {
    happy: () => happy().map((fixture) => at(fixture)),
    broken: [
      {
        at: ["spec", "selector"],
        to: GONE,
        says: nothing('{"matchLabels":{"app":"gone"}}', "default").replace("shop/", ""),
      },
    ],
    unknown: [],
  });

  const reported = (selector: unknown, ...more: readonly Fixture[]): Promise<readonly string[]> => {
    const [fixture, ...rest] = happy();
    const changed =
      fixture === undefined
        ? []
        : [broken(fixture, ["spec"], { [endpoints]: [{ port }], ...(selector as object) })];
    return messages("monitor-scrapes", [...changed, ...rest, ...more]);
  };

  it("selects in the namespace that it names", async () => {
    const away = { selector: GONE, namespaceSelector: { matchNames: ["shop"] } };
    expect(await reported(away)).toEqual([nothing('{"matchLabels":{"app":"gone"}}')]);
    expect(await reported({ selector: GONE, namespaceSelector: { matchNames: UNKNOWN } })).toEqual(
      [],
    );
    for (const namespaceSelector of [
      UNKNOWN_OBJECT,
      { any: UNKNOWN },
      { matchNames: [UNKNOWN] },
      { matchNames: ["shop"], any: true },
    ]) {
      expect(await reported({ selector: GONE, namespaceSelector })).toEqual([]);
    }
    const none = { selector: GONE, namespaceSelector: { matchNames: [], any: false } };
    expect(await reported(none)).toEqual([nothing('{"matchLabels":{"app":"gone"}}')]);
  });

  it("does not report what a chart may have created", async () => {
    const release = {
      type: "kubernetes:helm.sh/v3:Release",
      name: "r",
      props: { namespace: "shop" },
    };
    expect(await reported({ selector: GONE }, release)).toEqual([]);
  });

  it("counts unknown labels and ports", async () => {
    const [of = 0, ...path] = labels;
    const fixture = happy().map((each, index) =>
      index === of ? broken(each, path, UNKNOWN_OBJECT) : each,
    );
    expect(await messages("monitor-scrapes", fixture)).toEqual([]);
    const list = kind === "PodMonitor" ? PORTS : ["spec", "ports"];
    for (const to of [UNKNOWN, [{ name: UNKNOWN }]]) {
      const vague = happy().map((each, index) => (index === of ? broken(each, list, to) : each));
      expect(await messages("monitor-scrapes", vague)).toEqual([]);
    }
  });
});
