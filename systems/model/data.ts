/** What a system stores and publishes. */
import type { Element } from "./element";
import type { Resources } from "./services";
import type { Duration, Size } from "../units";

export interface Database extends Element {
  readonly name: string;
  readonly engine: "postgres";
  readonly version?: string;
  /** Who runs it according to the runbook: the default, which configuration can change. */
  readonly runs: "external" | "managed" | "operator";
  readonly database?: string;
  readonly owner?: string;
  /** A standby in another zone takes over when the primary fails. */
  readonly highlyAvailable?: boolean;
  readonly readReplicas?: number;
  /** Set if the runbook sizes the server; increased by configuration. */
  readonly resources?: Resources;
  readonly storage?: Size;
  readonly pooling?: boolean;
  readonly pointInTimeRecovery?: Duration;
  readonly extensions?: readonly string[];
  readonly parameters?: Readonly<Record<string, string>>;
  /**
   * Name that pods must be able to resolve, in addition to the implementation's own. A name with dots is a
   * full service name, `<service>.<namespace>.svc.cluster.local`.
   */
  readonly alias?: string;
  /** Name of the pooler, if the runbook has one. */
  readonly poolerAlias?: string;
  /** Contains personal data: tagged, and restricted to the region that the stack allows. */
  readonly personalData?: boolean;
  /** The secret and key that hold the connection URL for workloads. */
  readonly url: { readonly secret: string; readonly key: string };
}

export interface Cache extends Element {
  readonly name: string;
  readonly engine: "redis" | "valkey";
  readonly version?: string;
  readonly runs: "managed" | "operator" | "external";
  readonly topology: "single" | "replicated" | "cluster";
  readonly use: readonly ("cache" | "state")[];
  /** Services that use it through Dapr's state API. Dapr denies the component to all others. */
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
  /** How services access it: through Dapr's pub/sub or with their own client. */
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
  /** Whether clients need an API key. */
  readonly apiKey?: { readonly secret: string; readonly key: string };
  readonly personalData?: boolean;
}

/** What a client needs to connect to a data service. */
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
    /** Its name in the cloud's secret manager, if the runbook fixes one. */
    readonly remote?: string;
    readonly source:
      /** Provided by a person as secret configuration (or in the cloud's secret manager). */
      | { readonly kind: "given"; readonly what: string }
      /** Generated once and kept in the state as a secret; rotated by configuration. */
      | { readonly kind: "generated"; readonly length: number }
      /** Written by the component that creates the data service. */
      | { readonly kind: "derived"; readonly from: string; readonly part: ConnectionPart };
  })[];
}
