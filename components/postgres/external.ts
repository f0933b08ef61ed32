import * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentOptions } from "../kit/component";
import type { Reach } from "../kit/egress";
import type { Postgres } from "./contract";
import { pastPooler, POSTGRES_PORT, readPostgresUrl } from "./url";

export interface ExternalPostgresArguments {
  /** Secret. The provider's own URL, with `sslmode=require` or stricter. */
  readonly url: pulumi.Output<string>;
  /** Whether the provider restores to a point in time. */
  readonly pointInTimeRecovery: boolean;
}

/**
 * A database that somebody else runs, such as Neon: nothing is created, everything is reached by its
 * URL. Of Neon's two hosts the URL may name the pooled one (`…-pooler.…`): `directUrl` is then the
 * other, because dumps and migrations need a session of their own.
 */
export class ExternalPostgres extends Component implements Postgres {
  readonly url: pulumi.Output<string>;
  readonly directUrl: pulumi.Output<string>;
  readonly host: pulumi.Output<string>;
  readonly port = POSTGRES_PORT;
  readonly username: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
  readonly readHost = undefined;
  readonly poolerHost = undefined;
  readonly certificateAuthority = undefined;
  readonly reach: readonly Reach[];
  readonly capabilities: Postgres["capabilities"];
  readonly ready: readonly pulumi.Resource[] = [];

  constructor(name: string, args: ExternalPostgresArguments, options: ComponentOptions) {
    const { pointInTimeRecovery } = args;
    const port = POSTGRES_PORT;
    super("postgres:ExternalPostgres", name, { pointInTimeRecovery, port }, options);
    const given = pulumi
      .secret(args.url)
      .apply((url) => readPostgresUrl(`ExternalPostgres ${name}`, url));
    this.url = pulumi.secret(args.url);
    this.directUrl = this.url.apply(pastPooler);
    // A name of a host is no secret, and whoever reads a plan wants to know which one it is.
    this.host = pulumi.unsecret(given.host);
    this.username = given.username;
    this.password = given.password;
    this.reach = [{ kind: "internet", port }];
    // What its provider does besides is not known here, so nothing may rely on it.
    this.capabilities = { pointInTimeRecovery, replicas: false, failover: false, pooling: false };
    this.publish();
  }
}
