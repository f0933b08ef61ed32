import type * as digitalocean from "@pulumi/digitalocean";
import { quoted, type Rule } from "../../kit/validation";

type Config = Omit<digitalocean.DatabasePostgresqlConfigArgs, "clusterId">;

/**
 * PostgreSQL settings that can be changed on DigitalOcean, by type. `work_mem` is not included:
 * DigitalOcean counts it in MiB and PostgreSQL in KiB, so a runbook's number would mean a different
 * size.
 */
const SETTINGS: Readonly<Record<string, "number" | "text">> = {
  autovacuum_analyze_scale_factor: "number",
  autovacuum_analyze_threshold: "number",
  autovacuum_freeze_max_age: "number",
  autovacuum_max_workers: "number",
  autovacuum_naptime: "number",
  autovacuum_vacuum_cost_delay: "number",
  autovacuum_vacuum_cost_limit: "number",
  autovacuum_vacuum_scale_factor: "number",
  autovacuum_vacuum_threshold: "number",
  bgwriter_delay: "number",
  bgwriter_flush_after: "number",
  bgwriter_lru_maxpages: "number",
  bgwriter_lru_multiplier: "number",
  deadlock_timeout: "number",
  default_toast_compression: "text",
  idle_in_transaction_session_timeout: "number",
  log_autovacuum_min_duration: "number",
  log_error_verbosity: "text",
  log_line_prefix: "text",
  log_min_duration_statement: "number",
  max_files_per_process: "number",
  max_locks_per_transaction: "number",
  max_logical_replication_workers: "number",
  max_parallel_workers: "number",
  max_parallel_workers_per_gather: "number",
  max_pred_locks_per_transaction: "number",
  max_prepared_transactions: "number",
  max_replication_slots: "number",
  max_stack_depth: "number",
  max_standby_archive_delay: "number",
  max_standby_streaming_delay: "number",
  max_wal_senders: "number",
  max_worker_processes: "number",
  "pg_stat_statements.track": "text",
  temp_file_limit: "number",
  timezone: "text",
  track_activity_query_size: "number",
  track_commit_timestamp: "text",
  track_functions: "text",
  track_io_timing: "text",
  wal_sender_timeout: "number",
  wal_writer_delay: "number",
};

/** PostgreSQL's settings under the provider's names. Pure. */
export function configOf(parameters: Readonly<Record<string, string>>): Config {
  const entries = Object.entries(parameters).map(([name, value]) => [
    name.replace(/[._]([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    SETTINGS[name] === "number" ? Number(value) : value,
  ]);
  return Object.fromEntries(entries) as Config;
}

export const parameterRules = (parameters: Readonly<Record<string, string>>): readonly Rule[] =>
  Object.entries(parameters).flatMap(([name, value]) => [
    {
      holds: name in SETTINGS,
      key: `parameters.${name}`,
      value: quoted(value),
      allowed: "a setting that can be changed on DigitalOcean",
      next: "Remove it; some other settings can be set with ALTER ROLE or ALTER DATABASE.",
    },
    {
      // The provider sends no zero: it treats zero as unset.
      holds: SETTINGS[name] !== "number" || (value.trim() !== "" && Math.abs(Number(value)) > 0),
      key: `parameters.${name}`,
      value: quoted(value),
      allowed: "a number other than zero, which the provider does not send",
      next: "Use the smallest value with the same effect.",
    },
  ]);
