import { CLOUD_NATIVE_PG_IMAGES } from "../../versions";
import {
  archiveOf,
  DEFAULT_PATH,
  signedStores,
  sourceOf,
  versionOf,
  type CloudNativePgArguments,
} from "./cloud-native-pg-arguments";
import { dayText, inDays, nameRules } from "./rules";
import { enforce, quoted, type Rule } from "../kit/validation";

/** DNS-1035, and short enough for every Service, Secret and label that is derived from it. */
const CLUSTER_NAME = /^[a-z]([-a-z0-9]{0,48}[a-z0-9])?$/;
const PATH = /^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/;
const ARCHIVE = /^[A-Za-z0-9_.-]+$/;
/** With a numeric offset. */
const TIME = /^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d(\.\d+)?[+-][0-2]\d:[0-5]\d$/;

/** Roles that the operator creates. */
const OPERATORS_ROLES = ["streaming_replica", "cnpg_pooler_pgbouncer", "cnpg_metrics_exporter"];

/**
 * Settings that the webhook rejects because the operator sets them itself
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

/**
 * What the operator's webhook would reject, or accept and then fail. Pure.
 *
 * @throws ComponentError for the first violation.
 */
export function checkCloudNativePg(name: string, args: CloudNativePgArguments): void {
  enforce(`CloudNativePg ${name}`, [
    ...sizeRules(args),
    ...resourceRules(args),
    ...nameRules({ database: args.database, owner: args.owner }),
    ...retentionRules(args),
    ...archiveRules(args),
    ...operatorRules(args),
  ]);
}

function sizeRules(args: CloudNativePgArguments): readonly Rule[] {
  const { clusterName, instances, leastInstances = 1 } = args;
  const images = Object.keys(CLOUD_NATIVE_PG_IMAGES);
  return [
    {
      holds: CLUSTER_NAME.test(clusterName),
      key: "clusterName",
      value: quoted(clusterName),
      allowed:
        "1 to 50 lower-case letters, digits and hyphens that start with a letter and do not end with a hyphen",
      next: "Shorten it: Services and Secrets append to it.",
    },
    {
      holds: images.includes(versionOf(args)),
      key: "version",
      value: quoted(versionOf(args)),
      allowed: `a major version with an image: ${images.join(", ")}`,
      next: "Choose one of them, or pin its image in versions.ts.",
    },
    {
      holds: Number.isInteger(instances) && instances >= Math.max(1, leastInstances),
      key: "instances",
      value: String(instances),
      allowed: `a whole number, at least ${String(Math.max(1, leastInstances))}`,
      next: "Two survive the loss of a node; three survive it even while another node is upgraded.",
    },
  ];
}

function resourceRules({ resources, storage }: CloudNativePgArguments): readonly Rule[] {
  const { requests, limits } = resources;
  return [
    {
      holds: requests.memory.bytes <= limits.memory.bytes,
      key: "resources.requests.memory",
      value: `${String(requests.memory.bytes)} bytes`,
      allowed: `at most its limit of ${String(limits.memory.bytes)} bytes`,
      next: "Raise the limit too.",
    },
    {
      holds: limits.cpu === undefined || requests.cpu.millicores <= limits.cpu.millicores,
      key: "resources.requests.cpu",
      value: `${String(requests.cpu.millicores)}m`,
      allowed: `at most its limit of ${String(limits.cpu?.millicores)}m`,
      next: "Raise the limit too, or leave it out.",
    },
    {
      holds: storage.bytes >= 1024 ** 3,
      key: "storage",
      value: `${String(storage.bytes)} bytes`,
      allowed: "at least 1 GiB",
      next: "The write-ahead log alone can take that much.",
    },
  ];
}

function retentionRules(args: CloudNativePgArguments): readonly Rule[] {
  const { pointInTimeRecovery, leastRetention, store } = args;
  const least = leastRetention === undefined ? 0 : inDays(leastRetention);
  const days = pointInTimeRecovery === undefined ? 0 : inDays(pointInTimeRecovery);
  return [
    {
      holds: pointInTimeRecovery === undefined || (Number.isInteger(days) && days >= 1),
      key: "pointInTimeRecovery",
      value: dayText(days),
      allowed: "at least 1 day, in whole days",
      next: "Base backups are taken daily; leave it out to take none.",
    },
    {
      holds: days >= least,
      key: "pointInTimeRecovery",
      value: dayText(days),
      allowed: `at least ${dayText(least)}, the runbook's minimum`,
      next: "Raise it, or change the runbook's recovery point.",
    },
    {
      holds: pointInTimeRecovery === undefined || store !== undefined,
      key: "store",
      value: "missing",
      allowed: "a bucket when pointInTimeRecovery is set",
      next: "Set a bucket, or remove pointInTimeRecovery.",
    },
  ];
}

function archiveRules(args: CloudNativePgArguments): readonly Rule[] {
  const { replicaOf, restoreFrom } = args;
  const [own, source] = [archiveOf(args), sourceOf(args)];
  const key = replicaOf === undefined ? "restoreFrom" : "replicaOf";
  const time = restoreFrom?.targetTime;
  return [
    ...pathRules("archive", own),
    ...pathRules(`${key}.archive`, source),
    {
      holds: replicaOf === undefined || restoreFrom === undefined,
      key: "restoreFrom",
      value: "set together with replicaOf",
      allowed: "unset for a replica",
      next: "A replica starts from the archive that it follows.",
    },
    {
      holds: own === undefined || source === undefined || !sameArchive(own, source),
      key: `${key}.archive`,
      value: quoted(source?.archive ?? ""),
      allowed: "an archive other than its own",
      next: "Give the new cluster an archive of its own: raise its number in runstack:incarnations.",
    },
    {
      holds: time === undefined || TIME.test(time),
      key: "restoreFrom.targetTime",
      value: quoted(time ?? ""),
      allowed: "a time with its offset, like 2026-01-31T12:40:33+00:00",
      next: "Without an offset the time is ambiguous.",
    },
  ];
}

function pathRules(key: string, archive: Archive | undefined): readonly Rule[] {
  if (archive === undefined) return [];
  const { path, archive: called } = archive;
  return [
    {
      holds: ARCHIVE.test(called) && (path === undefined || PATH.test(path)),
      key,
      value: quoted([...(path === undefined ? [] : [path]), called].join("/")),
      allowed: "names of letters, digits, dots, hyphens and underscores, with slashes between",
      next: "It is a path in the bucket.",
    },
  ];
}

type Archive = NonNullable<ReturnType<typeof sourceOf>>;

const sameArchive = (own: Archive, source: Archive): boolean =>
  own.store === source.store &&
  own.archive === source.archive &&
  own.path === (source.path ?? DEFAULT_PATH);

function operatorRules(args: CloudNativePgArguments): readonly Rule[] {
  const { owner, parameters = {} } = args;
  const fixed = Object.keys(parameters).find((parameter) => FIXED.test(parameter));
  const signed = signedStores(args);
  return [
    {
      holds: !OPERATORS_ROLES.includes(owner),
      key: "owner",
      value: quoted(owner),
      allowed: `a name other than the operator's roles: ${OPERATORS_ROLES.join(", ")}`,
      next: "Choose another name.",
    },
    {
      holds: fixed === undefined,
      key: `parameters.${fixed ?? ""}`,
      value: quoted(parameters[fixed ?? ""] ?? ""),
      allowed: "left to the operator",
      next: "List extensions under extensions; remove the others.",
    },
    {
      holds: signed.length < 2,
      key: args.replicaOf === undefined ? "restoreFrom.store" : "replicaOf.store",
      value: "a second bucket without keys",
      allowed: "the same bucket as store, or one of the two with keys",
      next: "Pods have one identity in the cloud: leave out store and pointInTimeRecovery until it is promoted.",
    },
  ];
}
