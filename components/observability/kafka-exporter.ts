/** Exports consumer group lag, for alerts and autoscaling. */
import * as pulumi from "@pulumi/pulumi";
import type { Kafka } from "../kafka/contract";
import type { Part } from "../kit/child-factory";
import { IMAGES, KAFKA_PROTOCOL } from "../../versions";
import { authorityOf, createExporter, matchLabels, type ExporterPlace } from "./exporter";
import { createMonitors } from "./monitors";

const NAME = "kafka-exporter";
export const MATCH_LABELS = matchLabels(NAME);

export interface KafkaExporterArguments extends ExporterPlace {
  readonly kafka: Kafka;
  /** Consumer groups and topics to watch, without Kafka's internal ones. */
  readonly groups: readonly string[];
  readonly topics: readonly string[];
}

export function createKafkaExporter(part: Part, args: KafkaExporterArguments): pulumi.Resource[] {
  const { kafka } = args;
  const credentials = {
    password: kafka.users.monitor.password,
    ...(kafka.certificateAuthority === undefined ? {} : { "ca.crt": kafka.certificateAuthority }),
  };
  const exporter = createExporter(part, {
    ...args,
    name: NAME,
    port: 9308,
    healthPath: "/healthz",
    credentials,
    reach: kafka.reach,
    before: kafka.ready,
    image: IMAGES.kafkaExporter,
    args: exporterArguments(args),
    variables: { SASL_USER_PASSWORD: "password" },
  });
  return [...exporter, ...createBrokerMonitor(part, args)];
}

/**
 * Brokers in the cluster also export message rates, under-replicated partitions and request times.
 */
function createBrokerMonitor(part: Part, args: KafkaExporterArguments): pulumi.Resource[] {
  const { metrics } = args.kafka;
  if (metrics === undefined) return [];
  const spec = {
    namespaceSelector: { matchNames: [metrics.namespace] },
    selector: { matchLabels: { ...metrics.labels } },
    podMetricsEndpoints: [{ port: metrics.port, path: "/metrics" }],
  };
  return createMonitors(part, { ...args, monitors: [{ name: "kafka-brokers", spec }] });
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
  const server = (at: 0 | -1): pulumi.Output<string> =>
    kafka.brokers.apply((list) => `--kafka.server=${list.split(",").at(at) ?? list}`);
  return [
    // It discovers the others from one of them, and starts only if one answers: the first and the last, which are one
    // where Kafka has one address for all. A list of unknown length would hide the other arguments from a plan.
    server(0),
    server(-1),
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
