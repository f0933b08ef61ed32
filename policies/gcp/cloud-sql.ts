/** Cloud SQL: access, backups and availability. */
import { is, isNot, isOneOf, isWritten, combine, rules, where } from "../rules";
import { isEverywhere } from "../addresses";
import {
  each,
  elements,
  expectEqual,
  expectPresent,
  expectThat,
  knows,
  type Check,
} from "../expect";
import type { Policy } from "../policy";
import { ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION } from "../policy";
import { DOCS } from "./shared";
import { gcp } from "../tokens";
import type { Value } from "../values";

export const INSTANCE = gcp("sql", "DatabaseInstance");

export const SQL = `${DOCS}/sql/docs`;

/** `POSTGRES_15` → POSTGRES. */
export function engineOf(props: Value): string | undefined {
  return /^(POSTGRES|MYSQL|SQLSERVER)_/.exec(props.get("databaseVersion").string ?? "")?.[1];
}

/** A replica takes its data and its backups from its primary; open if that is unknown. */
function isPrimary({ resource, context }: Check): boolean {
  const type = resource.props.get("instanceType");
  if (!resource.props.get("masterInstanceName").isMissing) return false;
  return !context.noteUnknown(type) && type.string !== "READ_REPLICA_INSTANCE";
}

function isPrivate(check: Check): void {
  const ip = check.resource.props.get("settings", "ipConfiguration");
  const expected = "the instance has a public address: it must be false";
  expectEqual(check, ip.get("ipv4Enabled"), false, expected);
  for (const network of elements(check, ip.get("authorizedNetworks"))) {
    const named = "it must not be every address";
    expectThat(check, network.get("value"), (it) => !isEverywhere(it), named);
  }
  const [own, endpoints] = [ip.get("privateNetwork"), ip.get("pscConfigs")];
  if (!own.isMissing || !knows(check, endpoints) || endpoints.list().length > 0) return;
  expectPresent(check, own, "set it to the ID of the stack's Network");
}

function backedUp(check: Check): void {
  const { resource, context } = check;
  if (!isPrimary(check)) return;
  const backup = resource.props.get("settings", "backupConfiguration");
  expectEqual(check, backup.get("enabled"), true);
  if (!context.noteUnknown(resource.props.get("databaseVersion"))) {
    const logs =
      engineOf(resource.props) === "MYSQL" ? "binaryLogEnabled" : "pointInTimeRecoveryEnabled";
    expectEqual(
      check,
      backup.get(logs),
      true,
      "without it up to a day of data is lost: it must be true",
    );
  }
  // The Cloud SQL default is seven backups, and seven days of logs or more.
  const atLeast = (least: number) => (it: Value) => it.isMissing || (it.number ?? 0) >= least;
  const copies = context.setting("backups", 7);
  const kept = backup.get("backupRetentionSettings", "retainedBackups");
  expectThat(check, kept, atLeast(copies), `it must be ${String(copies)} or more`);
  const days = context.setting("logDays", 7);
  const window = backup.get("transactionLogRetentionDays");
  expectThat(check, window, atLeast(days), `it must be ${String(days)} or more`);
  if (!context.setting("elsewhere", false)) return;
  const [location, region] = [backup.get("location"), resource.props.get("region")];
  const away = "a backup in the instance's own region is lost with it: use another location";
  // The default is the nearest multi-region.
  if (location.isMissing || context.noteUnknown(region)) return;
  expectThat(check, location, ({ string }) => string !== region.string, away);
}

/**
 * The oldest supported version, by engine, as Cloud SQL writes it. The community's support of
 * PostgreSQL 14 ended on 2026-11-12 (https://www.postgresql.org/support/versioning/), that of MySQL
 * 8.0 in April 2026 (https://endoflife.date/mysql).
 */
const OLDEST: Readonly<Record<string, string>> = {
  POSTGRES: "15",
  MYSQL: "8_4",
  SQLSERVER: "2019",
};

function supported(check: Check): void {
  const version = check.resource.props.get("databaseVersion");
  const [, engine = "", own = ""] = /^([A-Z]+)_(\d+(?:_\d+)?)/.exec(version.string ?? "") ?? [];
  const oldest = OLDEST[engine];
  if (check.context.noteUnknown(version) || oldest === undefined) return;
  const least = check.context.setting(engine.toLowerCase(), oldest);
  const expected = `it gets no more fixes: use ${engine}_${least} or a newer one`;
  expectThat(check, version, () => rankOf(own) >= rankOf(least), expected);
}

/** `8_0` comes before `8_4`, and that before `15`. */
function rankOf(version: string): number {
  const [major, minor = 0] = version.split("_").map(Number);
  return Number(major) * 1000 + minor;
}

const WINDOW = isWritten("set the runbook's maintenance window, in UTC");

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;
const count = (fallback: number, description: string): object => ({
  type: "integer",
  minimum: 1,
  default: fallback,
  description,
});
/** A string, because `8_4` is not a number. */
const oldest = (engine: string, name: string): object => ({
  type: "string",
  pattern: "^\\d+(_\\d+)?$",
  default: OLDEST[engine],
  description: `Oldest version of ${name}, as in databaseVersion`,
});

export const cloudSql: readonly Policy[] = [
  {
    ...strict,
    name: "gcp-sql-private",
    title: "Cloud SQL has no public IP address",
    clause: {
      reference: "PO-03; CKV_GCP_11; CKV_GCP_60; CIS GCP 6.5; CIS GCP 6.6",
      url: `${SQL}/postgres/private-ip`,
    },
    severity: "critical",
    themes: ["databases", "network", "gcp"],
    prevents: "The database's port is on the internet, protected only by a password.",
    description: "Cloud SQL instances have private addresses only, and do not authorize 0.0.0.0/0.",
    remediation:
      "Set settings.ipConfiguration.ipv4Enabled to false and privateNetwork to the Network's ID; remove 0.0.0.0/0 from authorizedNetworks.",
    check: each([INSTANCE], isPrivate),
  },
  {
    ...strict,
    name: "gcp-sql-tls",
    title: "Cloud SQL requires TLS",
    clause: {
      reference: "PO-03; CKV_GCP_6; CIS GCP 6.4",
      url: `${SQL}/postgres/configure-ssl-instance`,
    },
    severity: "high",
    themes: ["tls", "databases", "gcp"],
    prevents: "Passwords and rows cross the network in plain text.",
    description: "Cloud SQL instances accept encrypted connections only.",
    remediation:
      'Set settings.ipConfiguration.sslMode to "ENCRYPTED_ONLY", or to "TRUSTED_CLIENT_CERTIFICATE_REQUIRED".',
    check: rules([INSTANCE], {
      "settings.ipConfiguration.sslMode": isOneOf(
        "ENCRYPTED_ONLY",
        "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
      ),
    }),
  },
  {
    ...strict,
    name: "gcp-sql-backed-up",
    title: "Cloud SQL has point-in-time recovery",
    clause: {
      reference: "PO-02; CKV_GCP_14; CKV2_GCP_20; CIS GCP 6.7",
      url: `${SQL}/postgres/backup-recovery/pitr`,
    },
    severity: "critical",
    themes: ["recovery", "databases", "gcp"],
    prevents: "A bad migration or a deleted row cannot be undone.",
    description:
      "Cloud SQL primaries keep daily backups and the transaction logs between them for seven days or more.",
    remediation:
      "Set settings.backupConfiguration.enabled and pointInTimeRecoveryEnabled (MySQL: binaryLogEnabled) to true; raise retainedBackups and transactionLogRetentionDays.",
    configuration: {
      properties: {
        backups: count(7, "Minimum number of backups"),
        logDays: count(7, "Minimum number of days of transaction logs"),
        elsewhere: {
          type: "boolean",
          default: false,
          description: "Whether backups must be stored outside the instance's region",
        },
      },
    },
    check: each([INSTANCE], backedUp),
  },
  {
    ...strict,
    enforcement: ONLY_IN_PRODUCTION,
    name: "gcp-sql-available",
    title: "Cloud SQL tolerates the loss of a zone and a full disk",
    clause: { reference: "PO-02; ALL-04", url: `${SQL}/postgres/high-availability` },
    severity: "high",
    themes: ["availability", "databases", "gcp"],
    prevents: "The loss of one zone, or a full disk, is an outage of the database.",
    description:
      "In production, Cloud SQL primaries have a standby in another zone, and their disks grow automatically.",
    remediation:
      'Set settings.availabilityType to "REGIONAL" and remove diskAutoresize: false; diskAutoresizeLimit sets a limit.',
    check: combine(
      rules(where([INSTANCE], isPrimary), { "settings.availabilityType": is("REGIONAL") }),
      rules([INSTANCE], {
        "settings.diskAutoresize": isNot(false, "a full disk blocks writes: it must be true"),
      }),
    ),
  },
  {
    ...strict,
    name: "gcp-sql-maintenance-window",
    title: "Cloud SQL sets a maintenance window",
    clause: { reference: "PO-02", url: `${SQL}/postgres/maintenance` },
    severity: "medium",
    themes: ["databases", "gcp"],
    prevents: "The database restarts at the busiest hour.",
    description: "Cloud SQL instances set the day and the hour of their maintenance.",
    remediation: "Set settings.maintenanceWindow with day (1 is Monday) and hour, in UTC.",
    check: rules([INSTANCE], {
      "settings.maintenanceWindow.day": WINDOW,
      "settings.maintenanceWindow.hour": WINDOW,
    }),
  },
  {
    ...strict,
    name: "gcp-sql-version-supported",
    title: "Cloud SQL runs a supported version",
    clause: { reference: "PO-03; CKV_GCP_79", url: `${SQL}/db-versions` },
    severity: "medium",
    themes: ["databases", "gcp"],
    prevents: "Vulnerabilities in the database stay open, because that version gets no more fixes.",
    description: "Cloud SQL instances run a version that its community supports.",
    remediation:
      "Raise databaseVersion; rehearse the upgrade on a clone, because it takes the instance down.",
    configuration: {
      properties: {
        postgres: oldest("POSTGRES", "PostgreSQL"),
        mysql: oldest("MYSQL", "MySQL"),
        sqlserver: oldest("SQLSERVER", "SQL Server"),
      },
    },
    check: each([INSTANCE], supported),
  },
];
