import type * as sql from "@pulumi/gcp/sql";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { messages, type Fixture } from "../testing";
import { fixture, instance } from "./testing";

const IS = 'DatabaseInstance "orders": ';
const FLAGS = ["settings", "databaseFlags"] as const;
const LOGGED = "gcp-sql-logged";

testPolicy(LOGGED, {
  happy: instance,
  broken: [
    {
      at: [...FLAGS, 1, "value"],
      to: "off",
      says: `${IS}settings.databaseFlags[1].value is "off"; the flag log_connections must be "1".`,
    },
    { at: [...FLAGS, 1, "value"], to: "ON", says: [] },
    {
      at: [...FLAGS, 4, "value"],
      to: "none",
      says: `${IS}settings.databaseFlags[4].value is "none"; the flag log_statement must be "all".`,
    },
  ],
  unknown: [
    ["databaseVersion"],
    FLAGS,
    [...FLAGS, 1],
    [...FLAGS, 1, "name"],
    [...FLAGS, 1, "value"],
  ],
});

const withFlag = (name: string, value: string, version = "POSTGRES_16"): Fixture => {
  const written = (instance().props as { settings: { databaseFlags: object[] } }).settings;
  const flags = [...written.databaseFlags, { name, value }];
  return broken(broken(instance(), ["databaseVersion"], version), FLAGS, flags);
};

describe("Cloud SQL flags", () => {
  it.each([
    [LOGGED, "log_checkpoints", "off", 1],
    [LOGGED, "log_checkpoints", "on", 0],
    [LOGGED, "log_min_messages", "warning", 0],
    [LOGGED, "log_min_messages", "error", 1],
    [LOGGED, "log_min_error_statement", "error", 0],
    [LOGGED, "log_min_error_statement", "fatal", 1],
    ["gcp-sql-flags-safe", "log_min_duration_statement", "-1", 0],
    ["gcp-sql-flags-safe", "log_min_duration_statement", "0", 1],
    ["gcp-sql-flags-safe", "log_executor_stats", "on", 1],
    ["gcp-sql-flags-safe", "log_parser_stats", "on", 1],
    ["gcp-sql-flags-safe", "log_planner_stats", "on", 1],
    ["gcp-sql-flags-safe", "log_statement_stats", "off", 0],
    ["gcp-sql-flags-safe", "max_connections", "70", 0],
  ])("%s: %s = %s, %i violation", async (policy, name, value, count) => {
    expect(await messages(policy, [withFlag(name, value)])).toHaveLength(count);
  });

  it("reports every missing flag", async () => {
    const bare = fixture("gcp:sql/databaseInstance:DatabaseInstance", {
      databaseVersion: "POSTGRES_16",
    });
    const missing: readonly (readonly [string, string])[] = [
      ["cloudsql.enable_pgaudit", "1"],
      ["log_connections", "1"],
      ["log_disconnections", "1"],
      ["log_lock_waits", "1"],
      ["log_statement", "all"],
      ["log_temp_files", "0"],
    ];
    expect(await messages(LOGGED, [bare])).toEqual(
      missing.map(
        ([name, right]) =>
          `${IS}settings.databaseFlags has no ${name}; the flag ${name} must be "${right}".`,
      ),
    );
    expect(await messages("gcp-sql-flags-safe", [bare])).toEqual([]);
  });

  it("checks each engine's own flags", async () => {
    const mysql = withFlag("local_infile", "on", "MYSQL_8_4");
    expect(await messages(LOGGED, [mysql])).toEqual([]);
    expect(await messages("gcp-sql-flags-safe", [mysql])).toEqual([
      `${IS}settings.databaseFlags[6].value is "on"; the flag local_infile must be "0".`,
      `${IS}settings.databaseFlags has no skip_show_database; the flag skip_show_database must be "1".`,
    ]);
    const server = withFlag("cross db ownership chaining", "on", "SQLSERVER_2022_WEB");
    expect(await messages("gcp-sql-flags-safe", [server])).toHaveLength(1);
    expect(await messages("gcp-sql-flags-safe", [withFlag("x", "y", "OTHER_1")])).toEqual([]);
  });
});

testPolicy("gcp-sql-insights", {
  happy: instance,
  broken: [
    {
      at: ["settings", "insightsConfig"],
      says: `${IS}settings.insightsConfig.queryInsightsEnabled is missing; it must be true.`,
    },
  ],
  unknown: [["settings", "insightsConfig"]],
});

const ROOT = "MySQL's administrator can log in from everywhere: set the host, or remove the user.";
const user = (): Fixture =>
  fixture("gcp:sql/user:User", {
    instance: "shop",
    name: "app",
    password: "from-a-secret",
  } satisfies sql.UserArgs);
const USER = 'User "orders": ';

testPolicy("gcp-sql-user", {
  happy: user,
  broken: [
    { at: ["password"], says: `${USER}password is missing; set one, or a type that needs none.` },
    { at: ["type"], to: "BUILT_IN", says: [] },
    { at: ["name"], to: "root", says: `${USER}host is missing; ${ROOT}` },
  ],
  unknown: [["type"]],
});

describe("gcp-sql-user", () => {
  const reported = (props: object): Promise<readonly string[]> =>
    messages("gcp-sql-user", [fixture("gcp:sql/user:User", props)]);

  it("requires no password for Google identities, or for another type", async () => {
    expect(await reported({ type: "CLOUD_IAM_SERVICE_ACCOUNT" })).toEqual([]);
    expect(await reported({ passwordWo: "x" })).toEqual([]);
    expect(await reported({ type: "BUILT_IN" })).toHaveLength(1);
  });

  it.each([
    ["%", 1],
    ["", 1],
    ["10.31.0.4", 0],
  ])("root from %j: %i violation", async (host, count) => {
    expect(await reported({ name: "root", password: "x", host })).toHaveLength(count);
  });
});
