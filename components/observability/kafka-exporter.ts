/** Exports the lag of consumer groups, for alerts and for scaling. */
import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { IMAGES } from "../../versions";
import { commonLabels } from "../labels";
import type { Kafka } from "../kafka/contract";
import { fromPeers, inNamespace, toDns } from "../platform/network-rules";
import { restrictedContainer, restrictedPod } from "../security";
import { customResource } from "../custom-resource";
import type { Part } from "./part";

export interface KafkaExporterArguments {
  readonly system: string;
  /** The application's: lag carries the namespace of what consumes. */
  readonly namespace: string;
  readonly monitoringNamespace: string;
  readonly kafka: Kafka;
  /** Consumer groups and topics to watch; the brokers' own are not of interest. */
  readonly groups: readonly string[];
  readonly topics: readonly string[];
  /** What serves PodMonitors. */
  readonly metricsReady: readonly pulumi.Resource[];
}

const NAME = "kafka-exporter";
const PORT = 9308;
const CERTIFICATES = "/etc/kafka-exporter";

export function createKafkaExporter(part: Part, args: KafkaExporterArguments): void {
  const labels = commonLabels(args.system, NAME);
  const matchLabels = { "app.kubernetes.io/name": NAME };
  const metadata = { name: NAME, namespace: args.namespace, labels: { ...labels, ...matchLabels } };
  const credentials = new k8s.core.v1.Secret(
    part.child("kafka-exporter-credentials"),
    {
      metadata: { ...metadata, name: `${NAME}-credentials` },
      stringData: {
        password: args.kafka.users.monitor.password,
        "ca.crt": args.kafka.certificateAuthority,
      },
    },
    part.options(),
  );
  const account = new k8s.core.v1.ServiceAccount(
    part.child("kafka-exporter-account"),
    { metadata, automountServiceAccountToken: false },
    part.options(),
  );
  const policy = networkPolicy(part, metadata, matchLabels, args);
  new k8s.apps.v1.Deployment(
    part.child("kafka-exporter"),
    {
      metadata,
      spec: {
        // One, also while it is replaced: a second would export every lag twice.
        replicas: 1,
        strategy: { type: "Recreate" },
        revisionHistoryLimit: 3,
        selector: { matchLabels },
        template: {
          metadata: {
            labels: metadata.labels,
            annotations: { "runstack.dev/credentials": credentialsRevision(args.kafka) },
          },
          spec: pod(args),
        },
      },
    },
    part.options({ dependsOn: [credentials, account, policy, ...args.kafka.ready] }),
  );
  customResource(
    part.child("kafka-exporter-monitor"),
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PodMonitor",
      metadata,
      spec: {
        selector: { matchLabels },
        podMetricsEndpoints: [{ port: "metrics", path: "/metrics" }],
      },
    },
    part.options({ dependsOn: [...args.metricsReady] }),
  );
}

type PodSpec = k8s.types.input.core.v1.PodSpec;

function pod(args: KafkaExporterArguments): PodSpec {
  const probe = { httpGet: { path: "/healthz", port: "metrics" }, periodSeconds: 10 };
  return {
    serviceAccountName: NAME,
    automountServiceAccountToken: false,
    securityContext: restrictedPod(),
    containers: [
      {
        name: NAME,
        image: IMAGES.kafkaExporter,
        args: exporterArguments(args),
        env: [
          {
            name: "SASL_USER_PASSWORD",
            valueFrom: { secretKeyRef: { name: `${NAME}-credentials`, key: "password" } },
          },
        ],
        ports: [{ name: "metrics", containerPort: PORT, protocol: "TCP" }],
        // It exits while no broker answers, so a slow start must not count as a failure.
        startupProbe: { ...probe, failureThreshold: 30 },
        readinessProbe: probe,
        livenessProbe: { ...probe, failureThreshold: 6 },
        resources: {
          requests: { cpu: "20m", memory: "64Mi" },
          limits: { memory: "128Mi" },
        },
        securityContext: restrictedContainer(),
        volumeMounts: [{ name: "certificates", mountPath: CERTIFICATES, readOnly: true }],
      },
    ],
    volumes: [
      {
        name: "certificates",
        secret: {
          secretName: `${NAME}-credentials`,
          items: [{ key: "ca.crt", path: "ca.crt" }],
          defaultMode: 0o440,
        },
      },
    ],
  };
}

/** The password is not among them: arguments of a process can be read by its neighbours. */
function exporterArguments(args: KafkaExporterArguments): pulumi.Input<string>[] {
  const { kafka } = args;
  const any = (names: readonly string[]): string => `^(${names.join("|")})$`;
  return [
    // The others of the cluster are found from the first.
    pulumi.interpolate`--kafka.server=${kafka.brokers.apply((list) => list.split(",")[0] ?? list)}`,
    "--tls.enabled",
    `--tls.ca-file=${CERTIFICATES}/ca.crt`,
    "--sasl.enabled",
    `--sasl.mechanism=${kafka.authentication === "scram-sha-256" ? "scram-sha256" : "scram-sha512"}`,
    pulumi.interpolate`--sasl.username=${kafka.users.monitor.name}`,
    `--topic.filter=${any(args.topics)}`,
    `--group.filter=${any(args.groups)}`,
    `--web.listen-address=:${String(PORT)}`,
  ];
}

function networkPolicy(
  part: Part,
  metadata: { readonly name: string; readonly namespace: string },
  matchLabels: Record<string, string>,
  args: KafkaExporterArguments,
): k8s.networking.v1.NetworkPolicy {
  return new k8s.networking.v1.NetworkPolicy(
    part.child("kafka-exporter-network"),
    {
      metadata,
      spec: {
        podSelector: { matchLabels },
        policyTypes: ["Ingress", "Egress"],
        ingress: [fromPeers([inNamespace(args.monitoringNamespace)], PORT)],
        // Any address: brokers announce their own, inside the cluster or out of it.
        egress: [toDns(), { ports: [{ protocol: "TCP", port: brokerPort(args.kafka) }] }],
      },
    },
    part.options(),
  );
}

const brokerPort = (kafka: Kafka): pulumi.Output<number> =>
  kafka.brokers.apply((list) => Number(list.slice(list.lastIndexOf(":") + 1)));

/** Changes with the credentials, so that the pod starts anew with them; tells nothing about them. */
const credentialsRevision = (kafka: Kafka): pulumi.Output<string> =>
  pulumi.unsecret(
    pulumi
      .all([kafka.users.monitor.password, kafka.certificateAuthority])
      .apply((parts) => createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16)),
  );
