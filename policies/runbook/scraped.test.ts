/** What no plan shows the pods of: whether their monitor finds them, and whether Prometheus finds the monitor. */
import { describe, expect, it } from "vitest";
import { UNKNOWN, type Fixture } from "../testing";
import { chart, missing, named, podMonitor, rule, said, selecting } from "../testing/series";

describe("of an operator that a chart installs, runbook-series-scraped", () => {
  const active = rule("keda_scaler_active < 1");
  const release = (values: unknown, more: object = {}): Fixture => ({
    type: "kubernetes:helm.sh/v3:Release",
    name: "keda",
    props: { chart: "keda", namespace: "scaling", values, ...more },
  });
  const on = release({ prometheus: { operator: { enabled: true } } });
  const monitor = (port: string, ...matchNames: readonly string[]): Fixture =>
    podMonitor({
      namespaceSelector: { matchNames },
      selector: { matchLabels: { "app.kubernetes.io/name": "keda-operator" } },
      podMetricsEndpoints: [{ port }],
    });
  const says = [
    missing(
      "keda_scaler_active",
      "KEDA",
      selecting(
        "metrics",
        "app.kubernetes.io/name=keda-operator",
        "the chart keda with prometheus.operator.enabled",
      ),
    ),
  ];
  const right = monitor("metrics", "scaling");

  it("wants the port and the namespace of its pods", async () => {
    expect(await said(active, on, right)).toEqual([]);
    expect(await said(active, on, monitor("http", "scaling"))).toEqual(says);
    expect(await said(active, on, monitor("metrics", "keda"))).toEqual(says);
    expect(await said(active, on, monitor("metrics", "keda", "scaling"))).toEqual([]);
    // Its own namespace, which is another one.
    expect(await said(active, on, monitor("metrics"))).toEqual(says);
    const anywhere = podMonitor({
      namespaceSelector: { any: true },
      selector: { matchLabels: { "app.kubernetes.io/name": "keda-operator" } },
      podMetricsEndpoints: [{ port: "metrics" }],
    });
    expect(await said(active, on, anywhere)).toEqual([]);
  });

  it("wants the values that let it export", async () => {
    expect(await said(active, release({}), right)).toEqual(says);
    const off = { prometheus: { operator: { enabled: false } } };
    expect(await said(active, release(off), right)).toEqual(says);
    expect(await said(active, release(UNKNOWN), right)).toEqual([]);
  });

  it("knows the chart by its name, and leaves one open that is not in the stack", async () => {
    const mirrored = { chart: "oci://registry.example.com/mirror/keda" };
    expect(await said(active, release({}, mirrored), right)).toEqual(says);
    expect(await said(active, release({}, { chart: "other" }), right)).toEqual([]);
    expect(await said(active, release({}, { namespace: UNKNOWN }), right)).toEqual(says);
    expect(await said(active, monitor("metrics", "anywhere"))).toEqual([]);
  });

  it("wants Prometheus to select the monitor", async () => {
    const spec = (prometheusSpec: unknown): Fixture => ({
      ...chart({ prometheus: { prometheusSpec } }),
      props: {
        ...chart({ prometheus: { prometheusSpec } }).props,
        name: "watch",
      },
    });
    const labelled = (labels: object): Fixture => ({
      ...right,
      props: { ...right.props, metadata: { name: "m", namespace: "shop", labels } },
    });
    const of = (prometheusSpec: unknown, one = right, ...more: readonly Fixture[]) =>
      said(active, on, one, spec(prometheusSpec), ...more);
    const all = { podMonitorSelectorNilUsesHelmValues: false };
    // By default, the chart's Prometheus only takes what has the label of its release.
    expect(await of({})).toEqual(says);
    expect(await of({}, labelled({ release: "watch" }))).toEqual([]);
    expect(await of({}, labelled({ release: "other" }))).toEqual(says);
    expect(await of({ podMonitorSelector: {} })).toEqual(says);
    expect(await of({ serviceMonitorSelectorNilUsesHelmValues: false })).toEqual(says);
    expect(await of(all)).toEqual([]);
    expect(await of({ podMonitorSelectorNilUsesHelmValues: UNKNOWN })).toEqual([]);
    const selector = { podMonitorSelector: { matchLabels: { team: "a" } } };
    expect(await of({ ...all, ...selector })).toEqual(says);
    expect(await of({ ...all, ...selector }, labelled({ team: "a" }))).toEqual([]);
    const near = { ...all, podMonitorNamespaceSelector: { matchLabels: { tier: "one" } } };
    const namespace = (tier: unknown): Fixture => ({
      type: "kubernetes:core/v1:Namespace",
      name: "shop",
      props: { metadata: { name: "shop", labels: { tier } } },
    });
    expect(await of(near, right, namespace("one"))).toEqual([]);
    expect(await of(near, right, namespace("two"))).toEqual(says);
    expect(await of(near, right, namespace(UNKNOWN))).toEqual([]);
    expect(await of(near)).toEqual([]);
  });
});

it("runbook-series-scraped wants brokers that are told to export, in the namespace of the monitor", async () => {
  const rate = rule("kafka_server_replicamanager_partitioncount < 1");
  const kafka = (spec: object, namespace = "shop"): Fixture => ({
    type: "kubernetes:kafka.strimzi.io/v1:Kafka",
    name: "bus",
    props: { ...named("bus", namespace), spec: { kafka: spec } },
  });
  const monitor = podMonitor({
    selector: { matchLabels: { "strimzi.io/kind": "Kafka", "strimzi.io/cluster": "bus" } },
    podMetricsEndpoints: [{ port: "tcp-prometheus" }],
  });
  const takes = selecting(
    "tcp-prometheus",
    "strimzi.io/kind=Kafka, strimzi.io/cluster=.+",
    "a Kafka with spec.kafka.metricsConfig",
  );
  const says = [missing("kafka_server_replicamanager_partitioncount", "Kafka's brokers", takes)];
  expect(await said(rate, monitor, kafka({ metricsConfig: {} }))).toEqual([]);
  expect(await said(rate, monitor, kafka({ metricsConfig: UNKNOWN }))).toEqual([]);
  expect(await said(rate, monitor, kafka({}))).toEqual(says);
  expect(await said(rate, monitor, kafka({ metricsConfig: {} }, "other"))).toEqual(says);
  expect(await said(rate, monitor)).toEqual(says);
});

it("runbook-series-scraped reads the values of an expression too", async () => {
  const expiry = rule("dapr_sentry_issuercert_expiry_timestamp < 1");
  const takes = selecting(
    "metrics",
    "app=dapr-(operator|placement-server|scheduler-server|sentry|sidecar-injector)",
    "the chart dapr with global.prometheus.enabled",
  );
  const says = [missing("dapr_sentry_issuercert_expiry_timestamp", "Dapr's control plane", takes)];
  const monitor = (key: string, operator: string): Fixture =>
    podMonitor({
      selector: { matchExpressions: [{ key, operator, values: ["dapr-sentry"] }] },
      podMetricsEndpoints: [{ port: "metrics" }],
    });
  expect(await said(expiry, monitor("app", "In"))).toEqual([]);
  expect(await said(expiry, monitor("app", "NotIn"))).toEqual(says);
  expect(await said(expiry, monitor("name", "In"))).toEqual(says);
});
