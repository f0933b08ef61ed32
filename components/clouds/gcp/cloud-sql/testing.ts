/** For tests of PostgreSQL on Cloud SQL: a database with every option, and Google's responses. */
import * as servicenetworking from "@pulumi/gcp/servicenetworking";
import * as pulumi from "@pulumi/pulumi";
import { days, gib } from "../../../../systems/units";
import { register } from "../../../kit/testing";
import { CloudSqlPostgres, type CloudSqlPostgresArguments } from "./cloud-sql";

export const args = (peering: pulumi.Resource): CloudSqlPostgresArguments => ({
  identifier: "bikes-prod-db",
  placement: {
    cloud: "gcp",
    project: "p-123",
    region: "europe-west4",
    networkId: pulumi.output("projects/p-123/global/networks/n"),
    subnetworkId: pulumi.output("projects/p-123/regions/europe-west4/subnetworks/s"),
    peeringRange: pulumi.output("the-range"),
    peering,
    workloadPool: "p-123.svc.id.goog",
    identityReady: [],
  },
  tier: "db-custom-4-15360",
  storage: gib(70),
  database: "rides",
  owner: "keeper",
  highlyAvailable: true,
  readReplicas: 2,
  parameters: { autovacuum_vacuum_scale_factor: "0.15" },
  pointInTimeRecovery: days(6),
  leastRetention: days(5),
  maintenance: { day: "thursday", start: "05:00" },
  cidr: "10.90.0.0/16",
  labels: { data: "personal" },
  protect: true,
});

export type Changes = {
  readonly [key in keyof CloudSqlPostgresArguments]?: CloudSqlPostgresArguments[key] | undefined;
};

/** The example with some arguments changed; `undefined` removes an optional one. */
export function changed(changes: Changes, peering: pulumi.Resource): CloudSqlPostgresArguments {
  const all = Object.entries({ ...args(peering), ...changes });
  const given = all.filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as CloudSqlPostgresArguments;
}

const cloud = {
  "gcp:sql/database:Database": {},
  "gcp:sql/databaseInstance:DatabaseInstance": {
    privateIpAddress: "10.90.0.7",
    serverCaCerts: pulumi.secret([{ cert: "OLD" }, { cert: "NEW" }]),
  },
  "gcp:sql/user:User": {},
  "gcp:servicenetworking/connection:Connection": {},
};

export const create = (changes: Changes = {}, preview = false) =>
  register(
    (options) => {
      const peering = new servicenetworking.Connection(
        "the-peering",
        { network: "n", service: "servicenetworking.googleapis.com", reservedPeeringRanges: [] },
        options,
      );
      return new CloudSqlPostgres("db", changed(changes, peering), options);
    },
    { preview, cloud },
  );
