import * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentOptions } from "../kit/component";
import type { Reach } from "../kit/egress";
import type { Redis } from "./contract";
import { readRedisUrl, REDIS_PORT } from "./url";

export interface ExternalRedisArguments {
  /** Secret: `rediss://user:password@host:port`. */
  readonly url: pulumi.Output<string>;
}

/**
 * An external store: nothing is created, and everything is read from its URL. A URL without TLS, or
 * with another port, stops the deployment as soon as it is known.
 */
export class ExternalRedis extends Component implements Redis {
  readonly host: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  readonly url: pulumi.Output<string>;
  readonly tls = true;
  readonly username: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
  /** Clients use the operating system's trust store. */
  readonly certificateAuthority = undefined;
  readonly engine = "redis";
  readonly mode = "standalone";
  readonly reach: readonly Reach[];
  /** The provider's other features are unknown, so nothing may rely on them. */
  readonly capabilities: Redis["capabilities"] = { failover: false, backups: false };
  readonly ready: readonly pulumi.Resource[] = [];

  constructor(name: string, args: ExternalRedisArguments, options: ComponentOptions) {
    super("redis:ExternalRedis", name, {}, options);
    const given = pulumi
      .secret(args.url)
      .apply((url) => readRedisUrl(`ExternalRedis ${name}`, url));
    this.url = given.url;
    // A host name is not secret, and is useful in a plan.
    this.host = pulumi.unsecret(given.host);
    this.port = pulumi.output(REDIS_PORT);
    this.username = given.username;
    this.password = given.password;
    this.reach = [{ kind: "internet", port: REDIS_PORT }];
    this.publish();
  }
}
