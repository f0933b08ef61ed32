import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { Observability } from "./observability";
import { SECRET, SIGNATURE, args, byName, kafka, mocks, read, registered } from "./testing";

let component: Observability;

beforeAll(async () => {
  registered.length = 0; // Other test files of the same worker also record there.
  await pulumi.runtime.setMocks(mocks, "runstack", "prod", false);
  component = new Observability("obs", args(), {});
  component.exportLag(kafka());
  component.watch([]);
  await pulumi.runtime.disconnect();
});

describe("Observability", () => {
  it("registers exactly these children", () => {
    expect(registered.map(({ type, name }) => `${name} ${type}`).sort()).toEqual([
      "obs-alert-channels kubernetes:core/v1:Secret",
      "obs-cert-manager-monitor kubernetes:monitoring.coreos.com/v1:PodMonitor",
      "obs-dapr-control-plane-monitor kubernetes:monitoring.coreos.com/v1:PodMonitor",
      "obs-dapr-sidecars-monitor kubernetes:monitoring.coreos.com/v1:PodMonitor",
      "obs-dashboard-todo-chatbot kubernetes:core/v1:ConfigMap",
      "obs-dashboard-todo-chatbot-backend kubernetes:core/v1:ConfigMap",
      "obs-dashboard-todo-chatbot-frontend kubernetes:core/v1:ConfigMap",
      "obs-dashboard-todo-chatbot-notification kubernetes:core/v1:ConfigMap",
      "obs-dashboard-todo-chatbot-objectives kubernetes:core/v1:ConfigMap",
      "obs-dashboard-todo-chatbot-recurring-task kubernetes:core/v1:ConfigMap",
      "obs-dashboard-todo-chatbot-websocket kubernetes:core/v1:ConfigMap",
      "obs-external-dns-monitor kubernetes:monitoring.coreos.com/v1:PodMonitor",
      "obs-external-secrets-monitor kubernetes:monitoring.coreos.com/v1:PodMonitor",
      "obs-gateway-monitor kubernetes:monitoring.coreos.com/v1:PodMonitor",
      "obs-grafana-administrator kubernetes:core/v1:Secret",
      "obs-grafana-password random:index/randomPassword:RandomPassword",
      "obs-kafka-exporter kubernetes:apps/v1:Deployment",
      "obs-kafka-exporter-account kubernetes:core/v1:ServiceAccount",
      "obs-kafka-exporter-budget kubernetes:policy/v1:PodDisruptionBudget",
      "obs-kafka-exporter-credentials kubernetes:core/v1:Secret",
      "obs-kafka-exporter-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
      "obs-kafka-exporter-scrape kubernetes:monitoring.coreos.com/v1alpha1:ScrapeConfig",
      "obs-kafka-exporter-service kubernetes:core/v1:Service",
      "obs-keda-monitor kubernetes:monitoring.coreos.com/v1:PodMonitor",
      "obs-metrics kubernetes:helm.sh/v3:Release",
      "obs-routing kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig",
      "obs-rules kubernetes:monitoring.coreos.com/v1:PrometheusRule",
      "obs-traces kubernetes:helm.sh/v3:Release",
    ]);
  });

  it("returns the addresses for traces and metrics", () => {
    expect({
      traces: component.otlpEndpoint,
      metrics: component.prometheusUrl,
      grafana: component.grafanaService,
    }).toEqual({
      traces: "tempo.watch.svc:4317",
      metrics: "http://monitoring-prometheus.watch.svc:9090",
      grafana: "grafana",
    });
    expect(component.metricsReady).toHaveLength(1);
    expect(component.tracesReady).toHaveLength(1);
  });

  it("generates Grafana's password as a secret", async () => {
    expect(await read(component.grafanaPassword)).toBe("made-password");
    expect(byName("obs-grafana-password").inputs).toEqual({
      length: 32,
      special: false,
      keepers: { rotation: "1" },
    });
  });

  it("stores the channels' credentials in the Secret that the routing refers to", () => {
    expect(byName("obs-alert-channels").inputs["stringData"]).toEqual({
      [SIGNATURE]: SECRET,
      value: { "pagerduty-routing-key": "routing-key", "slack-webhook-url": "webhook" },
    });
    const { spec } = byName("obs-routing").inputs as {
      spec: { receivers: Record<string, unknown>[] };
    };
    expect(spec.receivers[1]).toMatchObject({
      name: "critical",
      pagerdutyConfigs: [{ routingKey: { name: "alert-channels", key: "pagerduty-routing-key" } }],
      slackConfigs: [
        { apiURL: { name: "alert-channels", key: "slack-webhook-url" }, channel: "#ops" },
      ],
    });
  });

  it("creates the rules in the application's namespace", () => {
    const { metadata, spec } = byName("obs-rules").inputs as {
      metadata: unknown;
      spec: { groups: { name: string }[] };
    };
    expect(metadata).toEqual({
      name: "todo-chatbot",
      namespace: "app",
      labels: {
        "app.kubernetes.io/part-of": "todo-chatbot",
        "app.kubernetes.io/component": "rules",
        "app.kubernetes.io/managed-by": "pulumi",
      },
    });
    expect(spec.groups.map(({ name }) => name)).toEqual([
      "todo-chatbot.slo.availability.recording",
      "todo-chatbot.slo.availability.budget",
      "todo-chatbot.slo.availability.alerting",
      "todo-chatbot.slo.latency.recording",
      "todo-chatbot.slo.latency.budget",
      "todo-chatbot.slo.latency.alerting",
      "todo-chatbot.slo.errors.recording",
      "todo-chatbot.slo.errors.budget",
      "todo-chatbot.slo.errors.alerting",
      "todo-chatbot.alerts",
      "todo-chatbot.watchdogs",
    ]);
  });

  it("labels a dashboard for Grafana's sidecar and puts it in the system's folder", () => {
    const { metadata, data } = byName("obs-dashboard-todo-chatbot").inputs as {
      metadata: { name: string; labels: Record<string, string>; annotations: unknown };
      data: Record<string, string>;
    };
    expect([metadata.name, metadata.labels["grafana_dashboard"], metadata.annotations]).toEqual([
      "dashboard-todo-chatbot",
      "1",
      { grafana_folder: "Todo Chatbot" },
    ]);
    expect(Object.keys(data)).toEqual(["todo-chatbot.json"]);
  });

  it("scrapes sidecars on Dapr's own port, under the service's name", () => {
    expect(byName("obs-dapr-sidecars-monitor").inputs["spec"]).toEqual({
      namespaceSelector: { matchNames: ["app"] },
      selector: { matchLabels: { "dapr.io/sidecar-injected": "true" } },
      podMetricsEndpoints: [
        {
          port: "dapr-metrics",
          path: "/",
          relabelings: [
            {
              action: "replace",
              sourceLabels: ["__meta_kubernetes_pod_label_app_kubernetes_io_component"],
              targetLabel: "service",
            },
          ],
        },
      ],
    });
  });

  it("keeps the certificate's namespace in cert-manager's metrics", () => {
    expect(byName("obs-cert-manager-monitor").inputs["spec"]).toMatchObject({
      podMetricsEndpoints: [{ port: "http-metrics", path: "/metrics", honorLabels: true }],
    });
  });

  it("registers no lag exporter without an event bus", async () => {
    const before = registered.length;
    await pulumi.runtime.setMocks(mocks, "runstack", "prod", false);
    const other = new Observability("bare", args(), {});
    await pulumi.runtime.disconnect();
    expect(await read(other.grafanaPassword)).toBe("made-password");
    const names = registered.slice(before).map(({ name }) => name);
    expect(names).toHaveLength(20);
    expect(names.filter((name) => name.includes("kafka"))).toEqual([]);
  });

  it("refuses invalid arguments before the first child", () => {
    const before = registered.length;
    expect(() => new Observability("wrong", { ...args(), runbookUrl: "wiki" }, {})).toThrow(
      'Observability: runbookUrl is "wiki", but must be an https address without an anchor.',
    );
    expect(registered).toHaveLength(before);
  });
});
