/** Cloud SQL flags and users. */
import { is, rules } from "../rules";
import { each, expectPresent, expectThat, type Check } from "../expect";
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, nameOf } from "../policy";
import { INSTANCE, SQL, engineOf } from "./cloud-sql";
import { gcp } from "../tokens";
import type { Value } from "../values";

interface Flag {
  readonly name: string;
  readonly right: readonly string[];
  /** Whether the engine's default is right, so that a missing flag is accepted. */
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
    // Statements contain personal data, and these flags log all of them.
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

function evaluateFlags(check: Check, table: Readonly<Record<string, readonly Flag[]>>): void {
  const { resource, context } = check;
  const version = resource.props.get("databaseVersion");
  const flags = resource.props.get("settings", "databaseFlags");
  const written = flags.list();
  if (context.noteUnknown(version) || context.noteUnknown(flags)) return;
  // An unknown entry may be any of the missing flags.
  const nameless = written
    .map((flag) => flag.get("name"))
    .filter((name) => context.noteUnknown(name));
  for (const { name, right, isDefault } of table[engineOf(resource.props) ?? ""] ?? []) {
    const flag = written.find((it) => it.get("name").string === name);
    const expected = `the flag ${name} must be "${right.at(-1) ?? ""}"`;
    if (flag !== undefined) evaluateFlag(check, flag.get("value"), right, expected);
    else if (isDefault !== true && nameless.length === 0) {
      const message = `${nameOf(resource)}: ${flags.path} has no ${name}; ${expected}.`;
      context.report({ message, at: flags.keys });
    }
  }
}

function evaluateFlag(
  check: Check,
  value: Value,
  right: readonly string[],
  expected: string,
): void {
  expectThat(check, value, ({ string = "" }) => right.includes(string.toLowerCase()), expected);
}

function user(check: Check): void {
  const { props } = check.resource;
  const type = props.get("type");
  if (check.context.noteUnknown(type)) return;
  // Google identities log in without a password; the default type is BUILT_IN.
  if (!type.isMissing && type.string !== "BUILT_IN") return;
  const hasPassword = !props.get("passwordWo").isMissing;
  if (!hasPassword)
    expectPresent(check, props.get("password"), "set one, or a type that needs none");
  const [name, host] = [props.get("name"), props.get("host")];
  const isNamed = ({ string = "%" }: Value): boolean => string !== "%" && string !== "";
  // MySQL's administrator; PostgreSQL users have no hosts, and it has no such user.
  const expected =
    "MySQL's administrator can log in from everywhere: set the host, or remove the user";
  if (name.string === "root") expectThat(check, host, isNamed, expected);
  else if (!isNamed(host)) check.context.noteUnknown(name);
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const cloudSqlFlags: readonly Policy[] = [
  {
    ...strict,
    name: "gcp-sql-logged",
    title: "Cloud SQL logs connections and schema changes",
    clause: {
      reference:
        "PO-03; CKV_GCP_51; CKV_GCP_52; CKV_GCP_53; CKV_GCP_54; CKV_GCP_55; CKV_GCP_56; CKV_GCP_109; CKV_GCP_110; CKV_GCP_111; CIS GCP 6.2",
      url: `${SQL}/postgres/pg-audit`,
    },
    severity: "medium",
    themes: ["logging", "databases", "gcp"],
    prevents: "After a leak nobody knows who logged in, and what they changed.",
    description:
      "PostgreSQL on Cloud SQL logs connections, lock waits, temporary files and schema changes, and has auditing enabled.",
    remediation: "Add the flag to settings.databaseFlags as { name, value }; values are strings.",
    check: each([INSTANCE], (check) => {
      evaluateFlags(check, LOGS);
    }),
  },
  {
    ...strict,
    name: "gcp-sql-flags-safe",
    title: "Cloud SQL sets no unsafe flags",
    clause: {
      reference:
        "PO-03; CKV_GCP_50; CKV_GCP_57; CKV_GCP_58; CKV_GCP_59; CKV2_GCP_14; CKV2_GCP_15; CKV2_GCP_16; CKV2_GCP_17; CIS GCP 6.1; CIS GCP 6.3",
      url: `${SQL}/mysql/flags`,
    },
    severity: "medium",
    themes: ["databases", "gcp"],
    prevents:
      "The server reads a client's files, databases open each other, or logs contain row data.",
    description:
      "Cloud SQL flags do not allow reading client files, cross-database ownership chaining, or logging full statements.",
    remediation: "Set the flag in settings.databaseFlags to the value that the violation names.",
    check: each([INSTANCE], (check) => {
      evaluateFlags(check, UNSAFE);
    }),
  },
  {
    name: "gcp-sql-insights",
    title: "Cloud SQL enables Query Insights",
    clause: { reference: "PO-01", url: `${SQL}/postgres/using-query-insights` },
    severity: "low",
    themes: ["logging", "databases", "gcp"],
    prevents: "A slow database cannot be diagnosed, because nobody knows which query is slow.",
    description: "Cloud SQL instances enable Query Insights.",
    remediation: "Set settings.insightsConfig.queryInsightsEnabled to true.",
    enforcement: ADVICE,
    check: rules([INSTANCE], { "settings.insightsConfig.queryInsightsEnabled": is(true) }),
  },
  {
    ...strict,
    name: "gcp-sql-user",
    title: "Cloud SQL users have passwords, and root is limited to a host",
    clause: { reference: "PO-03; CKV2_GCP_7; CIS GCP 6.1.1", url: `${SQL}/mysql/users` },
    severity: "critical",
    themes: ["databases", "secrets", "gcp"],
    prevents: "Anyone who can reach the port is the database's administrator.",
    description:
      "Built-in database users have a password, and MySQL's root may log in from a named host only.",
    remediation:
      "Set password from a secret, or type to CLOUD_IAM_SERVICE_ACCOUNT; set host for root, or do not create it.",
    check: each([gcp("sql", "User")], user),
  },
];
