import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { days, gib, hours, minutes } from "../../../../systems/units";
import { refusal } from "../../../kit/testing";
import { checkRds } from "./check";
import { args, changed, second } from "./testing";

type Changes = Parameters<typeof changed>[0];

const said = (changes: Changes): string =>
  refusal(() => {
    checkRds("db", changed(changes));
  });

const identifier =
  "up to 55 lower-case letters, digits and single hyphens that begin with a letter and do not end with a hyphen. Shorten or rename it.";
const version =
  "one of 14, 15, 16, 17, 18, or a minor version of one, such as 15.18. With only a major version, RDS upgrades the minor version in the maintenance window.";
const name =
  "1 to 63 lower-case letters, digits and underscores that begin with a letter, and not reserved by the server. Choose another name; it cannot be changed later.";
const retention =
  "1 to 35 days, in whole days. RDS keeps at most 35 days. For longer retention, keep dumps.";
const window = (key: string, value: string, allowed: string) =>
  `${key} is ${value}, but must be ${allowed}. ` +
  (key === "backupStart"
    ? "Leave it out for the hour before maintenance."
    : "Change the system's maintenance window.");

describe("a database that Amazon would reject", () => {
  it.each<[Changes, string]>([
    [{ identifier: "Bikes" }, `identifier is "Bikes", but must be ${identifier}`],
    [{ identifier: "a--b" }, `identifier is "a--b", but must be ${identifier}`],
    [{ identifier: "bikes-" }, `identifier is "bikes-", but must be ${identifier}`],
    [
      { identifier: "b".repeat(56) },
      `identifier is "${"b".repeat(56)}", but must be ${identifier}`,
    ],
    [{ version: "13" }, `version is "13", but must be ${version}`],
    [{ version: "15.x" }, `version is "15.x", but must be ${version}`],
    [{ version: "15.3.1" }, `version is "15.3.1", but must be ${version}`],
    [
      { placement: { ...args.placement, privateSubnetIds: [pulumi.output("one")] } },
      "placement.privateSubnetIds is 1 of them, but must be at least two, in different zones. Spread the cluster's network over two zones or more.",
    ],
    [{ database: "Rides" }, `database is "Rides", but must be ${name}`],
    [{ owner: "rdsadmin" }, `owner is "rdsadmin", but must be ${name}`],
    [{ owner: "pg_monitor" }, `owner is "pg_monitor", but must be ${name}`],
    [
      { instanceClass: "m7g.large" },
      'instanceClass is "m7g.large", but must be an RDS instance class, such as db.m7g.large. Set the size of the database.',
    ],
    [
      { storage: gib(19) },
      "storage is 19 GiB, but must be 20 GiB to 32768 GiB, in whole GiB. It can be increased later, but not decreased.",
    ],
    [
      { storage: gib(20.5) },
      "storage is 20.5 GiB, but must be 20 GiB to 32768 GiB, in whole GiB. It can be increased later, but not decreased.",
    ],
    [
      { readReplicas: 16 },
      "readReplicas is 16, but must be 0 to 15. An instance supports no more replicas.",
    ],
    [
      { readReplicas: -1 },
      "readReplicas is -1, but must be 0 to 15. An instance supports no more replicas.",
    ],
    [{ pointInTimeRecovery: days(0) }, `pointInTimeRecovery is 0 days, but must be ${retention}`],
    [{ pointInTimeRecovery: days(36) }, `pointInTimeRecovery is 36 days, but must be ${retention}`],
    [
      { pointInTimeRecovery: hours(36) },
      `pointInTimeRecovery is 1.5 days, but must be ${retention}`,
    ],
    [
      { pointInTimeRecovery: days(13) },
      "pointInTimeRecovery is 13 days, but must be at least 14 days, the runbook's minimum. Raise it, or change the runbook's recovery point.",
    ],
    [
      { maintenance: { ...args.maintenance, start: "3:30" } },
      window("maintenance.start", '"3:30"', "a time of day in UTC as HH:MM"),
    ],
    [
      { maintenance: { ...args.maintenance, duration: minutes(29) } },
      window(
        "maintenance.duration",
        "29 minutes",
        "30 to 1380 minutes: the backup before it takes an hour of each day",
      ),
    ],
    [
      { maintenance: { ...args.maintenance, duration: minutes(1381) } },
      window(
        "maintenance.duration",
        "1381 minutes",
        "30 to 1380 minutes: the backup before it takes an hour of each day",
      ),
    ],
    [
      { extensions: ["PostGIS"] },
      'extensions is "PostGIS", but must be an extension\'s name, such as pg_stat_statements. Use lower-case letters, digits, underscores and hyphens.',
    ],
    [
      { parameters: { "rds.force_ssl": "0" } },
      'parameters.rds.force_ssl is "0", but must be left out. Every connection is encrypted.',
    ],
    [
      { parameters: { shared_preload_libraries: "pgaudit" } },
      'parameters.shared_preload_libraries is "pgaudit", but must be left out. List the extension under extensions.',
    ],
    [
      { recovery: { region: "eu-central-1" } },
      'recovery.region is "eu-central-1", but must be a region other than the database\'s own, eu-central-1. Set the recovery region, or remove recovery.',
    ],
    [
      { ...second, recovery: { region: "eu-west-1" } },
      'recovery is "eu-west-1", but must be unset for a replica. A replica has no backups of its own until it is promoted.',
    ],
    [
      { ...second, restoreFrom: { instance: "another" } },
      "restoreFrom is set together with replicaOf, but must be unset for a replica. A replica starts from the instance that it follows.",
    ],
    [
      { restoreFrom: { instance: "bikes-prod-db" } },
      'restoreFrom.instance is "bikes-prod-db", but must be an instance other than its own. Give the new instance another incarnation.',
    ],
  ])("refuses %j", (changes, expected) => {
    expect(said(changes)).toBe(`RdsPostgres db: ${expected}`);
  });

  it.each<[Changes]>([
    [{}],
    [second],
    [{ identifier: "b" }],
    [{ identifier: "b".repeat(55), readReplicas: 15 }],
    [{ version: "14" }],
    [{ version: "15.18" }],
    [{ pointInTimeRecovery: days(1), leastRetention: undefined }],
    [{ pointInTimeRecovery: days(35) }],
    [{ storage: gib(32_768) }],
    [{ maintenance: { ...args.maintenance, duration: minutes(30) } }],
    [{ maintenance: { ...args.maintenance, duration: minutes(1380) } }],
    [{ instanceClass: "db.t4g.micro" }],
  ])("accepts %j", (changes) => {
    expect(said(changes)).toBe("");
  });
});
