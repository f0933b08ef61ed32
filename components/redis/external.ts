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
 * A store that somebody else runs: nothing is created, everything is read from its URL. A URL without
 * TLS, or with another port, stops the deployment as soon as it is known.
 */
export class ExternalRedis extends Component implements Redis {
  readonly host: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  readonly url: pulumi.Output<string>;
  readonly tls = true;
  readonly username: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
  /** Whom operating systems trust. */
  readonly certificateAuthority = undefined;
  readonly engine = "redis";
  readonly mode = "standalone";
  readonly reach: readonly Reach[];
  /** What its provider does besides is not known here, so nothing may rely on it. */
  readonly capabilities: Redis["capabilities"] = { failover: false, backups: false };
  readonly ready: readonly pulumi.Resource[] = [];

  constructor(name: string, args: ExternalRedisArguments, options: ComponentOptions) {
    super("redis:ExternalRedis", name, {}, options);
    const given = pulumi
      .secret(args.url)
      .apply((url) => readRedisUrl(`ExternalRedis ${name}`, url));
    this.url = given.url;
    // A name of a host is no secret, and whoever reads a plan wants to know which one it is.
    this.host = pulumi.unsecret(given.host);
    this.port = pulumi.output(REDIS_PORT);
    this.username = given.username;
    this.password = given.password;
    this.reach = [{ kind: "internet", port: REDIS_PORT }];
    this.publish();
  }
}
