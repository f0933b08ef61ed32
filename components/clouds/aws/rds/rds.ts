import type * as rds from "@pulumi/aws/rds";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Component, type ComponentOptions } from "../../../kit/component";
import type { Reach } from "../../../kit/egress";
import type { Postgres, Setup } from "../../../postgres/contract";
import type { RdsPostgresArguments } from "./arguments";
import { checkRds } from "./check";
import { createPrimary, createReplica } from "./instance";
import { createPooler, type Pooler } from "./proxy";
import { replicateBackups } from "./recovery";
import { createSurroundings, type Surroundings } from "./surroundings";
import { setupOf } from "../../../postgres/setup";
import { connectionUrl, POSTGRES_PORT } from "../../../postgres/url";

export type { RdsPostgresArguments } from "./arguments";

/**
 * Amazon's managed PostgreSQL: one instance with a standby in another zone, read replicas, RDS
 * Proxy for pooling, and a copy of its backups in another region. Not a Multi-AZ DB cluster, whose
 * backups Amazon cannot copy to another region.
 *
 * Every connection is encrypted (`sslmode=require`). Operating systems do not trust Amazon's CA for
 * RDS: to verify the server's name too, use Amazon's public bundle with `verify-full`.
 *
 * The password is managed here rather than by Amazon (`manageMasterUserPassword`), which does not
 * support read replicas.
 */
export class RdsPostgres extends Component implements Postgres {
  readonly url: pulumi.Output<string>;
  readonly directUrl: pulumi.Output<string>;
  readonly host: pulumi.Output<string>;
  readonly port = POSTGRES_PORT;
  readonly username: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
  /** The first of `readHosts`: Amazon has no single name for all replicas. */
  readonly readHost: pulumi.Output<string> | undefined;
  readonly readHosts: readonly pulumi.Output<string>[];
  readonly poolerHost: pulumi.Output<string> | undefined;
  readonly certificateAuthority = undefined;
  readonly reach: readonly Reach[];
  readonly capabilities: Postgres["capabilities"];
  readonly setup: Setup | undefined;
  readonly ready: readonly pulumi.Resource[];
  /** For a replica in another region. */
  readonly arn: pulumi.Output<string>;
  /** ARN of the backups in the other region, to restore from; absent without them. */
  readonly recoveryBackups: pulumi.Output<string> | undefined;

  constructor(name: string, args: RdsPostgresArguments, options: ComponentOptions) {
    const { identifier, version, instanceClass, highlyAvailable, readReplicas, pooling } = args;
    super(
      "postgres:RdsPostgres",
      name,
      { identifier, version, instanceClass, highlyAvailable, readReplicas, pooling },
      options,
    );
    checkRds(name, args);

    const owner = this.ownerOf(args);
    const { primary, replicas, pooler, recoveryBackups, ready } = this.create(args, owner);

    this.arn = primary.arn;
    this.recoveryBackups = recoveryBackups;
    this.host = primary.address;
    this.username = pulumi.output(owner.username);
    this.password = owner.password;
    this.poolerHost = pooler?.host;
    const readers = args.replicaOf === undefined ? replicas : [primary];
    this.readHosts = readers.map(({ address }) => address);
    this.readHost = this.readHosts[0];
    this.directUrl = urlAt(this.host, owner);
    this.url = pooler === undefined ? this.directUrl : urlAt(pooler.host, owner);
    this.reach = [
      { kind: "network", cidr: args.cidr, firstPort: POSTGRES_PORT, lastPort: POSTGRES_PORT },
    ];
    this.capabilities = {
      pointInTimeRecovery: args.replicaOf === undefined,
      replicas: readers.length > 0,
      failover: highlyAvailable,
      pooling: pooler !== undefined,
    };
    // A replica has its source's extensions, and accepts no SQL that writes.
    const extensions = args.replicaOf === undefined ? args.extensions : [];
    this.setup = setupOf(this.directUrl, { extensions });
    this.ready = ready;
    this.publish();
  }

  /** A replica has its source's owner, database and password. */
  private ownerOf(args: RdsPostgresArguments): Owner {
    const { replicaOf, rotation = "1" } = args;
    if (replicaOf !== undefined) return replicaOf;
    // Only letters and digits: Amazon does not accept `/`, `"` or `@`. Forty are more than enough.
    const { result: password } = new random.RandomPassword(
      this.child("password"),
      { length: 40, special: false, keepers: { rotation } },
      this.options(),
    );
    return { username: args.owner, database: args.database, password };
  }

  private create(args: RdsPostgresArguments, { password }: Owner): Created {
    const surroundings = createSurroundings(this.name, args, this.options());
    const all = { ...args, surroundings };
    const primary = createPrimary(this.name, all, password, this.options());
    if (args.replicaOf !== undefined) {
      return { primary, replicas: [], ready: [primary, ...surroundings.ready] };
    }
    const replicas = this.createReplicas(all, primary);
    const pooler = args.pooling
      ? createPooler(this.child("pooler"), { ...all, primary, password }, this.options())
      : undefined;
    const { recovery } = args;
    return {
      primary,
      replicas,
      ...(pooler === undefined ? {} : { pooler }),
      ...(recovery === undefined ? {} : { recoveryBackups: this.copy(args, recovery, primary) }),
      ready: [primary, ...replicas, ...surroundings.ready, ...(pooler?.ready ?? [])],
    };
  }

  private createReplicas(
    args: RdsPostgresArguments & { readonly surroundings: Surroundings },
    primary: rds.Instance,
  ): readonly rds.Instance[] {
    return Array.from({ length: args.readReplicas }, (_, index) => {
      const suffix = `read-${index + 1}`;
      const identifier = `${args.identifier}-${suffix}`;
      return createReplica(this.child(suffix), args, primary, identifier, this.options());
    });
  }

  private copy(
    args: RdsPostgresArguments,
    recovery: NonNullable<RdsPostgresArguments["recovery"]>,
    primary: rds.Instance,
  ): pulumi.Output<string> {
    return replicateBackups(this.child("recovery"), { ...args, recovery, primary }, this.options());
  }
}

interface Owner {
  readonly username: pulumi.Input<string>;
  readonly database: pulumi.Input<string>;
  readonly password: pulumi.Output<string>;
}

interface Created {
  readonly primary: rds.Instance;
  readonly replicas: readonly rds.Instance[];
  readonly pooler?: Pooler;
  readonly recoveryBackups?: pulumi.Output<string>;
  readonly ready: readonly pulumi.Resource[];
}

const urlAt = (host: pulumi.Output<string>, owner: Owner): pulumi.Output<string> =>
  connectionUrl({ ...owner, host, port: POSTGRES_PORT, sslmode: "require" });
