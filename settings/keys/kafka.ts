import { unless, type Check } from "../problem";
import { kafkaVersion } from "../versions";
import { sizeOf, whoRuns } from "./data";
import { gibibytes, hostAndPort, listOf, matching, oneOf } from "./formats";
import { optional, runs, withDefault } from "./key";

const EXTERNAL = {
  where: "where Kafka is external",
  applies: runs("kafka", "external"),
};

/** Network policies need the brokers' ports, so the brokers are plain configuration, not a secret. */
const brokersOfExternal: Check = ({ kafkaBrokers }, site) =>
  unless(
    kafkaBrokers.length > 0 || !EXTERNAL.applies(site),
    "kafkaBrokers",
    undefined,
    "a list of HOST:PORT if Kafka is external",
  );

export const kafka = {
  kafka: whoRuns("kafka", "Kafka"),
  kafkaSize: sizeOf(
    "kafkaSize",
    "Size of the managed Kafka",
    "It can be increased in place.",
    "kafka.m5.xlarge",
  ),
  kafkaVersion: optional({
    schema: matching(/^\d+\.\d+(\.\d+)?$/, "a version such as 4.0"),
    doc: "Version of Kafka",
    note: "DigitalOcean's managed Kafka has no default: set a version that it offers.",
    otherwise: "the newest that Runstack supports; on aws the runbook's version, if it has one",
    example: "4.0",
    only: {
      where: "where Kafka is managed or run by an operator",
      applies: runs("kafka", "managed", "operator"),
    },
    rules: [kafkaVersion],
  }),
  kafkaStorage: optional({
    schema: gibibytes,
    doc: "Storage of each broker",
    unit: "GiB",
    note: "It can be increased but not decreased.",
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
    doc: "The SASL mechanism of the brokers",
    example: "plain",
    only: EXTERNAL,
  }),
};
