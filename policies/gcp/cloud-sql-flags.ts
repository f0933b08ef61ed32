/** Cloud SQL: what an instance logs and allows by its flags, and its users. */
import { each, must, mustBe, mustBeWritten, type Asked } from "../demands";
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, nameOf } from "../policy";
import { INSTANCE, SQL, engineOf } from "./cloud-sql";
import { gcp } from "./shared";
import type { Value } from "../values";

interface Flag {
  readonly name: string;
  readonly right: readonly string[];
  /** Whether the engine's default is right, so that only another value is wrong. */
  readonly isDefault?: true;
}

const OFF = { right: ["off", "0"], isDefault: true } as const;
const ON = { right: ["on", "1"] } as const;
/** Messages of this severity and above are logged; the defaults are warning and error. */
const UP_TO_WARNING = [
  "debug5",
  "debug4",
  "debug3",
  "debug2",
  "debug1",
  "info",
  "notice",
  "warning",
];

const LOGS: Readonly<Record<string, readonly Flag[]>> = {
  POSTGRES: [
    { name: "cloudsql.enable_pgaudit", ...ON },
    { name: "log_connections", ...ON },
    { name: "log_disconnections", ...ON },
    { name: "log_lock_waits", ...ON },
    { name: "log_statement", right: ["ddl", "mod", "all"] },
    { name: "log_temp_files", right: ["0"] },
    { name: "log_checkpoints", ...ON, isDefault: true },
    { name: "log_min_messages", right: UP_TO_WARNING, isDefault: true },
    { name: "log_min_error_statement", right: [...UP_TO_WARNING, "error"], isDefault: true },
  ],
};

const UNSAFE: Readonly<Record<string, readonly Flag[]>> = {
  POSTGRES: [
    // Statements hold personal data, and these write all of them.
    { name: "log_min_duration_statement", right: ["-1"], isDefault: true },
    { name: "log_executor_stats", ...OFF },
    { name: "log_parser_stats", ...OFF },
    { name: "log_planner_stats", ...OFF },
    { name: "log_statement_stats", ...OFF },
  ],
  MYSQL: [
    // On by default.
    { name: "local_infile", right: ["off", "0"] },
    { name: "skip_show_database", ...ON },
  ],
  SQLSERVER: [
    { name: "cross db ownership chaining", ...OFF },
    { name: "contained database authentication", ...OFF },
    { name: "external scripts enabled", ...OFF },
  ],
};

function judgeFlags(asked: Asked, table: Readonly<Record<string, readonly Flag[]>>): void {
  const { resource, context } = asked;
  const version = resource.props.get("databaseVersion");
  const flags = resource.props.get("settings", "databaseFlags");
  const written = flags.list();
  if (context.unsure(version) || context.unsure(flags)) return;
  // One of these may be any of the flags that are not found.
  const nameless = written.map((flag) => flag.get("name")).filter((name) => context.unsure(name));
  for (const { name, right, isDefault } of table[engineOf(resource.props) ?? ""] ?? []) {
    const flag = written.find((it) => it.get("name").text === name);
    const wanted = `the flag ${name} must be "${right.at(-1) ?? ""}"`;
    if (flag !== undefined) judgeFlag(asked, flag.get("value"), right, wanted);
    else if (isDefault !== true && nameless.length === 0) {
      const message = `${nameOf(resource)}: ${flags.path} has no ${name}; ${wanted}.`;
      context.report({ message, at: flags.keys });
    }
  }
}

function judgeFlag(asked: Asked, value: Value, right: readonly string[], wanted: string): void {
  must(asked, value, ({ text = "" }) => right.includes(text.toLowerCase()), wanted);
}

function user(asked: Asked): void {
  const { props } = asked.resource;
  const type = props.get("type");
  if (asked.context.unsure(type)) return;
  // Google's own identities log in without a password; what is not written is BUILT_IN.
  if (!type.isMissing && type.text !== "BUILT_IN") return;
  const hasPassword = !props.get("passwordWo").isMissing;
  if (!hasPassword)
    mustBeWritten(asked, props.get("password"), "write one, or a type that needs none");
  const [name, host] = [props.get("name"), props.get("host")];
  const isNamed = ({ text = "%" }: Value): boolean => text !== "%" && text !== "";
  // MySQL's administrator; PostgreSQL has no hosts, and no such user of its own.
  const wanted = "MySQL's administrator logs in from everywhere: name the host, or remove the user";
  if (name.text === "root") must(asked, host, isNamed, wanted);
  else if (!isNamed(host)) asked.context.unsure(name);
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const cloudSqlFlags: readonly Policy[] = [
  {
    ...strict,
    name: "gcp-sql-logged",
    title: "Cloud SQL logs who came and what changed",
    clause: {
      reference:
        "PO-03; CKV_GCP_51; CKV_GCP_52; CKV_GCP_53; CKV_GCP_54; CKV_GCP_55; CKV_GCP_56; CKV_GCP_109; CKV_GCP_110; CKV_GCP_111; CIS GCP 6.2",
      url: `${SQL}/postgres/pg-audit`,
    },
    severity: "medium",
    themes: ["logging", "databases", "gcp"],
    prevents: "After a leak nobody knows who logged in, and what they changed.",
    description:
      "PostgreSQL on Cloud SQL logs connections, waits, temporary files and changes of schema, and can audit.",
    remediation: "Write the flag in settings.databaseFlags as { name, value }; values are texts.",
    check: each([INSTANCE], (asked) => {
      judgeFlags(asked, LOGS);
    }),
  },
  {
    ...strict,
    name: "gcp-sql-flags-safe",
    title: "Cloud SQL has no flag set to unsafe",
    clause: {
      reference:
        "PO-03; CKV_GCP_50; CKV_GCP_57; CKV_GCP_58; CKV_GCP_59; CKV2_GCP_14; CKV2_GCP_15; CKV2_GCP_16; CKV2_GCP_17; CIS GCP 6.1; CIS GCP 6.3",
      url: `${SQL}/mysql/flags`,
    },
    severity: "medium",
    themes: ["databases", "gcp"],
    prevents:
      "A client's files are read through the server, databases open each other, or logs hold what rows hold.",
    description:
      "Cloud SQL's flags read no client's files, chain no owners and log no full statements.",
    remediation:
      "Write the flag in settings.databaseFlags with the value that the violation names.",
    check: each([INSTANCE], (asked) => {
      judgeFlags(asked, UNSAFE);
    }),
  },
  {
    name: "gcp-sql-insights",
    title: "Cloud SQL shows its slow queries",
    clause: { reference: "PO-01", url: `${SQL}/postgres/using-query-insights` },
    severity: "low",
    themes: ["logging", "databases", "gcp"],
    prevents: "A slow database is looked at without knowing which query makes it slow.",
    description: "Cloud SQL instances have Query Insights.",
    remediation: "Set settings.insightsConfig.queryInsightsEnabled to true.",
    enforcement: ADVICE,
    check: each([INSTANCE], (asked) => {
      const path = ["settings", "insightsConfig", "queryInsightsEnabled"];
      mustBe(asked, asked.resource.props.get(...path), true);
    }),
  },
  {
    ...strict,
    name: "gcp-sql-user",
    title: "Cloud SQL's users have passwords, and root a host",
    clause: { reference: "PO-03; CKV2_GCP_7; CIS GCP 6.1.1", url: `${SQL}/mysql/users` },
    severity: "critical",
    themes: ["databases", "secrets", "gcp"],
    prevents: "Everybody who reaches the port is the database's administrator.",
    description:
      "Users with the database's own login have a password, and MySQL's root logs in from a named host only.",
    remediation:
      "Set password from a secret, or type to CLOUD_IAM_SERVICE_ACCOUNT; write host for root, or do not create it.",
    check: each([gcp("sql", "User")], user),
  },
];
