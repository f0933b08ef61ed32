import { quoted, type Rule } from "../../../kit/validation";

export interface ParameterArguments {
  /**
   * Extensions that the application uses. Libraries that they need at startup are preloaded;
   * `CREATE EXTENSION` is SQL, and part of `setup`.
   */
  readonly extensions: readonly string[];
  /** The runbook's server settings, by PostgreSQL's names. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Extensions that only work if their library is preloaded at startup. */
const PRELOADED: ReadonlySet<string> = new Set([
  "auto_explain",
  "pg_cron",
  "pg_hint_plan",
  "pg_prewarm",
  "pg_stat_statements",
  "pgaudit",
  "pglogical",
]);

/**
 * Settings that PostgreSQL reads only at startup ("postmaster" in `pg_settings`, versions 14 to
 * 18). Amazon rejects applying them immediately; they wait for a reboot.
 */
const AT_START: ReadonlySet<string> = new Set([
  "archive_mode",
  "autovacuum_freeze_max_age",
  "autovacuum_max_workers",
  "autovacuum_multixact_freeze_max_age",
  "autovacuum_worker_slots",
  "commit_timestamp_buffers",
  "hot_standby",
  "huge_page_size",
  "huge_pages",
  "io_max_concurrency",
  "io_method",
  "jit_provider",
  "logging_collector",
  "max_active_replication_origins",
  "max_connections",
  "max_files_per_process",
  "max_locks_per_transaction",
  "max_logical_replication_workers",
  "max_notify_queue_pages",
  "max_pred_locks_per_transaction",
  "max_prepared_transactions",
  "max_replication_slots",
  "max_wal_senders",
  "max_worker_processes",
  "min_dynamic_shared_memory",
  "multixact_member_buffers",
  "multixact_offset_buffers",
  "notify_buffers",
  "old_snapshot_threshold",
  "pg_stat_statements.max",
  "reserved_connections",
  "serializable_buffers",
  "shared_buffers",
  "shared_memory_type",
  "shared_preload_libraries",
  "subtransaction_buffers",
  "superuser_reserved_connections",
  "track_activity_query_size",
  "track_commit_timestamp",
  "transaction_buffers",
  "wal_buffers",
  "wal_decode_buffer_size",
  "wal_level",
  "wal_log_hints",
]);

/**
 * Values of Amazon's default groups that differ from PostgreSQL's defaults (AWS Prescriptive
 * Guidance, "Tuning PostgreSQL parameters"). If a group sets the same value, Amazon keeps
 * "pending-reboot" as the apply method, and any other one would be a diff in every plan
 * (terraform-provider-aws#18035).
 */
const AMAZONS: Readonly<Record<string, string>> = {
  autovacuum_analyze_scale_factor: "0.05",
  autovacuum_vacuum_scale_factor: "0.1",
};

/** Amazon's own values, and those of `pg_cron`, can also be applied at the next start. */
const waitsForReboot = (name: string, value: string): boolean =>
  AT_START.has(name) ||
  name.startsWith("rds.") ||
  name.startsWith("cron.") ||
  AMAZONS[name] === value;

/** Logs connections, lock waits, schema changes and slow statements, unless the runbook differs. */
const LOGGING = {
  log_connections: "1",
  log_disconnections: "1",
  log_lock_waits: "1",
  // In milliseconds.
  log_min_duration_statement: "1000",
  // Slow statements without their values, which may be personal data.
  log_parameter_max_length: "0",
  log_statement: "ddl",
  log_temp_files: "0",
} as const;

/** Determined by other arguments. */
const OURS = ["rds.force_ssl", "shared_preload_libraries"] as const;

interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly applyMethod: "immediate" | "pending-reboot";
}

/** The parameter group's entries, sorted by name. Pure. */
export function parametersOf({ extensions, parameters }: ParameterArguments): readonly Parameter[] {
  const preload = extensions.filter((extension) => PRELOADED.has(extension)).sort();
  const all: Readonly<Record<string, string>> = {
    ...LOGGING,
    ...parameters,
    ...(preload.length === 0 ? {} : { shared_preload_libraries: preload.join(",") }),
    "rds.force_ssl": "1",
  };
  return Object.keys(all)
    .sort()
    .map((name) => [name, all[name] ?? ""] as const)
    .map(([name, value]) => ({
      name,
      value,
      applyMethod: waitsForReboot(name, value) ? "pending-reboot" : "immediate",
    }));
}

export const parameterRules = ({ parameters }: ParameterArguments): readonly Rule[] =>
  OURS.map((name) => ({
    holds: !(name in parameters),
    key: `parameters.${name}`,
    value: quoted(parameters[name] ?? ""),
    allowed: "left out",
    next:
      name === "rds.force_ssl"
        ? "Every connection is encrypted."
        : "List the extension under extensions.",
  }));
