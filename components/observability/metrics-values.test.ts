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
  identity: { system: "shop", environment: "dr", cluster: "shop-dr", region: "there-2" },
  kafkaResources: true,
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
  it("has two replicas on different nodes in production, and one otherwise", () => {
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

  it("scrapes and evaluates twice a minute, and its API cannot delete series", () => {
    expect(at(metricsValues(production), "prometheus", "prometheusSpec")).toMatchObject({
      scrapeInterval: "30s",
      evaluationInterval: "30s",
      walCompression: true,
      enableAdminAPI: false,
    });
  });

  it.each(["rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig"])(
    "selects each %s of any release",
    (kind) => {
      expect(spec(production, `${kind}SelectorNilUsesHelmValues`)).toBe(false);
    },
  );

  it.each(["kubeControllerManager", "kubeScheduler", "kubeEtcd", "kubeProxy"])(
    "does not scrape %s, which a managed cluster hides",
    (part) => {
      expect(at(metricsValues(production), part)).toEqual({ enabled: false });
    },
  );
});

describe("Alertmanager", () => {
  it("has three replicas in production, of which two stay up, and routes alerts of all namespaces", () => {
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

describe("the node exporter", () => {
  it("has its own namespace, away from the stack's secrets", () => {
    expect(at(metricsValues(production), "prometheus-node-exporter", "namespaceOverride")).toBe(
      "node-exporter",
    );
  });
});

describe("Grafana", () => {
  const grafana = at(metricsValues(production), "grafana");

  it("has no default credentials, no anonymous access and no sign-up", () => {
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

  it("makes no external requests, and restricts its cookie", () => {
    expect(at(grafana, "grafana.ini")).toMatchObject({
      security: { cookie_samesite: "strict", disable_gravatar: true },
      snapshots: { external_enabled: false },
      analytics: {
        reporting_enabled: false,
        check_for_updates: false,
        check_for_plugin_updates: false,
      },
    });
  });

  it("loads read-only dashboards of every namespace, and its own data sources", () => {
    expect(at(grafana, "sidecar")).toMatchObject({
      dashboards: {
        enabled: true,
        searchNamespace: "ALL",
        folderAnnotation: "grafana_folder",
        provider: { foldersFromFilesStructure: true, allowUiUpdates: false },
      },
      datasources: { enabled: true, uid: "prometheus", searchNamespace: "watch" },
    });
  });

  it("has the expected names, writes only to /tmp, and installs no test pod", () => {
    expect(grafana).toMatchObject({
      fullnameOverride: "grafana",
      replicas: 1,
      extraEmptyDirMounts: [{ name: "tmp", mountPath: "/tmp" }],
      testFramework: { enabled: false },
    });
  });

  it("restarts with a new password", () => {
    expect(at(grafana, "podAnnotations")).toEqual({ "runstack.dev/administrator": "3" });
  });

  it("has no storage: dashboards and data sources come from ConfigMaps", () => {
    expect(at(grafana, "persistence")).toEqual({ enabled: false });
    expect(at(grafana, "additionalDataSources")).toEqual([
      {
        name: "Tempo",
        type: "tempo",
        uid: "tempo",
        access: "proxy",
        url: "http://tempo.watch.svc:3200",
        jsonData: { serviceMap: { datasourceUid: "prometheus" } },
      },
    ]);
  });
});

describe("resources", () => {
  it.each([
    ["prometheusOperator", "50m", "128Mi", "256Mi"],
    ["prometheusOperator admissionWebhooks patch", "10m", "32Mi", "64Mi"],
    ["prometheusOperator prometheusConfigReloader", "10m", "32Mi", "64Mi"],
    ["prometheus prometheusSpec", "250m", "1Gi", "3Gi"],
    ["alertmanager alertmanagerSpec", "20m", "64Mi", "128Mi"],
    ["grafana", "50m", "192Mi", "384Mi"],
    ["grafana sidecar", "10m", "64Mi", "128Mi"],
    ["kube-state-metrics", "20m", "64Mi", "256Mi"],
    ["prometheus-node-exporter", "20m", "32Mi", "64Mi"],
  ])("are limited for %s", (path, cpu, memory, limit) => {
    expect(at(metricsValues(production), ...path.split(" "), "resources")).toEqual({
      requests: { cpu, memory },
      limits: { memory: limit },
    });
  });

  it("are lower for Prometheus outside production", () => {
    expect(spec(staging, "resources")).toEqual({
      requests: { cpu: "100m", memory: "512Mi" },
      limits: { memory: "1536Mi" },
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

  it("accepts OTLP from everywhere, and no Jaeger formats", () => {
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

  it("sends no usage reports, and has no memory ballast", () => {
    expect(at(values, "tempo")).toMatchObject({ reportingEnabled: false, memBallastSizeMbs: 0 });
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
