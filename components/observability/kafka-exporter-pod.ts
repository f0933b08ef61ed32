/** The pod that exports consumer group lag. */
import { createHash } from "node:crypto";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { KAFKA_PROTOCOL, IMAGES } from "../../versions";
import type { Kafka } from "../kafka/contract";
import { restrictedContainer, restrictedPod } from "../kit/security";
import { spreadPods } from "../kit/spread";

/** Name of the Deployment, the Service and the account. */
export const NAME = "kafka-exporter";
export const PORT = 9308;
export const CREDENTIALS = `${NAME}-credentials`;
export const MATCH_LABELS = { "app.kubernetes.io/name": NAME };
const CERTIFICATES = "/etc/kafka-exporter";

export interface Exported {
  readonly kafka: Kafka;
  /** Consumer groups and topics to watch, without Kafka's internal ones. */
  readonly groups: readonly string[];
  readonly topics: readonly string[];
  /** Of the cluster; empty if its nodes have no zone label. */
  readonly zones: readonly string[];
}

export function exporterPod(args: Exported): k8s.types.input.core.v1.PodSpec {
  return {
    serviceAccountName: NAME,
    automountServiceAccountToken: false,
    securityContext: restrictedPod(),
    topologySpreadConstraints: spreadPods(MATCH_LABELS, args.zones),
    containers: [container(args)],
    ...(args.kafka.certificateAuthority === undefined ? {} : { volumes: [CERTIFICATE_VOLUME] }),
  };
}

const CERTIFICATE_VOLUME: k8s.types.input.core.v1.Volume = {
  name: "certificates",
  secret: {
    secretName: CREDENTIALS,
    items: [{ key: "ca.crt", path: "ca.crt" }],
    defaultMode: 0o440,
  },
};

function container(args: Exported): k8s.types.input.core.v1.Container {
  const probe = { httpGet: { path: "/healthz", port: "metrics" }, periodSeconds: 10 };
  return {
    name: NAME,
    image: IMAGES.kafkaExporter,
    args: exporterArguments(args),
    env: [
      {
        name: "SASL_USER_PASSWORD",
        valueFrom: { secretKeyRef: { name: CREDENTIALS, key: "password" } },
      },
    ],
    ports: [{ name: "metrics", containerPort: PORT, protocol: "TCP" }],
    // It exits while no broker answers, so a slow start must not count as a failure.
    startupProbe: { ...probe, failureThreshold: 30 },
    readinessProbe: probe,
    livenessProbe: { ...probe, failureThreshold: 6 },
    // Prometheus still scrapes it for some seconds after SIGTERM.
    lifecycle: { preStop: { sleep: { seconds: 5 } } },
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "128Mi" } },
    securityContext: restrictedContainer(),
    ...(args.kafka.certificateAuthority === undefined
      ? {}
      : { volumeMounts: [{ name: "certificates", mountPath: CERTIFICATES, readOnly: true }] }),
  };
}

/** The exporter's names for SASL mechanisms. */
const MECHANISM = {
  "scram-sha-256": "scram-sha256",
  "scram-sha-512": "scram-sha512",
  plain: "plain",
} as const;

/** Without the password: others can read a process's arguments. */
function exporterArguments(args: Exported): pulumi.Input<string>[] {
  const { kafka } = args;
  const any = (names: readonly string[]): string => `^(${names.join("|")})$`;
  return [
    // It discovers the other brokers from the first one.
    pulumi.interpolate`--kafka.server=${kafka.brokers.apply((list) => list.split(",")[0] ?? list)}`,
    "--tls.enabled",
    // Without it the exporter uses the trust store of its image.
    ...(kafka.certificateAuthority === undefined ? [] : [`--tls.ca-file=${CERTIFICATES}/ca.crt`]),
    "--sasl.enabled",
    `--kafka.version=${KAFKA_PROTOCOL}`,
    `--sasl.mechanism=${MECHANISM[kafka.authentication]}`,
    pulumi.interpolate`--sasl.username=${kafka.users.monitor.name}`,
    `--topic.filter=${any(args.topics)}`,
    `--group.filter=${any(args.groups)}`,
    `--web.listen-address=:${String(PORT)}`,
  ];
}

/** Changes with the credentials, which restarts the pod; reveals nothing about them. */
export const credentialsRevision = (kafka: Kafka): pulumi.Output<string> =>
  pulumi.unsecret(
    pulumi
      .all([
        kafka.users.monitor.password,
        ...(kafka.certificateAuthority === undefined ? [] : [kafka.certificateAuthority]),
      ])
      .apply((parts) => createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16)),
  );
