import type * as pulumi from "@pulumi/pulumi";
import type { Reach } from "../kit/egress";

/** An event bus that clients inside the cluster can use. */
export interface Kafka extends pulumi.ComponentResource {
  /** `host:port` of the bootstrap servers, comma-separated. */
  readonly brokers: pulumi.Output<string>;
  readonly tls: true;
  /** PEM of whoever signed the brokers' certificates; absent where the operating system knows it. */
  readonly certificateAuthority: pulumi.Output<string> | undefined;
  /** SASL's mechanism; `plain` is a password inside TLS. */
  readonly authentication: "scram-sha-256" | "scram-sha-512" | "plain";
  /** One user a purpose, each allowed only its topics. */
  readonly users: Readonly<Record<KafkaUserName, KafkaUser>>;
  /** Every broker, for clients that are sent on from the bootstrap server to any of them. */
  readonly reach: readonly Reach[];
  /** Pods that tell Prometheus about themselves; absent where the brokers are no pods. */
  readonly metrics?: KafkaMetrics;
  /** What exists before a client may connect: topics, users, access lists, firewall. */
  readonly ready: readonly pulumi.Resource[];
}

/** Where brokers tell their own measurements: their namespace and labels, and the port's name. */
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
