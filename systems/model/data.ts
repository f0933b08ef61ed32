/** What a system stores and publishes. */
import type { Element } from "./element";
import type { Resources } from "./services";
import type { Duration, Size } from "../units";

export interface Database extends Element {
  readonly name: string;
  readonly engine: "postgres";
  readonly version?: string;
  /** The runbook's way of running it: the default implementation, others by configuration. */
  readonly runs: "external" | "managed" | "operator";
  readonly database?: string;
  readonly owner?: string;
  /** A standby in another zone takes over when the primary fails. */
  readonly highlyAvailable?: boolean;
  readonly readReplicas?: number;
  /** Where the runbook sizes the server; raised by configuration. */
  readonly resources?: Resources;
  readonly storage?: Size;
  readonly pooling?: boolean;
  readonly pointInTimeRecovery?: Duration;
  readonly extensions?: readonly string[];
  readonly parameters?: Readonly<Record<string, string>>;
  /**
   * Name that pods must be able to resolve, beside the implementation's own. One with dots is a
   * full service name, `<service>.<namespace>.svc.cluster.local`.
   */
  readonly alias?: string;
  /** Name that leads to the pooler, where the runbook names it. */
  readonly poolerAlias?: string;
  /** Holds data about people: tagged, and bound to the region the stack allows. */
  readonly personalData?: boolean;
  /** The secret and key under which workloads find the connection URL. */
  readonly url: { readonly secret: string; readonly key: string };
}

export interface Cache extends Element {
  readonly name: string;
  readonly engine: "redis" | "valkey";
  readonly version?: string;
  readonly runs: "managed" | "operator" | "external";
  readonly topology: "single" | "replicated" | "cluster";
  readonly use: readonly ("cache" | "state")[];
  /** Services that reach it through Dapr's state API; Dapr refuses the component to all others. */
  readonly throughDapr?: readonly string[];
  readonly alias?: string;
}

export interface EventBus extends Element {
  readonly name: string;
  readonly engine: "kafka";
  readonly version?: string;
  readonly runs: "managed" | "operator" | "external";
  readonly brokers: number;
  readonly authentication: "scram-sha-256" | "scram-sha-512" | "tls" | "iam";
  /** How services reach it: through Dapr's pub/sub or with a client of their own. */
  readonly through: "dapr" | "client";
  readonly topics: readonly Topic[];
  readonly alias?: string;
}

export interface Topic extends Element {
  readonly name: string;
  readonly partitions: number;
  readonly retention: Duration;
  readonly replication: number;
  readonly minInSync: number;
  readonly publishers: readonly string[];
  readonly consumers: readonly { readonly service: string; readonly group: string }[];
}

/** A vector store or a model server. */
export interface Appliance extends Element {
  readonly name: string;
  readonly engine: "qdrant" | "ollama";
  readonly version?: string;
  readonly storage: Size;
  readonly replicas: number;
  /** Whether clients must show a key. */
  readonly apiKey?: { readonly secret: string; readonly key: string };
  readonly personalData?: boolean;
}

/** What a client must know of a data service to connect to it. */
export type ConnectionPart = "url" | "host" | "username" | "password" | "brokers" | "apiKey";

/** Object storage: private, encrypted, never public. */
export interface Bucket extends Element {
  readonly name: string;
  readonly purpose: string;
  readonly versioned: boolean;
  readonly personalData?: boolean;
}

export interface Secret extends Element {
  /** The Kubernetes Secret's name. */
  readonly name: string;
  readonly keys: readonly (Element & {
    readonly key: string;
    /** Its name in the cloud's secret manager, where the runbook fixes one. */
    readonly remote?: string;
    readonly source:
      /** Given by the operator as secret configuration (or in the cloud's secret manager). */
      | { readonly kind: "given"; readonly what: string }
      /** Generated once and kept in the state as a secret; rotated by configuration. */
      | { readonly kind: "generated"; readonly length: number }
      /** Written by the component that creates the data service. */
      | { readonly kind: "derived"; readonly from: string; readonly part: ConnectionPart };
  })[];
}
