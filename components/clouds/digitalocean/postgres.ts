import * as digitalocean from "@pulumi/digitalocean";
import type * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../../systems/units";
import { Component, type ComponentOptions } from "../../kit/component";
import {
  closeToAllBut,
  managedDatabase,
  type ManagedDatabase,
  type ManagedDatabaseArguments,
} from "./database";
import type { Reach } from "../../kit/egress";
import type { Postgres, Setup } from "../../postgres/contract";
import { checkDigitalOcean, POOL_SIZE } from "./postgres-check";
import { configOf } from "./postgres-parameters";
import { setupOf } from "../../postgres/setup";
import { connectionUrl } from "../../postgres/url";

export interface DigitalOceanPostgresArguments extends Omit<
  ManagedDatabaseArguments,
  "engine" | "evictionPolicy"
> {
  /** WARNING: changing it deletes the database and its data. */
  readonly database: string;
  /**
   * WARNING: changing it deletes the user. From PostgreSQL 15 the user cannot create anything
   * before `setup` has run.
   * @default DigitalOcean's own administrator, with all permissions
   */
  readonly owner?: string;
  /** Read-only servers, each with its own firewall. */
  readonly readReplicas: number;
  /** PgBouncer in transaction mode. */
  readonly pooling: boolean;
  /** The runbook's server settings, by PostgreSQL's names. */
  readonly parameters: Readonly<Record<string, string>>;
  /** For `setup`: `CREATE EXTENSION` is SQL. @default none */
  readonly extensions?: readonly string[];
  /** The runbook's minimum; DigitalOcean always keeps seven days. @default a day */
  readonly leastRetention?: Duration;
  /** CIDRs of the network of cluster and database, for network policies. */
  readonly cidr: string;
}

/** The port range of DigitalOcean's databases and their pools. */
const PORTS = { first: 25_060, last: 25_090 } as const;

/** The only pool; clients use its name as the database name. */
const POOL = "application";

/**
 * DigitalOcean's managed PostgreSQL: standbys with automatic failover, backups and seven days of
 * point-in-time recovery by DigitalOcean, and access only from the cluster.
 */
export class DigitalOceanPostgres extends Component implements Postgres {
  readonly url: pulumi.Output<string>;
  readonly directUrl: pulumi.Output<string>;
  readonly host: pulumi.Output<string>;
  readonly port = PORTS.first;
  readonly username: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
  /** The first of `readHosts`. */
  readonly readHost: pulumi.Output<string> | undefined;
  readonly readHosts: readonly pulumi.Output<string>[];
  readonly poolerHost: pulumi.Output<string> | undefined;
  readonly certificateAuthority: pulumi.Output<string>;
  readonly reach: readonly Reach[];
  readonly capabilities: Postgres["capabilities"];
  readonly setup: Setup | undefined;
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: DigitalOceanPostgresArguments, options: ComponentOptions) {
    const { clusterName, version, size, nodes, readReplicas, pooling } = args;
    super(
      "postgres:DigitalOceanPostgres",
      name,
      { clusterName, version, size, nodes, readReplicas, pooling },
      options,
    );
    checkDigitalOcean(name, args);

    const { server, owner, pool, replicas, ready } = this.create(args);
    this.host = server.cluster.privateHost;
    this.username = owner.username;
    this.password = owner.password;
    this.poolerHost = pool?.privateHost;
    this.readHosts = replicas.map(({ privateHost }) => privateHost);
    this.readHost = this.readHosts[0];
    this.certificateAuthority = server.certificateAuthority;
    this.directUrl = urlAt(this.host, owner, args.database);
    this.url =
      pool === undefined ? this.directUrl : urlAt(pool.privateHost, owner, pool.name, pool.port);
    this.reach = [
      { kind: "network", cidr: args.cidr, firstPort: PORTS.first, lastPort: PORTS.last },
    ];
    this.capabilities = {
      pointInTimeRecovery: true,
      replicas: readReplicas > 0,
      failover: nodes >= 2,
      pooling,
    };
    this.setup = setupFor(args, server);
    this.ready = ready;
    this.publish();
  }

  private create(args: DigitalOceanPostgresArguments): Created {
    const server = managedDatabase(this.name, { ...args, engine: "pg" }, this.options());
    const database = this.createDatabase(args, server);
    const user = this.createUser(args, server, database);
    const owner = {
      username: user?.name ?? server.cluster.user,
      password: user?.password ?? server.cluster.password,
    };
    const pool = args.pooling ? this.createPool(owner, database) : undefined;
    const replicas = Array.from({ length: args.readReplicas }, (_, index) =>
      this.createReplica(args, server, `read-${index + 1}`),
    );
    return {
      server,
      owner,
      ...(pool === undefined ? {} : { pool }),
      replicas: replicas.map(({ replica }) => replica),
      ready: [
        server.cluster,
        server.firewall,
        database,
        ...[user, pool, this.configure(args, server)].filter((one) => one !== undefined),
        ...replicas.flatMap(({ replica, firewall }) => [replica, firewall]),
      ],
    };
  }

  private createDatabase(
    { database, protect }: DigitalOceanPostgresArguments,
    { cluster }: ManagedDatabase,
  ): digitalocean.DatabaseDb {
    return new digitalocean.DatabaseDb(
      this.child("database"),
      { clusterId: cluster.id, name: database },
      this.options({ protect }),
    );
  }

  private createUser(
    { owner }: DigitalOceanPostgresArguments,
    { cluster }: ManagedDatabase,
    database: digitalocean.DatabaseDb,
  ): digitalocean.DatabaseUser | undefined {
    if (owner === undefined) return undefined;
    return new digitalocean.DatabaseUser(
      this.child("user"),
      { clusterId: cluster.id, name: owner },
      this.options({ dependsOn: [database] }),
    );
  }

  /** Any change replaces it; it holds no data, and clients reconnect. */
  private createPool(
    { username }: Owner,
    database: digitalocean.DatabaseDb,
  ): digitalocean.DatabaseConnectionPool {
    return new digitalocean.DatabaseConnectionPool(
      this.child("pool"),
      {
        clusterId: database.clusterId,
        name: POOL,
        mode: "transaction",
        size: POOL_SIZE,
        dbName: database.name,
        user: username,
      },
      this.options(),
    );
  }

  /** A separate server: without its own firewall it would accept connections from anywhere. */
  private createReplica(
    args: DigitalOceanPostgresArguments,
    { cluster }: ManagedDatabase,
    suffix: string,
  ): { replica: digitalocean.DatabaseReplica; firewall: digitalocean.DatabaseFirewall } {
    const replica = new digitalocean.DatabaseReplica(
      this.child(suffix),
      {
        clusterId: cluster.id,
        name: `${args.clusterName}-${suffix}`,
        region: args.region,
        size: args.size,
        privateNetworkUuid: args.placement.vpcId,
        tags: [...args.tags],
      },
      this.options({
        protect: args.protect,
        // It is created from the first backup; the provider waits for that.
        customTimeouts: { create: "60m", update: "60m", delete: "30m" },
      }),
    );
    const firewall = closeToAllBut(
      this.child(`${suffix}-firewall`),
      replica.uuid,
      args,
      this.options(),
    );
    return { replica, firewall };
  }

  /** A setting that is removed later keeps its value: DigitalOcean does not reset it. */
  private configure(
    { parameters }: DigitalOceanPostgresArguments,
    { cluster }: ManagedDatabase,
  ): digitalocean.DatabasePostgresqlConfig | undefined {
    if (Object.keys(parameters).length === 0) return undefined;
    return new digitalocean.DatabasePostgresqlConfig(
      this.child("config"),
      { clusterId: cluster.id, ...configOf(parameters) },
      this.options(),
    );
  }
}

interface Owner {
  readonly username: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
}

interface Created {
  readonly server: ManagedDatabase;
  readonly owner: Owner;
  readonly pool?: digitalocean.DatabaseConnectionPool;
  readonly replicas: readonly digitalocean.DatabaseReplica[];
  readonly ready: readonly pulumi.Resource[];
}

const urlAt = (
  host: pulumi.Output<string>,
  owner: Owner,
  database: pulumi.Input<string>,
  port: pulumi.Input<number> = PORTS.first,
): pulumi.Output<string> => connectionUrl({ ...owner, host, port, database, sslmode: "require" });

/** As the administrator, who owns the database. */
function setupFor(
  { owner, extensions = [], database }: DigitalOceanPostgresArguments,
  { cluster }: ManagedDatabase,
): Setup | undefined {
  const administrator = { username: cluster.user, password: cluster.password };
  return setupOf(urlAt(cluster.privateHost, administrator, database), {
    extensions,
    ...(owner === undefined ? {} : { guest: owner }),
  });
}
