import type * as pulumi from "@pulumi/pulumi";
import type { Reach } from "../kit/egress";

/** SQL that an authorised user must run once, before the owner can work. */
export interface Setup {
  /** Secret: bypasses the pooler, as a user who may run the statements. */
  readonly url: pulumi.Output<string>;
  /** Each one is idempotent. */
  readonly statements: readonly string[];
}

/** A PostgreSQL database with one URL for workloads, whoever runs it. */
export interface Postgres extends pulumi.ComponentResource {
  /** Secret: `postgresql://user:password@host:port/database?sslmode=…`, by the pooler if any. */
  readonly url: pulumi.Output<string>;
  /** Secret: bypasses the pooler, for dumps, migrations and anything that needs its own session. */
  readonly directUrl: pulumi.Output<string>;
  readonly host: pulumi.Output<string>;
  /** Its IPv4 address, if it has no name; then `host` is the same. */
  readonly address?: pulumi.Output<string> | undefined;
  readonly port: number;
  readonly username: pulumi.Output<string>;
  /** Secret. */
  readonly password: pulumi.Output<string>;
  /** Read-only and possibly behind; absent without readable replicas. */
  readonly readHost: pulumi.Output<string> | undefined;
  /** The pooler; absent without one. */
  readonly poolerHost: pulumi.Output<string> | undefined;
  /**
   * PEM of the CA of the server's certificate; absent if operating systems trust it, if only the
   * cluster knows it, or if only Amazon's bundle for RDS has it.
   */
  readonly certificateAuthority: pulumi.Output<string> | undefined;
  /** The Secret, in the server's namespace, with the same PEM, if it is only known in the cluster. */
  readonly certificateAuthoritySecret?: { readonly name: string; readonly key: string };
  /** All network paths of clients of the URLs above. */
  readonly reach: readonly Reach[];
  readonly capabilities: {
    /** Whether it supports point-in-time recovery, without dumps. */
    readonly pointInTimeRecovery: boolean;
    readonly replicas: boolean;
    /** A standby takes over automatically when the primary fails. */
    readonly failover: boolean;
    readonly pooling: boolean;
  };
  /** Absent if the cloud, or the operator, does all of it. */
  readonly setup?: Setup | undefined;
  /** What must exist before a client can connect. */
  readonly ready: readonly pulumi.Resource[];
}
