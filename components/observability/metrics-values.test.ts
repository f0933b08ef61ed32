import { describe, expect, it } from "vitest";
import { metricsValues, type MetricsValues } from "./metrics-values";
import { tracesValues } from "./traces";

const production: MetricsValues = {
  production: true,
  storageClass: "fast",
  retentionDays: 37,
  storageGib: 60,
  monitoringNamespace: "watch",
  grafanaSecret: "administrator-of-grafana",
  grafanaRevision: "3",
};
const staging: MetricsValues = { ...production, production: false };

/** The value at a path of keys, or undefined. */
const at = (values: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null
        ? (value as Record<string, unknown>)[key]
        : undefined,
    values,
  );
const spec = (values: MetricsValues, key: string) =>
  at(metricsValues(values), "prometheus", "prometheusSpec", key);

describe("Prometheus", () => {
  it("runs twice in production, never on one node, and once otherwise", () => {
    expect([spec(production, "replicas"), spec(production, "podAntiAffinity")]).toEqual([
      2,
      "hard",
    ]);
    expect([spec(staging, "replicas"), spec(staging, "podAntiAffinity")]).toEqual([1, "soft"]);
  });

  it("drops series before its volume is full", () => {
    expect(spec(production, "retention")).toBe("37d");
    expect(spec(production, "retentionSize")).toBe("48GB");
    expect(spec(production, "storageSpec")).toEqual({
      volumeClaimTemplate: {
        spec: {
          storageClassName: "fast",
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "60Gi" } },
        },
      },
    });
  });

  it.each(["rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig"])(
    "sees each %s, whoever made it",
    (kind) => {
      expect(spec(production, `${kind}SelectorNilUsesHelmValues`)).toBe(false);
    },
  );

  it.each(["kubeControllerManager", "kubeScheduler", "kubeEtcd", "kubeProxy"])(
    "does not scrape %s, which a managed cluster keeps to itself",
    (part) => {
      expect(at(metricsValues(production), part)).toEqual({ enabled: false });
    },
  );
});

describe("Alertmanager", () => {
  it("is three in production, of which two stay, and routes alerts of all namespaces", () => {
    const of = (values: MetricsValues, ...path: string[]) =>
      at(metricsValues(values), "alertmanager", ...path);
    expect(of(production, "alertmanagerSpec", "replicas")).toBe(3);
    expect(of(production, "podDisruptionBudget")).toEqual({ enabled: true, minAvailable: 2 });
    expect(of(staging, "alertmanagerSpec", "replicas")).toBe(1);
    expect(of(staging, "podDisruptionBudget")).toEqual({ enabled: false, minAvailable: 2 });
    expect(of(production, "alertmanagerSpec", "alertmanagerConfigMatcherStrategy")).toEqual({
      type: "None",
    });
  });
});

describe("the exporter of node measurements", () => {
  it("has a namespace of its own, away from the stack's secrets", () => {
    expect(at(metricsValues(production), "prometheus-node-exporter", "namespaceOverride")).toBe(
      "node-exporter",
    );
  });
});

describe("Grafana", () => {
  const grafana = at(metricsValues(production), "grafana");

  it("has no default credentials, no visitors and no sign-up", () => {
    expect(at(grafana, "admin")).toEqual({
      existingSecret: "administrator-of-grafana",
      userKey: "admin-user",
      passwordKey: "admin-password",
    });
    expect(at(grafana, "adminPassword")).toBeUndefined();
    expect(at(grafana, "grafana.ini", "auth.anonymous")).toEqual({ enabled: false });
    expect(at(grafana, "grafana.ini", "users")).toEqual({
      allow_sign_up: false,
      allow_org_create: false,
    });
  });

  it("restarts with a new password", () => {
    expect(at(grafana, "podAnnotations")).toEqual({ "runstack.dev/administrator": "3" });
  });

  it("keeps nothing: dashboards and data sources are given to it", () => {
    expect(at(grafana, "persistence")).toEqual({ enabled: false });
    expect(at(grafana, "additionalDataSources")).toEqual([
      expect.objectContaining({ uid: "tempo", url: "http://tempo.watch.svc:3200" }),
    ]);
  });
});

describe("resources", () => {
  it.each([
    ["prometheusOperator"],
    ["prometheusOperator", "admissionWebhooks", "patch"],
    ["prometheusOperator", "prometheusConfigReloader"],
    ["prometheus", "prometheusSpec"],
    ["alertmanager", "alertmanagerSpec"],
    ["grafana"],
    ["grafana", "sidecar"],
    ["kube-state-metrics"],
    ["prometheus-node-exporter"],
  ])("are bounded for %s %s %s", (...path) => {
    expect(at(metricsValues(production), ...path, "resources")).toEqual({
      requests: { cpu: expect.any(String) as string, memory: expect.any(String) as string },
      limits: { memory: expect.any(String) as string },
    });
  });
});

describe("Tempo", () => {
  const values = tracesValues({
    monitoringNamespace: "watch",
    storageClass: "fast",
    production: true,
    chartMirror: undefined,
  });

  it("takes OTLP from everywhere and Jaeger's formats from nowhere", () => {
    expect(at(values, "tempo", "receivers", "otlp", "protocols")).toEqual({
      grpc: { endpoint: "0.0.0.0:4317" },
      http: { endpoint: "0.0.0.0:4318" },
    });
    expect(at(values, "tempo", "receivers", "jaeger", "protocols")).toEqual({
      grpc: { endpoint: "127.0.0.1:14250" },
      thrift_binary: { endpoint: "127.0.0.1:6832" },
      thrift_compact: { endpoint: "127.0.0.1:6831" },
      thrift_http: { endpoint: "127.0.0.1:14268" },
    });
  });

  it("keeps a week of traces on a volume", () => {
    expect(at(values, "tempo", "retention")).toBe("168h");
    expect(at(values, "persistence")).toEqual({
      enabled: true,
      storageClassName: "fast",
      size: "20Gi",
    });
  });
});
