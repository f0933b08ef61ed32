/**
 * For tests of DigitalOcean's PostgreSQL: a database with every option, and the cloud's responses.
 */
import * as pulumi from "@pulumi/pulumi";
import { days, gib } from "../../../systems/units";
import { register } from "../../kit/testing";
import { DigitalOceanPostgres, type DigitalOceanPostgresArguments } from "./postgres";

export const args: DigitalOceanPostgresArguments = {
  clusterName: "bikes-prod-db",
  version: "16",
  size: "db-s-2vcpu-4gb",
  nodes: 2,
  region: "ams3",
  placement: {
    cloud: "digitalocean",
    vpcId: pulumi.output("the-vpc"),
    clusterId: pulumi.output("the-cluster"),
  },
  podCidr: "10.52.0.0/16",
  maintenance: { day: "thursday", start: "03:30" },
  tags: ["one"],
  storage: { initial: gib(70), growth: gib(15) },
  database: "rides",
  owner: "keeper",
  readReplicas: 2,
  pooling: true,
  parameters: { autovacuum_vacuum_scale_factor: "0.15", "pg_stat_statements.track": "all" },
  extensions: ["pg_stat_statements"],
  leastRetention: days(5),
  cidr: "10.30.0.0/16",
  protect: true,
};

export type Changes = {
  readonly [key in keyof DigitalOceanPostgresArguments]?:
    DigitalOceanPostgresArguments[key] | undefined;
};

/** The example with some arguments changed; `undefined` removes an optional one. */
export function changed(changes: Changes): DigitalOceanPostgresArguments {
  const given = Object.entries({ ...args, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as DigitalOceanPostgresArguments;
}

const cloud = {
  "digitalocean:index/databaseConnectionPool:DatabaseConnectionPool": {
    privateHost: "pool.example.com",
    port: 25065,
  },
  "digitalocean:index/databaseDb:DatabaseDb": {},
  "digitalocean:index/databasePostgresqlConfig:DatabasePostgresqlConfig": {},
  "digitalocean:index/databaseReplica:DatabaseReplica": {
    privateHost: "read.example.com",
    uuid: "the-replica",
  },
};

export const create = (changes: Changes = {}, preview = false) =>
  register((options) => new DigitalOceanPostgres("db", changed(changes), options), {
    preview,
    cloud,
  });
