import * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentOptions } from "../kit/component";
import type { Reach } from "../kit/egress";
import type { Postgres } from "./contract";
import { pastPooler, POSTGRES_PORT, readPostgresUrl } from "./url";

export interface ExternalPostgresArguments {
  /** Secret. The provider's own URL, with `sslmode=require` or stricter. */
  readonly url: pulumi.Output<string>;
  /** Whether the provider supports point-in-time recovery. */
  readonly pointInTimeRecovery: boolean;
}

/**
 * An external database, such as Neon: nothing is created, and everything is derived from its URL.
 * The URL may use Neon's pooled host (`…-pooler.…`): `directUrl` then uses the other one, because
 * dumps and migrations need their own session.
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
    // A host name is not secret, and is useful in a plan.
    this.host = pulumi.unsecret(given.host);
    this.username = given.username;
    this.password = given.password;
    this.reach = [{ kind: "internet", port }];
    // The provider's other features are unknown, so nothing may rely on them.
    this.capabilities = { pointInTimeRecovery, replicas: false, failover: false, pooling: false };
    this.publish();
  }
}
