import type * as pulumi from "@pulumi/pulumi";

/** A store that speaks Redis' protocol, whatever engine stands behind it. */
export interface Redis extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  readonly tls: true;
  readonly username: pulumi.Output<string>;
  /** Secret. */
  readonly password: pulumi.Output<string>;
  /** The certificate authority that signed the server's certificate, PEM. */
  readonly certificateAuthority: pulumi.Output<string>;
  readonly engine: "redis" | "valkey";
  readonly capabilities: {
    readonly failover: boolean;
    readonly backups: boolean;
  };
  readonly ready: readonly pulumi.Resource[];
}
