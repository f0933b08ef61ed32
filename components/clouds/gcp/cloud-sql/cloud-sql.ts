import * as sql from "@pulumi/gcp/sql";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Component, type ComponentOptions } from "../../../kit/component";
import type { Reach } from "../../../kit/egress";
import { EDITION, withDefaults, type CloudSql, type CloudSqlPostgresArguments } from "./arguments";
import { checkCloudSql } from "./check";
import { createPrimary, createReplica } from "./instance";
import type { Postgres, Setup } from "../../../postgres/contract";
import { setupOf } from "../../../postgres/setup";
import { connectionUrl, POSTGRES_PORT } from "../../../postgres/url";

export type { CloudSqlPostgresArguments } from "./arguments";

/** One at a time in an instance, so the provider's 10 minutes may be too short. */
const TIMEOUTS = { create: "30m", update: "30m", delete: "30m" };

/**
 * Google's managed PostgreSQL with only a private address: a standby in another zone, read
 * replicas, daily backups and point-in-time recovery. The ENTERPRISE edition has no pooler.
 *
 * The server's certificate is for the instance, not for the name that pods use: `sslmode=require`
 * encrypts, and with `certificateAuthority` as root certificate a client can verify the server
 * (`verify-ca`); `verify-full` fails.
 */
export class CloudSqlPostgres extends Component implements Postgres {
  readonly url: pulumi.Output<string>;
  readonly directUrl: pulumi.Output<string>;
  readonly host: pulumi.Output<string>;
  /** The private IPv4 address, for a Service without a selector and its EndpointSlice. */
  readonly address: pulumi.Output<string>;
  readonly port = POSTGRES_PORT;
  readonly username: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
  /** The first of `readHosts`. */
  readonly readHost: pulumi.Output<string> | undefined;
  readonly readHosts: readonly pulumi.Output<string>[];
  readonly poolerHost = undefined;
  readonly certificateAuthority: pulumi.Output<string>;
  readonly reach: readonly Reach[];
  readonly capabilities: Postgres["capabilities"];
  readonly setup: Setup | undefined;
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, given: CloudSqlPostgresArguments, options: ComponentOptions) {
    const args = withDefaults(given);
    const { identifier, version, tier, highlyAvailable, readReplicas } = args;
    super(
      "postgres:CloudSqlPostgres",
      name,
      { identifier, version, edition: EDITION, tier, highlyAvailable, readReplicas },
      options,
    );
    checkCloudSql(name, args);

    const { primary, replicas, password, ready } = this.create(args);
    this.address = primary.privateIpAddress;
    this.host = this.address;
    this.username = pulumi.output(args.owner);
    this.password = password;
    this.readHosts = replicas.map(({ privateIpAddress }) => privateIpAddress);
    this.readHost = this.readHosts[0];
    this.url = urlAt(this.host, password, args);
    this.directUrl = this.url;
    this.certificateAuthority = primary.serverCaCerts.apply(bundle);
    this.reach = [
      { kind: "network", cidr: args.cidr, firstPort: POSTGRES_PORT, lastPort: POSTGRES_PORT },
    ];
    this.capabilities = {
      pointInTimeRecovery: true,
      replicas: replicas.length > 0,
      failover: highlyAvailable,
      pooling: false,
    };
    this.setup = setupOf(this.directUrl, { extensions: args.extensions ?? [] });
    this.ready = ready;
    this.publish();
  }

  private create(args: CloudSql): Created {
    const primary = createPrimary(this.child("instance"), args, this.options());
    const replicas = this.createReplicas(args, primary);
    const database = this.createDatabase(args, primary);
    const password = this.createPassword(args);
    const user = this.createUser(args, password, database);
    return { primary, replicas, password, ready: [primary, ...replicas, database, user] };
  }

  private createReplicas(
    args: CloudSql,
    primary: sql.DatabaseInstance,
  ): readonly sql.DatabaseInstance[] {
    return Array.from({ length: args.readReplicas }, (_, index) => {
      const suffix = `read-${index + 1}`;
      const identifier = `${args.identifier}-${suffix}`;
      return createReplica(this.child(suffix), args, primary, identifier, this.options());
    });
  }

  /** Abandoned when removed: Google cannot drop it in use, and deletes it with the instance. */
  private createDatabase(args: CloudSql, primary: sql.DatabaseInstance): sql.Database {
    return new sql.Database(
      this.child("database"),
      {
        name: args.database,
        project: args.placement.project,
        instance: primary.name,
        charset: "UTF8",
        collation: "en_US.UTF8",
        deletionPolicy: "ABANDON",
      },
      this.options({ protect: args.protect, customTimeouts: TIMEOUTS }),
    );
  }

  /** With each kind of character that the password policy requires, and none to escape in a URL. */
  private createPassword({ rotation = "1" }: CloudSql): pulumi.Output<string> {
    return new random.RandomPassword(
      this.child("password"),
      {
        length: 40,
        special: true,
        overrideSpecial: "-_.~",
        minLower: 1,
        minUpper: 1,
        minNumeric: 1,
        minSpecial: 1,
        keepers: { rotation },
      },
      this.options(),
    ).result;
  }

  /** Abandoned when removed: PostgreSQL cannot drop a role that owns objects. */
  private createUser(
    args: CloudSql,
    password: pulumi.Output<string>,
    database: sql.Database,
  ): sql.User {
    return new sql.User(
      this.child("user"),
      {
        name: args.owner,
        project: args.placement.project,
        instance: database.instance,
        password,
        type: "BUILT_IN",
        deletionPolicy: "ABANDON",
      },
      // One after the other: both change the instance, which Google allows only one at a time.
      this.options({ customTimeouts: TIMEOUTS, dependsOn: [database] }),
    );
  }
}

interface Created {
  readonly primary: sql.DatabaseInstance;
  readonly replicas: readonly sql.DatabaseInstance[];
  readonly password: pulumi.Output<string>;
  readonly ready: readonly pulumi.Resource[];
}

/** Several certificates during Google's CA rotation. */
const bundle = (authorities: readonly { readonly cert: string }[]): string =>
  authorities.map(({ cert }) => cert).join("\n");

const urlAt = (
  host: pulumi.Output<string>,
  password: pulumi.Output<string>,
  { owner, database }: CloudSql,
): pulumi.Output<string> =>
  connectionUrl({
    username: owner,
    password,
    host,
    port: POSTGRES_PORT,
    database,
    sslmode: "require",
  });
