import type * as pulumi from "@pulumi/pulumi";

/** A PostgreSQL database that workloads reach by one URL. */
export interface Postgres extends pulumi.ComponentResource {
  /** Secret: `postgresql://user:password@host:port/database?sslmode=…`. */
  readonly url: pulumi.Output<string>;
  /** The port pods must be allowed to reach. */
  readonly port: number;
  /** Where it is, as far as a network policy can say it. */
  readonly location: "internet" | "cloud" | "cluster";
  readonly capabilities: {
    /** Whether the provider itself can restore to a point in time. */
    readonly pointInTimeRecovery: boolean;
    readonly replicas: boolean;
  };
  readonly ready: readonly pulumi.Resource[];
}
