import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { todoChatbot } from "../../systems/todo-chatbot";
import type { Kafka } from "../kafka/contract";
import { Observability, type ObservabilityArguments } from "./observability";

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const registered: Registered[] = [];
const KNOWN = /^(kubernetes:|random:index\/randomPassword:)/;
const COMPONENTS = /^runstack:(observability:Observability|test:Kafka)$/;

const mocks: pulumi.runtime.Mocks = {
  newResource({ type, name, inputs }) {
    if (COMPONENTS.test(type)) return { id: undefined, state: {} };
    if (!KNOWN.test(type)) throw new Error(`No mock for ${type}`);
    registered.push({ type, name, inputs: inputs as Record<string, unknown> });
    const made = type.startsWith("random:") ? { result: "made-password" } : {};
    return { id: `${name}-id`, state: { ...(inputs as object), ...made } };
  },
  call({ token }) {
    throw new Error(`No mock for ${token}`);
  },
};

/** How a secret looks on its way to the engine. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The one way in which these tests read an output. */
const read = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => {
    output.apply(resolve);
  });

function kafka(changes: Partial<Kafka> = {}): Kafka {
  const user = (name: string) => ({
    name: pulumi.output(name),
    password: pulumi.secret(`${name}-password`),
  });
  return Object.assign(new pulumi.ComponentResource("runstack:test:Kafka", "bus"), {
    brokers: pulumi.output("a.example.com:25073,b.example.com:25073"),
    tls: true as const,
    certificateAuthority: pulumi.output("CERTIFICATE"),
    authentication: "scram-sha-256" as const,
    users: { application: user("dapr"), monitor: user("watcher") },
    reach: [{ kind: "network" as const, cidr: "10.9.0.0/16", firstPort: 31, lastPort: 39 }],
    ready: [],
    ...changes,
  });
}

const args = (): ObservabilityArguments => ({
  system: todoChatbot,
  environment: "prod",
  applicationNamespace: "app",
  monitoringNamespace: "watch",
  storageClass: "fast",
  production: true,
  chartMirror: undefined,
  runbookUrl: "https://runbooks.example.com/todo",
  channels: {
    pagerDutyRoutingKey: pulumi.secret("routing-key"),
    slack: { webhookUrl: pulumi.secret("webhook"), channel: "#ops" },
  },
  maintenance: false,
});

let component: Observability;
const byName = (name: string): Registered => {
  const found = registered.find((each) => each.name === name);
  if (found === undefined) throw new Error(`Nothing is called ${name}`);
  return found;
};

beforeAll(async () => {
  await pulumi.runtime.setMocks(mocks, "runstack", "prod", false);
  component = new Observability("obs", args(), {});
  component.exportLag(kafka());
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
      "obs-grafana-administrator kubernetes:core/v1:Secret",
      "obs-grafana-password random:index/randomPassword:RandomPassword",
      "obs-kafka-exporter kubernetes:apps/v1:Deployment",
      "obs-kafka-exporter-account kubernetes:core/v1:ServiceAccount",
      "obs-kafka-exporter-budget kubernetes:policy/v1:PodDisruptionBudget",
      "obs-kafka-exporter-credentials kubernetes:core/v1:Secret",
      "obs-kafka-exporter-network kubernetes:networking.k8s.io/v1:NetworkPolicy",
      "obs-kafka-exporter-scrape kubernetes:monitoring.coreos.com/v1alpha1:ScrapeConfig",
      "obs-kafka-exporter-service kubernetes:core/v1:Service",
      "obs-metrics kubernetes:helm.sh/v3:Release",
      "obs-routing kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig",
      "obs-rules kubernetes:monitoring.coreos.com/v1:PrometheusRule",
      "obs-traces kubernetes:helm.sh/v3:Release",
    ]);
  });

  it("tells others where traces go and metrics are asked for", () => {
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

  it("makes Grafana's password, and keeps it a secret", async () => {
    expect(await read(component.grafanaPassword)).toBe("made-password");
    expect(byName("obs-grafana-password").inputs).toEqual({
      length: 32,
      special: false,
      keepers: { rotation: "1" },
    });
  });

  it("keeps the channels' credentials in a Secret that the routing names", () => {
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

  it("writes the rules beside the application", () => {
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

  it("labels a dashboard for Grafana's sidecar and puts it into the system's folder", () => {
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

  it("asks sidecars on Dapr's own port, under the service's name", () => {
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

  it("registers nothing for lag where no event bus is given", async () => {
    const before = registered.length;
    await pulumi.runtime.setMocks(mocks, "runstack", "prod", false);
    const other = new Observability("bare", args(), {});
    await pulumi.runtime.disconnect();
    expect(await read(other.grafanaPassword)).toBe("made-password");
    const names = registered.slice(before).map(({ name }) => name);
    expect(names).toHaveLength(17);
    expect(names.filter((name) => name.includes("kafka"))).toEqual([]);
  });

  it("refuses a mistake before the first child", () => {
    const before = registered.length;
    expect(() => new Observability("wrong", { ...args(), runbookUrl: "wiki" }, {})).toThrow(
      'Observability: runbookUrl is "wiki", but must be an https address without an anchor.',
    );
    expect(registered).toHaveLength(before);
  });
});

describe("the exporter of lag", () => {
  interface Deployment {
    readonly spec: {
      readonly replicas: number;
      readonly template: {
        readonly metadata: { readonly annotations: object };
        readonly spec: Pod;
      };
    };
  }
  interface Pod {
    readonly automountServiceAccountToken: boolean;
    readonly securityContext: object;
    readonly containers: readonly Readonly<Record<string, unknown>>[];
  }

  it("connects as the user that only reads offsets, with the password from its Secret", () => {
    const { spec } = byName("obs-kafka-exporter").inputs as unknown as Deployment;
    const [container] = spec.template.spec.containers;
    expect(container?.["args"]).toEqual([
      "--kafka.server=a.example.com:25073",
      "--tls.enabled",
      "--tls.ca-file=/etc/kafka-exporter/ca.crt",
      "--sasl.enabled",
      "--kafka.version=3.0.0",
      "--sasl.mechanism=scram-sha256",
      "--sasl.username=watcher",
      "--topic.filter=^(task-events|task-updates|reminders)$",
      "--group.filter=^(recurring-task-service|websocket-service|notification-service)$",
      "--web.listen-address=:9308",
    ]);
    expect(container?.["env"]).toEqual([
      {
        name: "SASL_USER_PASSWORD",
        valueFrom: { secretKeyRef: { name: "kafka-exporter-credentials", key: "password" } },
      },
    ]);
    expect(byName("obs-kafka-exporter-credentials").inputs["stringData"]).toEqual({
      [SIGNATURE]: SECRET,
      value: { password: "watcher-password", "ca.crt": "CERTIFICATE" },
    });
    // The first half of sha256("watcher-password\nCERTIFICATE"), and no secret itself.
    expect(spec.template.metadata.annotations).toEqual({
      "runstack.dev/credentials": createHash("sha256")
        .update("watcher-password\nCERTIFICATE")
        .digest("hex")
        .slice(0, 16),
    });
  });

  it("trusts whom its image trusts without an authority, and asks brokers that are pods", async () => {
    const before = registered.length;
    await pulumi.runtime.setMocks(mocks, "runstack", "prod", false);
    const metrics = { namespace: "bus", labels: { "example.org/is": "broker" }, port: "numbers" };
    const bus = kafka({ certificateAuthority: undefined, authentication: "plain", metrics });
    const other = new Observability("plain", args(), {});
    other.exportLag(bus);
    await pulumi.runtime.disconnect();
    expect(await read(other.grafanaPassword)).toBe("made-password");
    const found = (name: string) =>
      registered.slice(before).find((each) => each.name === name)?.inputs;
    const { spec } = found("plain-kafka-exporter") as unknown as Deployment;
    const [container] = spec.template.spec.containers;
    expect(container?.["args"]).toEqual([
      "--kafka.server=a.example.com:25073",
      "--tls.enabled",
      "--sasl.enabled",
      "--kafka.version=3.0.0",
      "--sasl.mechanism=plain",
      "--sasl.username=watcher",
      "--topic.filter=^(task-events|task-updates|reminders)$",
      "--group.filter=^(recurring-task-service|websocket-service|notification-service)$",
      "--web.listen-address=:9308",
    ]);
    expect(container).not.toHaveProperty("volumeMounts");
    expect(spec.template.spec).not.toHaveProperty("volumes");
    expect(found("plain-kafka-exporter-credentials")?.["stringData"]).toEqual({
      [SIGNATURE]: SECRET,
      value: { password: "watcher-password" },
    });
    expect(found("plain-kafka-brokers-monitor")).toMatchObject({
      metadata: { name: "kafka-brokers", namespace: "watch" },
      spec: {
        namespaceSelector: { matchNames: ["bus"] },
        selector: { matchLabels: { "example.org/is": "broker" } },
        podMetricsEndpoints: [{ port: "numbers", path: "/metrics" }],
      },
    });
  });

  it("is restricted, twice there and without a token", () => {
    const { spec } = byName("obs-kafka-exporter").inputs as unknown as Deployment;
    const pod = spec.template.spec;
    expect([spec.replicas, pod.automountServiceAccountToken]).toEqual([2, false]);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
    expect(pod.containers[0]?.["securityContext"]).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    });
  });

  it("is scraped once, through its Service: a sum over two pods would be twice the lag", () => {
    expect(byName("obs-kafka-exporter-scrape").inputs["spec"]).toEqual({
      jobName: "kafka-exporter",
      metricsPath: "/metrics",
      staticConfigs: [{ targets: ["kafka-exporter.app.svc:9308"], labels: { namespace: "app" } }],
    });
  });

  it("talks to DNS and brokers, and is asked by monitoring alone", () => {
    const { spec } = byName("obs-kafka-exporter-network").inputs as {
      spec: { ingress: unknown; egress: unknown[] };
    };
    expect(spec.ingress).toEqual([
      {
        from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "watch" } } }],
        ports: [{ protocol: "TCP", port: 9308 }],
      },
    ]);
    expect(spec.egress[1]).toEqual({
      to: [{ ipBlock: { cidr: "10.9.0.0/16" } }],
      ports: [{ protocol: "TCP", port: 31, endPort: 39 }],
    });
    expect(spec.egress).toHaveLength(2);
  });
});
