import { describe, expect, it } from "vitest";
import { UNKNOWN, type Fixture } from "../testing";
import {
  MONITORING,
  chart,
  leading,
  missing,
  named,
  podMonitor,
  rule,
  said,
  selecting,
  start,
} from "../testing/series";
import { shop } from "../testing/system";

/** A service's monitor, and its pods. */
const serviceMonitor = (
  service: string,
  port = "http",
  pod: unknown = "http",
): readonly Fixture[] => [
  podMonitor({
    selector: { matchLabels: { app: service } },
    podMetricsEndpoints: [
      { port, relabelings: [{ targetLabel: "service", replacement: service }] },
    ],
  }),
  {
    type: "kubernetes:apps/v1:Deployment",
    name: service,
    props: {
      ...named(service),
      spec: {
        template: {
          metadata: { labels: { app: service } },
          spec: { containers: [{ name: service, image: "i", ports: [{ name: pod }] }] },
        },
      },
    },
  },
];

/** An exporter's Deployment, behind a Service. */
const exporter = (image: string): readonly Fixture[] => {
  const labels = { run: "exporter" };
  return [
    {
      type: "kubernetes:apps/v1:Deployment",
      name: "exporter",
      props: {
        ...named("exporter"),
        spec: {
          template: {
            metadata: { labels },
            spec: { containers: [{ name: "exporter", image, ports: [{ name: "numbers" }] }] },
          },
        },
      },
    },
    {
      type: "kubernetes:core/v1:Service",
      name: "exporter",
      props: { ...named("exporter"), spec: { selector: labels, ports: [{ port: 9187 }] } },
    },
  ];
};

const scrape = (spec: object): Fixture => ({
  type: "kubernetes:monitoring.coreos.com/v1alpha1:ScrapeConfig",
  name: "scrape",
  props: { ...named("scrape"), spec },
});

const ADD =
  "add a PodMonitor that selects its pods, by a port that they have, and sets the label service.";

describe("runbook-series-scraped", () => {
  it("wants the chart whose exporter is read, with the exporter on", async () => {
    const restarts = rule("kube_pod_container_status_restarts_total > 3");
    const takes = "the chart kube-prometheus-stack with kubeStateMetrics.enabled";
    const says = [missing("kube_pod_container_status_restarts_total", "kube-state-metrics", takes)];
    expect(await said(restarts)).toEqual(says);
    expect(await said(restarts, chart({}))).toEqual([]);
    expect(await said(restarts, chart({ kubeStateMetrics: { enabled: false } }))).toEqual(says);
    expect(await said(restarts, chart({ kubeStateMetrics: { enabled: UNKNOWN } }))).toEqual([]);
  });

  it("wants what kube-state-metrics is told to read of Strimzi's objects", async () => {
    const info = rule("strimzi_kafka_resource_info < 1");
    const takes =
      "the chart kube-prometheus-stack with kubeStateMetrics.enabled and kube-state-metrics.customResourceState.enabled";
    const says = [
      missing("strimzi_kafka_resource_info", "kube-state-metrics of Strimzi's objects", takes),
    ];
    const values = (enabled: unknown): object => ({
      "kube-state-metrics": { customResourceState: { enabled } },
    });
    expect(await said(info, chart({}))).toEqual(says);
    expect(await said(info, chart(values(false)))).toEqual(says);
    expect(await said(info, chart(values(true)))).toEqual([]);
    expect(await said(info, chart(values(UNKNOWN)))).toEqual([]);
    const off = { ...values(true), kubeStateMetrics: { enabled: false } };
    expect(await said(info, chart(off))).toEqual(says);
  });

  it("wants a monitor that selects the pods of an operator, by its labels", async () => {
    const up = rule("cnpg_collector_up < 1");
    const labels = { "cnpg.io/cluster": "ledger", "cnpg.io/podRole": "instance" };
    const takes = selecting("metrics", "cnpg.io/cluster=.+, cnpg.io/podRole=instance", "a Cluster");
    const says = [missing("cnpg_collector_up", "CloudNativePG", takes)];
    const cluster: Fixture = {
      type: "kubernetes:postgresql.cnpg.io/v1:Cluster",
      name: "ledger",
      props: named("ledger"),
    };
    const monitor = (matchLabels: object): Fixture =>
      podMonitor({ selector: { matchLabels }, podMetricsEndpoints: [{ port: "metrics" }] });
    expect(await said(up, cluster, monitor(labels))).toEqual([]);
    expect(await said(up, cluster, monitor({ "cnpg.io/cluster": "ledger" }))).toEqual(says);
    const pooler = { ...labels, "cnpg.io/podRole": "pooler" };
    expect(await said(up, cluster, monitor(pooler))).toEqual(says);
    expect(await said(up, monitor(labels))).toEqual(says);
    expect(await said(up, podMonitor(UNKNOWN))).toEqual([]);
  });

  it("wants a target that leads to the exporter's image", async () => {
    const down = rule("pg_up == 0");
    const image = "quay.io/prometheuscommunity/postgres-exporter:v1";
    const target = scrape({ staticConfigs: [{ targets: ["exporter.shop.svc:9187"] }] });
    const through = scrape({
      staticConfigs: [{ targets: ["rediss://ledger:5432"] }],
      relabelings: [{ targetLabel: "__address__", replacement: "exporter.shop.svc:9187" }],
    });
    const says = [
      missing("pg_up", "postgres_exporter", leading("prometheuscommunity/postgres-exporter")),
    ];
    const elsewhere = scrape({ staticConfigs: [{ targets: ["exporter.shop.svc:9188"] }] });
    expect(await said(down, elsewhere, ...exporter(image))).toEqual(says);
    const whole = "exporter.shop.svc.cluster.local:9187";
    const long = scrape({ staticConfigs: [{ targets: [whole] }] });
    expect(await said(down, long, ...exporter(image))).toEqual([]);
    // The chart's Prometheus only takes what has the label of its release.
    expect(await said(down, target, ...exporter(image), chart({}))).toEqual(says);
    expect(await said(down, target, ...exporter(image))).toEqual([]);
    expect(await said(down, through, ...exporter(image))).toEqual([]);
    expect(await said(down, ...exporter(image))).toEqual(says);
    expect(await said(down, target, ...exporter("docker.io/library/nginx:1"))).toEqual(says);
    const at = (port: string): Fixture =>
      podMonitor({
        selector: { matchLabels: { run: "exporter" } },
        podMetricsEndpoints: [{ port }],
      });
    expect(await said(down, at("numbers"), ...exporter(image))).toEqual([]);
    expect(await said(down, at("metrics"), ...exporter(image))).toEqual(says);
  });

  it("refuses a label that the exporter does not give, and a name that nobody exports", async () => {
    const other = rule('kube_deployment_spec_replicas{deployement="cart"} < 1');
    const [message] = await said(other, chart({}));
    expect(message).toMatch(
      /reads kube_deployment_spec_replicas by the label deployement, which kube-state-metrics does not give it: use one of namespace, deployment, /,
    );
    expect(await said(rule("queue_lenght > 1"))).toEqual([
      `${start} queue_lenght, which no service and no exporter of this stack exports: correct the name, or declare it in the system's observability.metrics.`,
    ]);
  });

  it("wants the service that is named to be scraped, and at least one where none is", async () => {
    const { requests } = shop.observability.metrics;
    const whose = (names: string): string =>
      `${start} ${requests} of ${names}, which no monitor of this stack scrapes: ${ADD}`;
    const cart = rule(`rate(${requests}{service="cart"}[5m]) > 1`);
    expect(await said(cart, ...serviceMonitor("cart"))).toEqual([]);
    expect(await said(cart, ...serviceMonitor("orders"))).toEqual([whose("cart")]);
    expect(await said(cart, ...serviceMonitor("cart").slice(0, 1))).toEqual([whose("cart")]);
    expect(await said(cart, ...serviceMonitor("cart", "web"))).toEqual([whose("cart")]);
    expect(await said(cart, ...serviceMonitor("cart", "http", UNKNOWN))).toEqual([]);
    const any = rule(`rate(${requests}[5m]) > 1`);
    expect(await said(any, ...serviceMonitor("orders"))).toEqual([]);
    expect(await said(any)).toEqual([whose("orders, cart")]);
    const some = rule(`rate(${requests}{service=~"cart|orders"}[5m]) > 1`);
    expect(await said(some, ...serviceMonitor("orders"))).toEqual([whose("cart")]);
    const others = rule(`rate(${requests}{service!="cart"}[5m]) > 1`);
    expect(await said(others, ...serviceMonitor("orders"))).toEqual([]);
    expect(await said(rule('absent(up{service="cart"})'))).toEqual([
      `${start} up of cart, which no monitor of this stack scrapes: ${ADD}`,
    ]);
    expect(await said(rule('ALERTS{alertname="Bad"} > 0'))).toEqual([]);
  });

  it("takes what a rule records, and leaves rules open that are not visible", async () => {
    const recording: Fixture = {
      type: `${MONITORING}:PrometheusRule`,
      name: "recording",
      props: {
        ...named("recording"),
        spec: { groups: [{ name: "g", rules: [{ record: "a:b", expr: "vector(1)" }] }] },
      },
    };
    expect(await said(rule("a:b > 1"))).toHaveLength(1);
    expect(await said(rule("a:b > 1"), recording)).toEqual([]);
    const hidden: Fixture = { ...recording, props: { ...named("r"), spec: { groups: UNKNOWN } } };
    expect(await said(rule("a:b > 1"), hidden)).toEqual([]);
  });

  it("reads dashboards and autoscalers too", async () => {
    const dashboard = (data: string, labels: object = { grafana_dashboard: "1" }): Fixture => ({
      type: "kubernetes:core/v1:ConfigMap",
      name: "dashboard",
      props: { metadata: { name: "d", namespace: "watch", labels }, data: { "d.json": data } },
    });
    const panel = JSON.stringify({
      panels: [{ title: "Lag", targets: [{ expr: "kafka_brokers" }] }],
    });
    expect(await said(dashboard(panel))).toEqual([
      missing("kafka_brokers", "kafka_exporter", leading("danielqsj/kafka-exporter")).replace(
        start,
        'ConfigMap "watch/d": panel "Lag" reads',
      ),
    ]);
    expect(await said(dashboard(panel, {}))).toEqual([]);
    expect(await said(dashboard("{"))).toEqual([]);
    const scaler: Fixture = {
      type: "kubernetes:keda.sh/v1alpha1:ScaledObject",
      name: "scaler",
      props: {
        ...named("cart"),
        spec: {
          triggers: [
            { type: "cpu", metadata: { query: "kafka_brokers" } },
            { type: "prometheus", metadata: { query: "redis_up" } },
          ],
        },
      },
    };
    expect(await said(scaler)).toEqual([
      missing("redis_up", "redis_exporter", leading("oliver006/redis_exporter")).replace(
        start,
        'ScaledObject "shop/cart": a trigger reads',
      ),
    ]);
  });
});
