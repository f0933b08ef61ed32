import type * as pulumi from "@pulumi/pulumi";

/** An event bus that clients inside the cluster can use. */
export interface Kafka extends pulumi.ComponentResource {
  /** `host:port` of the bootstrap servers, comma-separated. */
  readonly brokers: pulumi.Output<string>;
  readonly tls: true;
  /** The certificate authority that signed the brokers' certificates, PEM. */
  readonly certificateAuthority: pulumi.Output<string>;
  readonly authentication: "scram-sha-256" | "scram-sha-512";
  /** One user a purpose, each allowed only its topics. */
  readonly users: Readonly<Record<KafkaUserName, KafkaUser>>;
  /** What exists before a client may connect: topics, users, firewall. */
  readonly ready: readonly pulumi.Resource[];
}

/** `dapr` publishes and consumes for the services; `monitor` only reads offsets for lag. */
export type KafkaUserName = "dapr" | "monitor";

export interface KafkaUser {
  readonly name: pulumi.Output<string>;
  /** Secret. */
  readonly password: pulumi.Output<string>;
}
