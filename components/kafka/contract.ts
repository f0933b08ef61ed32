import type * as pulumi from "@pulumi/pulumi";
import type { Reach } from "../kit/egress";

/** An event bus that clients inside the cluster can use. */
export interface Kafka extends pulumi.ComponentResource {
  /** `host:port` of the bootstrap servers, comma-separated. */
  readonly brokers: pulumi.Output<string>;
  readonly tls: true;
  /** PEM of the CA of the brokers' certificates; absent if operating systems trust it. */
  readonly certificateAuthority: pulumi.Output<string> | undefined;
  /** SASL mechanism; `plain` sends the password inside TLS. */
  readonly authentication: "scram-sha-256" | "scram-sha-512" | "plain";
  /** One user for each purpose, with access only to its topics. */
  readonly users: Readonly<Record<KafkaUserName, KafkaUser>>;
  /** Every broker, because clients are redirected from the bootstrap server to any of them. */
  readonly reach: readonly Reach[];
  /** Where the brokers' pods export metrics; absent if the brokers are not pods. */
  readonly metrics?: KafkaMetrics;
  /** What must exist before a client can connect: topics, users, ACLs, firewall. */
  readonly ready: readonly pulumi.Resource[];
}

/** Where brokers export metrics: namespace, labels, and the port's name. */
export interface KafkaMetrics {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly port: string;
}

/** `application` publishes and consumes for the services; `monitor` only reads offsets for lag. */
export type KafkaUserName = "application" | "monitor";

export interface KafkaUser {
  readonly name: pulumi.Output<string>;
  /** Secret. */
  readonly password: pulumi.Output<string>;
}
