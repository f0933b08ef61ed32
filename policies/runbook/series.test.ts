import { describe, expect, it } from "vitest";
import { shop } from "../testing/system";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { shopWith } from "../testing/runbook";

const MONITORING = "kubernetes:monitoring.coreos.com/v1";
const named = (name: string, namespace = "shop") => ({ metadata: { name, namespace } });

const rule = (expr: string): Fixture => ({
  type: `${MONITORING}:PrometheusRule`,
  name: "rules",
  props: { ...named("rules"), spec: { groups: [{ name: "g", rules: [{ alert: "Bad", expr }] }] } },
});

const chart = (values: object): Fixture => ({
  type: "kubernetes:helm.sh/v3:Release",
  name: "metrics",
  props: { chart: "kube-prometheus-stack", values },
});

const podMonitor = (spec: unknown): Fixture => ({
  type: `${MONITORING}:PodMonitor`,
  name: "monitor",
  props: { ...named("monitor"), spec },
});

const serviceMonitor = (service: string): Fixture =>
  podMonitor({
    selector: { matchLabels: { app: service } },
    podMetricsEndpoints: [
      { port: "http", relabelings: [{ targetLabel: "service", replacement: service }] },
    ],
  });

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
            spec: { containers: [{ name: "exporter", image }] },
          },
        },
      },
    },
    {
      type: "kubernetes:core/v1:Service",
      name: "exporter",
      props: { ...named("exporter"), spec: { selector: labels } },
    },
  ];
};

const scrape = (spec: object): Fixture => ({
  type: "kubernetes:monitoring.coreos.com/v1alpha1:ScrapeConfig",
  name: "scrape",
  props: { ...named("scrape"), spec },
});

const said = (...fixtures: readonly Fixture[]): Promise<readonly string[]> =>
  messages("runbook-series-scraped", fixtures, shopWith({}));

const start = 'PrometheusRule "shop/rules": alert "Bad" reads';
const missing = (metric: string, by: string): string =>
  `${start} ${metric}, which ${by} exports, and nothing in this stack scrapes that: add its monitor, or remove what reads it.`;

describe("runbook-series-scraped", () => {
  it("wants the chart whose exporter is read, with the exporter on", async () => {
    const restarts = rule("kube_pod_container_status_restarts_total > 3");
    const says = [missing("kube_pod_container_status_restarts_total", "kube-state-metrics")];
    expect(await said(restarts)).toEqual(says);
    expect(await said(restarts, chart({}))).toEqual([]);
    expect(await said(restarts, chart({ kubeStateMetrics: { enabled: false } }))).toEqual(says);
    expect(await said(restarts, chart({ kubeStateMetrics: { enabled: UNKNOWN } }))).toEqual([]);
  });

  it("wants a monitor that selects the pods of an operator, by its labels", async () => {
    const up = rule("cnpg_collector_up < 1");
    const labels = { "cnpg.io/cluster": "ledger", "cnpg.io/podRole": "instance" };
    const says = [missing("cnpg_collector_up", "CloudNativePG")];
    expect(await said(up, podMonitor({ selector: { matchLabels: labels } }))).toEqual([]);
    expect(
      await said(up, podMonitor({ selector: { matchLabels: { "cnpg.io/cluster": "ledger" } } })),
    ).toEqual(says);
    const pooler = { ...labels, "cnpg.io/podRole": "pooler" };
    expect(await said(up, podMonitor({ selector: { matchLabels: pooler } }))).toEqual(says);
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
    const says = [missing("pg_up", "postgres_exporter")];
    expect(await said(down, target, ...exporter(image))).toEqual([]);
    expect(await said(down, through, ...exporter(image))).toEqual([]);
    expect(await said(down, ...exporter(image))).toEqual(says);
    expect(await said(down, target, ...exporter("docker.io/library/nginx:1"))).toEqual(says);
    const selecting = podMonitor({ selector: { matchLabels: { run: "exporter" } } });
    expect(await said(down, selecting, ...exporter(image))).toEqual([]);
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
      `${start} ${requests} of ${names}, which no monitor of this stack scrapes: add a PodMonitor that sets the label service.`;
    const cart = rule(`rate(${requests}{service="cart"}[5m]) > 1`);
    expect(await said(cart, serviceMonitor("cart"))).toEqual([]);
    expect(await said(cart, serviceMonitor("orders"))).toEqual([whose("cart")]);
    const any = rule(`rate(${requests}[5m]) > 1`);
    expect(await said(any, serviceMonitor("orders"))).toEqual([]);
    expect(await said(any)).toEqual([whose("orders, cart")]);
    const some = rule(`rate(${requests}{service=~"cart|orders"}[5m]) > 1`);
    expect(await said(some, serviceMonitor("orders"))).toEqual([whose("cart")]);
    const others = rule(`rate(${requests}{service!="cart"}[5m]) > 1`);
    expect(await said(others, serviceMonitor("orders"))).toEqual([]);
    expect(await said(rule('absent(up{service="cart"})'))).toEqual([
      `${start} up of cart, which no monitor of this stack scrapes: add a PodMonitor that sets the label service.`,
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
      'ConfigMap "watch/d": panel "Lag" reads kafka_brokers, which kafka_exporter exports, and nothing in this stack scrapes that: add its monitor, or remove what reads it.',
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
      'ScaledObject "shop/cart": a trigger reads redis_up, which redis_exporter exports, and nothing in this stack scrapes that: add its monitor, or remove what reads it.',
    ]);
  });
});
