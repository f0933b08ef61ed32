import type * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../systems/units";
import type { Reach } from "../kit/egress";

/** A store with the Redis protocol, whatever the engine. */
export interface Redis extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  /** Secret: `rediss://user:password@host:port`. */
  readonly url: pulumi.Output<string>;
  readonly tls: true;
  /** Empty if the engine only has passwords. */
  readonly username: pulumi.Output<string>;
  /** Secret. */
  readonly password: pulumi.Output<string>;
  /** PEM of the CA of the server's certificate; absent if operating systems trust it. */
  readonly certificateAuthority: pulumi.Output<string> | undefined;
  /**
   * The Secret, in the store's namespace, with the same PEM, if it is only known in the cluster.
   */
  readonly certificateAuthoritySecret?: { readonly name: string; readonly key: string };
  /** Every node of a cluster by name, for what is measured of each; absent with a single endpoint. */
  readonly nodes?: pulumi.Output<readonly string[]> | undefined;
  readonly engine: "redis" | "valkey";
  /** In `cluster` mode a client must follow redirections to the shard with the key. */
  readonly mode: "standalone" | "cluster";
  readonly reach: readonly Reach[];
  readonly capabilities: {
    /** A replica takes over automatically when the primary fails. */
    readonly failover: boolean;
    readonly backups: boolean;
    /** Interval of the service's own backups; absent without backups. */
    readonly backupEvery?: Duration;
    /** What is missing compared with hourly backups kept for days; absent if nothing is. */
    readonly backupGap?: string;
  };
  /** What must exist before a client can connect. */
  readonly ready: readonly pulumi.Resource[];
}
