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

describe("pods of operators", () => {
  const scraping = (port: unknown, matchLabels: object): Fixture => ({
    ...monitor("PodMonitor", "podMetricsEndpoints", ""),
    props: {
      metadata: { name: "orders", namespace: "shop" },
      spec: { selector: { matchLabels }, podMetricsEndpoints: [{ port }] },
    },
  });
  const run = (type: string, spec: object = {}): Fixture => ({
    type: `kubernetes:${type}`,
    name: type,
    props: { metadata: { name: "bus", namespace: "shop" }, spec },
  });
  const kafka = (name: unknown): Fixture =>
    run("kafka.strimzi.io/v1:Kafka", { kafka: { listeners: [{ name }] } });
  const said = (port: unknown, labels: object, ...more: readonly Fixture[]) =>
    messages("monitor-scrapes", [scraping(port, labels), ...more]);

  it("have the ports that their operator names, and those of listeners and templates", async () => {
    const labels = { "strimzi.io/cluster": "bus", "strimzi.io/kind": "Kafka" };
    expect(await said("tcp-prometheus", labels, kafka("inner"))).toEqual([]);
    expect(await said("tcp-inner", labels, kafka("inner"))).toEqual([]);
    const [refused] = await said("tcp-prometheux", labels, kafka("inner"));
    expect(refused).toMatch(
      /^PodMonitor "shop\/orders": spec.podMetricsEndpoints\[0\].port is "tcp-prometheux"; the pods that it selects, which an operator runs, name only the ports .*"tcp-inner": use one of them\.$/,
    );
    const pooler = run("postgresql.cnpg.io/v1:Pooler", {
      template: { spec: { containers: [{ name: "extra", ports: [{ name: "own" }] }] } },
    });
    const its = { "cnpg.io/poolerName": "bus" };
    expect(await said("metrics", its, pooler)).toEqual([]);
    expect(await said("own", its, pooler)).toEqual([]);
    expect(await said("metric", its, pooler)).toHaveLength(1);
  });

  it("have those of their Kafka in a pool, which is judged only beside it", async () => {
    const pool: Fixture = {
      type: "kubernetes:kafka.strimzi.io/v1:KafkaNodePool",
      name: "pool",
      props: {
        metadata: { name: "brokers", namespace: "shop", labels: { "strimzi.io/cluster": "bus" } },
        spec: {},
      },
    };
    const members = { "strimzi.io/pool-name": "brokers" };
    for (const port of ["tcp-prometheus", "tcp-prometheux"])
      expect(await said(port, members, pool)).toEqual([]);
    expect(await said("tcp-inner", members, pool, kafka("inner"))).toEqual([]);
    const [refused] = await said("tcp-prometheux", members, pool, kafka("inner"));
    expect(refused).toMatch(/name only the ports "tcp-ctrlplane", .* or "tcp-inner": use one/);
  });

  it("are not judged where names are not known", async () => {
    const labels = { "strimzi.io/cluster": "bus", "strimzi.io/kind": "Kafka" };
    expect(await said("x", labels, kafka(UNKNOWN))).toEqual([]);
    expect(await said(UNKNOWN, labels, kafka("inner"))).toEqual([]);
    const alertmanager = run("monitoring.coreos.com/v1:Alertmanager");
    expect(await said("x", { alertmanager: "bus" }, alertmanager)).toEqual([]);
    const chart: Fixture = {
      type: "kubernetes:helm.sh/v3:Release",
      name: "strimzi",
      props: {
        chart: "oci://quay.io/strimzi-helm/strimzi-kafka-operator",
        namespace: "shop",
        values: {},
      },
    };
    const operator = { name: "strimzi-cluster-operator" };
    expect(await said("http", operator, chart)).toEqual([]);
    expect(await said("https", operator, chart)).toHaveLength(1);
  });
});
