import { unless, type Check } from "../problem";
import { kafkaVersion } from "../versions";
import { sizeOf, whoRuns } from "./data";
import { gibibytes, hostAndPort, listOf, matching, oneOf } from "./formats";
import { optional, runs, withDefault } from "./key";

const EXTERNAL = {
  where: "where somebody else runs Kafka",
  applies: runs("kafka", "external"),
};

/** Network policies must name the ports, so the brokers are configuration and not a secret. */
const brokersOfExternal: Check = ({ kafkaBrokers }, site) =>
  unless(
    kafkaBrokers.length > 0 || !EXTERNAL.applies(site),
    "kafkaBrokers",
    undefined,
    "a list of HOST:PORT, where somebody else runs Kafka",
  );

export const kafka = {
  kafka: whoRuns("kafka", "Kafka"),
  kafkaSize: sizeOf(
    "kafkaSize",
    "Size of the managed Kafka",
    "It can be raised in place.",
    "kafka.m5.xlarge",
  ),
  kafkaVersion: optional({
    schema: matching(/^\d+\.\d+(\.\d+)?$/, "a version such as 4.0"),
    doc: "Version of Kafka",
    note: "DigitalOcean's managed Kafka has no default: name one that it offers.",
    otherwise: "the runbook's, or the newest known",
    example: "4.0",
    only: {
      where: "where the stack runs Kafka, or its cloud does",
      applies: runs("kafka", "managed", "operator"),
    },
    rules: [kafkaVersion],
  }),
  kafkaStorage: optional({
    schema: gibibytes,
    doc: "Storage of each broker",
    unit: "GiB",
    note: "It can be raised, never lowered.",
    otherwise: "100",
    example: 200,
  }),
  kafkaBrokers: withDefault({
    schema: listOf(hostAndPort("HOST:PORT of a broker"), "a list of brokers"),
    fallback: [],
    doc: "HOST:PORT of each bootstrap broker",
    example: ["broker-1.example.com:9093", "broker-2.example.com:9093"],
    only: EXTERNAL,
    rules: [brokersOfExternal],
  }),
  kafkaAuthentication: withDefault({
    schema: oneOf(["scram-sha-256", "scram-sha-512", "plain"]),
    fallback: "scram-sha-512",
    doc: "How the brokers check passwords",
    example: "plain",
    only: EXTERNAL,
  }),
};
