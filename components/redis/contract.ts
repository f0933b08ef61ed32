import type * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../systems/units";
import type { Reach } from "../kit/egress";

/** A store that speaks Redis' protocol, whatever engine stands behind it. */
export interface Redis extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  /** Secret: `rediss://user:password@host:port`. */
  readonly url: pulumi.Output<string>;
  readonly tls: true;
  /** Empty where the engine knows passwords only. */
  readonly username: pulumi.Output<string>;
  /** Secret. */
  readonly password: pulumi.Output<string>;
  /** PEM of whoever signed the server's certificate; absent where the operating system knows it. */
  readonly certificateAuthority: pulumi.Output<string> | undefined;
  /** Where the same PEM lies if it is known in the cluster only: a Secret of the store's namespace. */
  readonly certificateAuthoritySecret?: { readonly name: string; readonly key: string };
  readonly engine: "redis" | "valkey";
  /** In `cluster` mode a client must follow redirections to the shard that has a key. */
  readonly mode: "standalone" | "cluster";
  readonly reach: readonly Reach[];
  readonly capabilities: {
    /** A replica takes over by itself when the primary fails. */
    readonly failover: boolean;
    readonly backups: boolean;
    /** Between two backups that the service itself takes; absent without backups. */
    readonly backupEvery?: Duration;
    /** What hourly backups, kept for days, miss here, in a sentence; absent where it is nothing. */
    readonly backupGap?: string;
  };
  /** What exists before a client may connect. */
  readonly ready: readonly pulumi.Resource[];
}
