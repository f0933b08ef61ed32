import { createHash } from "node:crypto";
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
  await pulumi.runtime.disconnect();
});

describe("the lag exporter", () => {
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
    readonly volumes?: unknown;
  }

  it("connects as the user that may only read offsets, with the password from its Secret", () => {
    const { spec } = byName("obs-kafka-exporter").inputs as unknown as Deployment;
    const [container] = spec.template.spec.containers;
    expect(container?.["args"]).toEqual([
      "--kafka.server=a.example.com:25073",
      "--kafka.server=b.example.com:25073",
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
    expect(container?.["volumeMounts"]).toEqual([
      { name: "certificates", mountPath: "/etc/kafka-exporter", readOnly: true },
    ]);
    expect(spec.template.spec.volumes).toEqual([
      {
        name: "certificates",
        secret: {
          secretName: "kafka-exporter-credentials",
          items: [{ key: "ca.crt", path: "ca.crt" }],
          defaultMode: 0o440,
        },
      },
    ]);
    expect(byName("obs-kafka-exporter-credentials").inputs["stringData"]).toEqual({
      [SIGNATURE]: SECRET,
      value: { password: "watcher-password", "ca.crt": "CERTIFICATE" },
    });
    // The first half of sha256("watcher-password\nCERTIFICATE"), which is not a secret.
    expect(spec.template.metadata.annotations).toEqual({
      "checksum/credentials": createHash("sha256")
        .update("watcher-password\nCERTIFICATE")
        .digest("hex")
        .slice(0, 16),
    });
  });

  it("uses its image's trust store without a CA, and reaches brokers that are pods", async () => {
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
      "--kafka.server=b.example.com:25073",
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

  it("is restricted, has two replicas and no token", () => {
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

  it("is scraped once, through its Service: a sum over two pods would double the lag", () => {
    expect(byName("obs-kafka-exporter-scrape").inputs["spec"]).toEqual({
      jobName: "kafka-exporter",
      metricsPath: "/metrics",
      staticConfigs: [{ targets: ["kafka-exporter.app.svc:9308"], labels: { namespace: "app" } }],
    });
  });

  it("reaches DNS and brokers, and admits only monitoring", () => {
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
