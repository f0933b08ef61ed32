/** Exports consumer group lag, for alerts and autoscaling. */
import * as pulumi from "@pulumi/pulumi";
import type { Kafka } from "../kafka/contract";
import type { Part } from "../kit/child-factory";
import { IMAGES, KAFKA_PROTOCOL } from "../../versions";
import {
  authorityOf,
  createExporter,
  credentialsOf,
  matchLabels,
  type ExporterPlace,
} from "./exporter";
import { createMonitors } from "./monitors";
import { revisionOf } from "../kit/revision";

const NAME = "kafka-exporter";
export const MATCH_LABELS = matchLabels(NAME);

export interface KafkaExporterArguments extends ExporterPlace {
  readonly kafka: Kafka;
  /** Consumer groups and topics to watch, without Kafka's internal ones. */
  readonly groups: readonly string[];
  readonly topics: readonly string[];
}

export function createKafkaExporter(part: Part, args: KafkaExporterArguments): void {
  const { kafka } = args;
  const credentials = {
    password: kafka.users.monitor.password,
    ...(kafka.certificateAuthority === undefined ? {} : { "ca.crt": kafka.certificateAuthority }),
  };
  createExporter(part, {
    ...args,
    name: NAME,
    port: 9308,
    healthPath: "/healthz",
    credentials,
    revision: revisionOf(Object.values(credentials)),
    reach: kafka.reach,
    before: kafka.ready,
    container: {
      image: IMAGES.kafkaExporter,
      args: exporterArguments(args),
      env: [
        {
          name: "SASL_USER_PASSWORD",
          valueFrom: { secretKeyRef: { name: credentialsOf(NAME), key: "password" } },
        },
      ],
      resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "128Mi" } },
    },
  });
  createBrokerMonitor(part, args);
}

/**
 * Brokers in the cluster also export message rates, under-replicated partitions and request times.
 */
function createBrokerMonitor(part: Part, args: KafkaExporterArguments): void {
  const { metrics } = args.kafka;
  if (metrics === undefined) return;
  const spec = {
    namespaceSelector: { matchNames: [metrics.namespace] },
    selector: { matchLabels: { ...metrics.labels } },
    podMetricsEndpoints: [{ port: metrics.port, path: "/metrics" }],
  };
  createMonitors(part, { ...args, monitors: [{ name: "kafka-brokers", spec }] });
}

/** The exporter's names for SASL mechanisms. */
const MECHANISM = {
  "scram-sha-256": "scram-sha256",
  "scram-sha-512": "scram-sha512",
  plain: "plain",
} as const;

/** Without the password: others can read a process's arguments. */
function exporterArguments(args: KafkaExporterArguments): pulumi.Input<string>[] {
  const { kafka } = args;
  const any = (names: readonly string[]): string => `^(${names.join("|")})$`;
  return [
    // It discovers the other brokers from the first one.
    pulumi.interpolate`--kafka.server=${kafka.brokers.apply((list) => list.split(",")[0] ?? list)}`,
    "--tls.enabled",
    // Without it the exporter uses the trust store of its image.
    ...(kafka.certificateAuthority === undefined ? [] : [`--tls.ca-file=${authorityOf(NAME)}`]),
    "--sasl.enabled",
    `--kafka.version=${KAFKA_PROTOCOL}`,
    `--sasl.mechanism=${MECHANISM[kafka.authentication]}`,
    pulumi.interpolate`--sasl.username=${kafka.users.monitor.name}`,
    `--topic.filter=${any(args.topics)}`,
    `--group.filter=${any(args.groups)}`,
    "--web.listen-address=:9308",
  ];
}
