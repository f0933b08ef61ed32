import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { days, gib, hours } from "../../../../systems/units";
import { refusal } from "../../../kit/testing";
import { withDefaults } from "./arguments";
import { checkCloudSql } from "./check";
import { changed, type Changes } from "./testing";
import { windowsOf } from "./window";

const nothing = undefined as unknown as pulumi.Resource;

const said = (changes: Changes): string =>
  refusal(() => {
    checkCloudSql("db", withDefaults(changed(changes, nothing)));
  });

const identifier =
  "up to 84 lower-case letters, digits and hyphens that begin with a letter and do not end with a hyphen. Shorten or rename it.";
const name =
  "1 to 63 lower-case letters, digits and underscores that begin with a letter, and not reserved by the server. Choose another name; it cannot be changed later.";
const tier = (value: string, allowed: string) => `tier is "${value}", but must be ${allowed}`;
const cpu = "a tier with 1 vCPU or an even number of vCPUs up to 96. Change the tier.";
const memory =
  "a tier with at least 3840 MiB, a multiple of 256, and 0.9 to 6.5 GiB per vCPU. Change the tier.";
const retention = (most: string, edition: string) =>
  `1 to ${most}, in whole days. Cloud SQL ${edition} keeps at most ${most} of its log. For longer retention, keep dumps.`;

describe("a database that Google would reject", () => {
  it.each<[Changes, string]>([
    [{ identifier: "Bikes" }, `identifier is "Bikes", but must be ${identifier}`],
    [{ identifier: "b-" }, `identifier is "b-", but must be ${identifier}`],
    [
      { identifier: "b".repeat(85) },
      `identifier is "${"b".repeat(85)}", but must be ${identifier}`,
    ],
    [
      { version: "15.4" },
      'version is "15.4", but must be one of 14, 15, 16, 17, 18. Google chooses the minor version.',
    ],
    [{ database: "postgres" }, `database is "postgres", but must be ${name}`],
    [{ owner: "cloudsqlsuperuser" }, `owner is "cloudsqlsuperuser", but must be ${name}`],
    [
      { tier: "db-perf-optimized-N-4" },
      tier(
        "db-perf-optimized-N-4",
        "db-custom-<vCPU>-<MiB> in edition ENTERPRISE. Change the tier.",
      ),
    ],
    [{ tier: "db-custom-3-7680" }, tier("db-custom-3-7680", cpu)],
    [{ tier: "db-custom-0-7680" }, tier("db-custom-0-7680", cpu)],
    [{ tier: "db-custom-98-102400" }, tier("db-custom-98-102400", cpu)],
    [{ tier: "db-custom-2-7681" }, tier("db-custom-2-7681", memory)],
    [{ tier: "db-custom-2-3584" }, tier("db-custom-2-3584", memory)],
    [{ tier: "db-custom-2-13568" }, tier("db-custom-2-13568", memory)],
    [{ tier: "db-custom-8-7168" }, tier("db-custom-8-7168", memory)],
    [
      { storage: gib(9) },
      "storage is 9 GiB, but must be 10 GiB to 65536 GiB, in whole GiB. It can be increased later, but not decreased.",
    ],
    [
      { readReplicas: 11 },
      "readReplicas is 11, but must be 0 to 10. An instance supports no more replicas.",
    ],
    [
      { pointInTimeRecovery: days(8) },
      `pointInTimeRecovery is 8 days, but must be ${retention("7 days", "ENTERPRISE")}`,
    ],
    [
      { pointInTimeRecovery: hours(30) },
      `pointInTimeRecovery is 1.25 days, but must be ${retention("7 days", "ENTERPRISE")}`,
    ],
    [
      { pointInTimeRecovery: days(4) },
      "pointInTimeRecovery is 4 days, but must be at least 5 days, the runbook's minimum. Raise it, or change the runbook's recovery point.",
    ],
    [
      { maintenance: { day: "friday", start: "05:30" } },
      "maintenance.start is \"05:30\", but must be a full hour in UTC as HH:00. Google's windows start on the hour: change the system's maintenance window.",
    ],
    [
      { extensions: ["PostGIS"] },
      'extensions is "PostGIS", but must be an extension\'s name, such as pg_stat_statements. Use lower-case letters, digits, underscores and hyphens.',
    ],
    [
      { parameters: { shared_preload_libraries: "pgaudit" } },
      'parameters.shared_preload_libraries is "pgaudit", but must be left out. Google loads pg_stat_statements and pgAudit itself; other libraries have their own flags.',
    ],
  ])("refuses %j", (changes, expected) => {
    expect(said(changes)).toBe(`CloudSqlPostgres db: ${expected}`);
  });

  it.each<[Changes]>([
    [{ pointInTimeRecovery: days(7) }],
    [{ storage: gib(10) }],
    [{}],
    [{ identifier: "b".repeat(84), readReplicas: 10 }],
    [{ version: "18", tier: "db-custom-1-3840" }],
    [{ tier: "db-custom-2-13312" }],
    [{ tier: "db-custom-8-7424" }],
  ])("accepts %j", (changes) => {
    expect(said(changes)).toBe("");
  });
});

describe("the windows of Cloud SQL", () => {
  it.each([
    ["monday", "00:00", { backup: "20:00", day: 1, hour: 0 }],
    ["saturday", "03:00", { backup: "23:00", day: 6, hour: 3 }],
    ["sunday", "23:00", { backup: "19:00", day: 7, hour: 23 }],
  ] as const)("on %s at %s are %j", (day, start, expected) => {
    expect(windowsOf({ maintenance: { day, start } })).toEqual(expected);
  });
});
