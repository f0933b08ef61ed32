import { CLOUD_NATIVE_PG_IMAGES } from "../../versions";
import type { CloudNativePgArguments } from "./cloud-native-pg";
import { signedStores } from "./in-cluster";
import { checkInCluster } from "./in-cluster-check";
import { enforce, quoted, type Rule } from "./rules";

/** Roles that the operator makes. */
const OPERATORS_ROLES = ["streaming_replica", "cnpg_pooler_pgbouncer", "cnpg_metrics_exporter"];

/**
 * Settings that its webhook refuses because the operator makes them itself
 * (`FixedConfigurationParameters` of CloudNativePG 1.30).
 */
const FIXED = new RegExp(
  "^(" +
    [
      "allow_system_table_mods|archive_(mode|command|cleanup_command)|bonjour(_name)?|cluster_name",
      "(config|hba|ident|external_pid)_file|data_(directory|sync_retry)|event_source|hot_standby",
      "jit_provider|listen_addresses|log_(destination|directory|file_mode|filename|truncate_on_rotation)",
      "log_rotation_(age|size)|logging_collector|pg_failover_slots\\..*|port|primary_(conninfo|slot_name)",
      "promote_trigger_file|recovery_.*|restart_after_crash|restore_command|shared_preload_libraries",
      "ssl|ssl_(ca|cert|crl|dh_params|key)_file|ssl_(ecdh_curve|passphrase.*|prefer_server_ciphers)",
      "stats_temp_directory|synchronous_standby_names|synchronized_standby_slots|syslog_.*",
      "temp_tablespaces|unix_socket_.*",
    ].join("|") +
    ")$",
);

/** Pure. */
export function checkCloudNativePg(name: string, args: CloudNativePgArguments): void {
  const component = `CloudNativePg ${name}`;
  checkInCluster(component, args, Object.keys(CLOUD_NATIVE_PG_IMAGES));
  enforce(component, rules(args));
}

function rules(args: CloudNativePgArguments): readonly Rule[] {
  const { owner, parameters = {}, walStorage } = args;
  const fixed = Object.keys(parameters).find((parameter) => FIXED.test(parameter));
  const signed = signedStores(args);
  return [
    {
      holds: !OPERATORS_ROLES.includes(owner),
      key: "owner",
      value: quoted(owner),
      allowed: `none of the operator's roles: ${OPERATORS_ROLES.join(", ")}`,
      next: "Choose another name.",
    },
    {
      holds: fixed === undefined,
      key: `parameters.${fixed ?? ""}`,
      value: quoted(parameters[fixed ?? ""] ?? ""),
      allowed: "left to the operator",
      next: "Name extensions under extensions; leave the others out.",
    },
    {
      holds: walStorage === undefined || walStorage.bytes >= 2 * 1024 ** 3,
      key: "walStorage",
      value: `${String(walStorage?.bytes)} bytes`,
      allowed: "at least 2 GiB",
      next: "PostgreSQL lets the log grow to 1 GiB between two checkpoints, and further while it cannot be archived.",
    },
    {
      holds: signed.length < 2,
      key: args.replicaOf === undefined ? "restoreFrom.store" : "replicaOf.store",
      value: "a second bucket that knows no keys",
      allowed: "the same bucket as store, or one of the two with keys",
      next: "Pods have one identity in the cloud: leave out store and pointInTimeRecovery until it is promoted.",
    },
  ];
}
