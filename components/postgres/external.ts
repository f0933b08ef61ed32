import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import type { Postgres } from "./contract";

export interface ExternalPostgresArguments {
  /** Secret. The provider's own URL, with `sslmode=require` or stricter. */
  readonly url: pulumi.Output<string>;
  readonly pointInTimeRecovery: boolean;
}

/** A database that somebody else runs, such as Neon: nothing is created, everything is reached by its URL. */
export class ExternalPostgres extends Component implements Postgres {
  readonly url: pulumi.Output<string>;
  readonly port = 5432;
  readonly location = "internet";
  readonly capabilities: Postgres["capabilities"];
  readonly ready: readonly pulumi.Resource[] = [];

  constructor(
    name: string,
    args: ExternalPostgresArguments,
    options: pulumi.ComponentResourceOptions,
  ) {
    const { pointInTimeRecovery } = args;
    super("postgres:ExternalPostgres", name, { pointInTimeRecovery }, options);
    this.url = args.url;
    this.capabilities = { pointInTimeRecovery, replicas: false };
    this.registerOutputs({
      url: this.url,
      port: this.port,
      location: this.location,
      capabilities: this.capabilities,
      ready: this.ready,
    });
  }
}
