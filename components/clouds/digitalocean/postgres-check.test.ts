import { describe, expect, it } from "vitest";
import { days, gib } from "../../../systems/units";
import { refusal } from "../../kit/testing";
import { checkDigitalOcean } from "./postgres-check";
import { configOf } from "./postgres-parameters";
import { args, changed, type Changes } from "./postgres-testing";

const said = (changes: Changes): string =>
  refusal(() => {
    checkDigitalOcean("db", changed(changes));
  });

const name =
  "1 to 63 lower-case letters, digits and underscores that begin with a letter, and not reserved by the server. Choose another name; it cannot be changed later.";
const clusterName =
  "up to 55 lower-case letters, digits and hyphens that begin with a letter and do not end with a hyphen. Shorten or rename it.";
const version = "one of 15, 16, 17. DigitalOcean chooses the minor version.";
const zero =
  "a number other than zero, which the provider does not send. Use the smallest value with the same effect.";

describe("a database that DigitalOcean would reject", () => {
  it.each<[Changes, string]>([
    [
      { size: "db-s-1vcpu-1gb" },
      'size is "db-s-1vcpu-1gb", but must be db-s-1vcpu-2gb or larger with a standby. Set the size of the database.',
    ],
    [{ database: "defaultdb-2" }, `database is "defaultdb-2", but must be ${name}`],
    [{ owner: "doadmin" }, `owner is "doadmin", but must be ${name}`],
    [{ clusterName: "Bikes" }, `clusterName is "Bikes", but must be ${clusterName}`],
    [
      { clusterName: "b".repeat(56) },
      `clusterName is "${"b".repeat(56)}", but must be ${clusterName}`,
    ],
    [{ version: "14" }, `version is "14", but must be ${version}`],
    [{ version: "16.2" }, `version is "16.2", but must be ${version}`],
    [
      { nodes: 4 },
      "nodes is 4, but must be 1, 2 or 3. PostgreSQL has one primary and at most two standbys.",
    ],
    [
      { readReplicas: -1 },
      "readReplicas is -1, but must be a whole number from 0. Each replica is a separate server of the primary's size.",
    ],
    [
      { storage: { initial: gib(70.5), growth: gib(10) } },
      "storage.initial is 70.5 GiB, but must be whole GiB. Leave it out to use the storage included in the size.",
    ],
    [
      { storage: { initial: gib(70), growth: gib(9) } },
      "storage.growth is 9 GiB, but must be 10 GiB or more, in whole GiB. DigitalOcean enlarges a disk by at least that much.",
    ],
    [
      { leastRetention: days(8) },
      "leastRetention is 8 days, but must be at most 7 days, DigitalOcean's limit. For longer retention, keep dumps or run the database elsewhere.",
    ],
    [
      { extensions: ['x"; DROP'] },
      'extensions is "x"; DROP", but must be an extension\'s name, such as pg_stat_statements. Use lower-case letters, digits, underscores and hyphens.',
    ],
    [
      { parameters: { work_mem: "8192" } },
      'parameters.work_mem is "8192", but must be a setting that can be changed on DigitalOcean. Remove it; some other settings can be set with ALTER ROLE or ALTER DATABASE.',
    ],
    [
      { parameters: { max_parallel_workers: "0" } },
      `parameters.max_parallel_workers is "0", but must be ${zero}`,
    ],
    [
      { parameters: { max_parallel_workers: "many" } },
      `parameters.max_parallel_workers is "many", but must be ${zero}`,
    ],
    [
      { parameters: { max_parallel_workers: " " } },
      `parameters.max_parallel_workers is " ", but must be ${zero}`,
    ],
  ])("refuses %j", (changes, expected) => {
    expect(said(changes)).toBe(`DigitalOceanPostgres db: ${expected}`);
  });

  it.each<[Changes]>([
    [{ nodes: 1, size: "db-s-1vcpu-1gb" }],
    [{ nodes: 3 }],
    [{}],
    [{ clusterName: "b".repeat(55) }],
    [{ version: "15" }],
    [{ version: "17" }],
    [{ leastRetention: days(7) }],
    [{ leastRetention: undefined }],
    [{ parameters: { log_min_duration_statement: "-1", timezone: "UTC" } }],
  ])("accepts %j", (changes) => {
    expect(said(changes)).toBe("");
  });
});

describe("server settings", () => {
  it("have the provider's names and types", () => {
    expect(configOf({ ...args.parameters, track_io_timing: "on", max_wal_senders: "12" })).toEqual({
      autovacuumVacuumScaleFactor: 0.15,
      pgStatStatementsTrack: "all",
      trackIoTiming: "on",
      maxWalSenders: 12,
    });
  });
});
