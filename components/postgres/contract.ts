import type * as pulumi from "@pulumi/pulumi";
import type { Reach } from "../kit/egress";

/** What has to be said once in SQL, by somebody who may, before the owner can work. */
export interface Setup {
  /** Secret: past the pooler, as a user who may run the statements. */
  readonly url: pulumi.Output<string>;
  /** Each may be run again without harm. */
  readonly statements: readonly string[];
}

/** A PostgreSQL database that workloads reach by one URL, whoever runs it. */
export interface Postgres extends pulumi.ComponentResource {
  /**
   * Secret: `postgresql://user:password@host:port/database?sslmode=…`, through the pooler where
   * there is one.
   */
  readonly url: pulumi.Output<string>;
  /** Secret: past the pooler, for dumps, migrations and whatever needs a session of its own. */
  readonly directUrl: pulumi.Output<string>;
  readonly host: pulumi.Output<string>;
  /** Its IPv4 address, of one that has no name; then `host` is the same. */
  readonly address?: pulumi.Output<string> | undefined;
  readonly port: number;
  readonly username: pulumi.Output<string>;
  /** Secret. */
  readonly password: pulumi.Output<string>;
  /** Answers reads only, and may lag; absent without readable replicas. */
  readonly readHost: pulumi.Output<string> | undefined;
  /** Where connections are pooled; absent without a pooler. */
  readonly poolerHost: pulumi.Output<string> | undefined;
  /** PEM of whoever signed the server's certificate; absent where the operating system knows it. */
  readonly certificateAuthority: pulumi.Output<string> | undefined;
  /** Every way that a client of the URLs above needs. */
  readonly reach: readonly Reach[];
  readonly capabilities: {
    /** Whether it can be restored to a point in time by itself, without a dump of ours. */
    readonly pointInTimeRecovery: boolean;
    readonly replicas: boolean;
    /** A standby takes over by itself when the primary fails. */
    readonly failover: boolean;
    readonly pooling: boolean;
  };
  /** Absent where the cloud, or the operator, does it all. */
  readonly setup?: Setup | undefined;
  /** What exists before a client may connect. */
  readonly ready: readonly pulumi.Resource[];
}
