import { expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { messages } from "../testing";
import { fixture, instance } from "./testing";

const IS = 'DatabaseInstance "orders": ';
const AT = ["settings", "backupConfiguration"] as const;
const IP = ["settings", "ipConfiguration"] as const;

testPolicy("gcp-sql-private", {
  happy: instance,
  broken: [
    {
      at: [...IP, "ipv4Enabled"],
      says: `${IS}settings.ipConfiguration.ipv4Enabled is missing; the instance has a public address: it must be false.`,
    },
    {
      at: [...IP, "authorizedNetworks"],
      to: [{ value: "203.0.113.0/24" }, { value: "0.0.0.0/0" }],
      says: `${IS}settings.ipConfiguration.authorizedNetworks[1].value is "0.0.0.0/0"; it must not be every address.`,
    },
    {
      at: [...IP, "privateNetwork"],
      says: `${IS}settings.ipConfiguration.privateNetwork is missing; set it to the ID of the stack's Network.`,
    },
  ],
  unknown: [[...IP, "ipv4Enabled"]],
});

it("accepts Private Service Connect too", async () => {
  const psc = { ipConfiguration: { ipv4Enabled: false, pscConfigs: [{ pscEnabled: true }] } };
  const given1 = fixture("gcp:sql/databaseInstance:DatabaseInstance", { settings: psc });
  expect(await messages("gcp-sql-private", [given1])).toEqual([]);
});

const MODE = 'it must be "ENCRYPTED_ONLY" or "TRUSTED_CLIENT_CERTIFICATE_REQUIRED".';
testPolicy("gcp-sql-tls", {
  happy: instance,
  broken: [
    { at: [...IP, "sslMode"], says: `${IS}settings.ipConfiguration.sslMode is missing; ${MODE}` },
    {
      at: [...IP, "sslMode"],
      to: "ALLOW_UNENCRYPTED_AND_ENCRYPTED",
      says: `${IS}settings.ipConfiguration.sslMode is "ALLOW_UNENCRYPTED_AND_ENCRYPTED"; ${MODE}`,
    },
  ],
  unknown: [[...IP, "sslMode"]],
});

const BACKUP = "gcp-sql-backed-up";
const KEPT = "backupRetentionSettings.retainedBackups";
const DAYS = "transactionLogRetentionDays";
const LOGS = "without it up to a day of data is lost: it must be true.";
const P = `${IS}settings.backupConfiguration.`;

testPolicy(BACKUP, {
  happy: instance,
  broken: [
    {
      at: AT,
      says: [
        `${P}enabled is missing; it must be true.`,
        `${P}pointInTimeRecoveryEnabled is missing; ${LOGS}`,
      ],
    },
    { at: [...AT, "enabled"], to: false, says: `${P}enabled is false; it must be true.` },
    { at: ["databaseVersion"], to: "MYSQL_8_4", says: `${P}binaryLogEnabled is missing; ${LOGS}` },
    { at: [...AT, DAYS], to: 6, says: `${P}${DAYS} is 6; it must be 7 or more.` },
    { at: [...AT, DAYS], to: 7, says: [] },
    {
      at: [...AT, "backupRetentionSettings"],
      to: { retainedBackups: 6 },
      says: `${P}${KEPT} is 6; it must be 7 or more.`,
    },
    {
      at: [...AT, "backupRetentionSettings"],
      to: { retainedBackups: 31 },
      says: `${P}${KEPT} is 31; it must be 32 or more.`,
      setting: { configuration: { [BACKUP]: { backups: 32 } } },
    },
    {
      at: [...AT, "location"],
      to: "europe-west3",
      says: `${P}location is "europe-west3"; a backup in the instance's own region is lost with it: use another location.`,
      setting: { configuration: { [BACKUP]: { elsewhere: true } } },
    },
    {
      at: [...AT, "location"],
      to: "eu",
      says: [],
      setting: { configuration: { [BACKUP]: { elsewhere: true } } },
    },
    {
      at: ["region"],
      says: [],
      setting: { configuration: { [BACKUP]: { elsewhere: true } } },
    },
    { at: [...AT, "location"], to: "europe-west3", says: [] },
    { at: ["masterInstanceName"], to: "main", says: [] },
  ],
  unknown: [[...AT], ["databaseVersion"], [...AT, DAYS]],
});

testPolicy("gcp-sql-available", {
  happy: instance,
  broken: [
    {
      at: ["settings", "availabilityType"],
      says: `${IS}settings.availabilityType is missing; it must be "REGIONAL".`,
    },
    {
      at: ["settings", "diskAutoresize"],
      to: false,
      says: `${IS}settings.diskAutoresize is false; a full disk blocks writes: it must be true.`,
    },
  ],
  unknown: [
    ["settings", "availabilityType"],
    ["settings", "diskAutoresize"],
  ],
});

it("recognizes a replica, by its primary or its type", async () => {
  const replica = (props: object): Promise<readonly string[]> =>
    messages("gcp-sql-available", [fixture("gcp:sql/databaseInstance:DatabaseInstance", props)]);
  expect(await replica({ masterInstanceName: "main" })).toEqual([]);
  expect(await replica({ instanceType: "READ_REPLICA_INSTANCE" })).toEqual([]);
  expect(await replica({ instanceType: "CLOUD_SQL_INSTANCE" })).toHaveLength(1);
});

const WINDOW = "set the runbook's maintenance window, in UTC.";
testPolicy("gcp-sql-maintenance-window", {
  happy: instance,
  broken: [
    {
      at: ["settings", "maintenanceWindow"],
      says: ["day", "hour"].map(
        (key) => `${IS}settings.maintenanceWindow.${key} is missing; ${WINDOW}`,
      ),
    },
  ],
  unknown: [],
});

const VERSION = "gcp-sql-version-supported";
const OLD = (version: string, least: string): string =>
  `${IS}databaseVersion is "${version}"; it gets no more fixes: use ${least} or a newer one.`;
testPolicy(VERSION, {
  happy: instance,
  broken: [
    { at: ["databaseVersion"], to: "POSTGRES_14", says: OLD("POSTGRES_14", "POSTGRES_15") },
    { at: ["databaseVersion"], to: "POSTGRES_9_6", says: OLD("POSTGRES_9_6", "POSTGRES_15") },
    { at: ["databaseVersion"], to: "POSTGRES_15", says: [] },
    { at: ["databaseVersion"], to: "MYSQL_5_7", says: OLD("MYSQL_5_7", "MYSQL_8_4") },
    { at: ["databaseVersion"], to: "MYSQL_8_0", says: OLD("MYSQL_8_0", "MYSQL_8_4") },
    { at: ["databaseVersion"], to: "MYSQL_8_0_37", says: OLD("MYSQL_8_0_37", "MYSQL_8_4") },
    { at: ["databaseVersion"], to: "MYSQL_8_4", says: [] },
    { at: ["databaseVersion"], to: "MYSQL_9_0", says: [] },
    {
      at: ["databaseVersion"],
      to: "MYSQL_8_0",
      says: [],
      setting: { configuration: { [VERSION]: { mysql: "8" } } },
    },
    {
      at: ["databaseVersion"],
      to: "MYSQL_9_1",
      says: OLD("MYSQL_9_1", "MYSQL_9_7"),
      setting: { configuration: { [VERSION]: { mysql: "9_7" } } },
    },
    { at: ["databaseVersion"], to: "SQLSERVER_2019_WEB", says: [] },
    {
      at: ["databaseVersion"],
      to: "SQLSERVER_2017_STANDARD",
      says: OLD("SQLSERVER_2017_STANDARD", "SQLSERVER_2019"),
    },
    {
      at: ["databaseVersion"],
      to: "POSTGRES_15",
      says: OLD("POSTGRES_15", "POSTGRES_16"),
      setting: { configuration: { [VERSION]: { postgres: "16" } } },
    },
    { at: ["databaseVersion"], to: "ORACLE_9", says: [] },
  ],
  unknown: [["databaseVersion"]],
});
