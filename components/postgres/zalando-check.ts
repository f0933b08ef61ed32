import { mib } from "../../systems/units";
import { SPILO_MAJORS } from "../../versions";
import { ZALANDO_INHERITED_LABELS } from "../platform/zalando";
import { signedStores, type InClusterPostgresArguments } from "./in-cluster";
import { checkInCluster } from "./in-cluster-check";
import { enforce, quoted, type Rule } from "./rules";

/** Roles that the operator or its image makes. */
const OPERATORS_ROLES = ["standby", "pooler", "cron_admin", "robot_zmon", "zalandos"];

/** The image creates it everywhere; it lets the owner create those of a list of its own. */
const CREATED = ["pg_stat_statements"];

/** Settings that Patroni or the image makes itself, and that would break or be overruled. */
const FIXED =
  /^(archive_(mode|command)|cluster_name|hot_standby|listen_addresses|port|primary_(conninfo|slot_name)|recovery_.*|restore_command|shared_preload_libraries|ssl|ssl_.*_file|synchronous_standby_names|wal_log_hints)$/;

/** Below it the operator raises the limit silently. */
const LEAST_MEMORY = mib(250);

/** Pure. */
export function checkZalando(name: string, args: InClusterPostgresArguments): void {
  const component = `ZalandoPostgres ${name}`;
  checkInCluster(component, args, SPILO_MAJORS);
  enforce(component, [...settingRules(args), ...storeRules(args)]);
}

function settingRules(args: InClusterPostgresArguments): readonly Rule[] {
  const { owner, parameters = {}, extensions = [], labels = {}, resources } = args;
  const fixed = Object.keys(parameters).find((parameter) => FIXED.test(parameter));
  const extension = extensions.find((one) => !CREATED.includes(one));
  const label = Object.keys(labels).find((one) => !ZALANDO_INHERITED_LABELS.includes(one));
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
      next: "Leave it out.",
    },
    {
      holds: extension === undefined,
      key: "extensions",
      value: quoted(extension ?? ""),
      allowed: `one that the image creates: ${CREATED.join(", ")}`,
      next: "The owner may create common ones in a migration; CloudNativePG creates any.",
    },
    {
      holds: label === undefined,
      key: `labels.${label ?? ""}`,
      value: quoted(labels[label ?? ""] ?? ""),
      allowed: `one that pods inherit: ${ZALANDO_INHERITED_LABELS.join(", ")}`,
      next: "The operator's settings name them.",
    },
    {
      holds: resources.limits.memory.bytes >= LEAST_MEMORY.bytes,
      key: "resources.limits.memory",
      value: `${String(resources.limits.memory.bytes)} bytes`,
      allowed: "at least 250 MiB",
      next: "The operator would raise it.",
    },
  ];
}

function storeRules(args: InClusterPostgresArguments): readonly Rule[] {
  const { restoreFrom } = args;
  const signed = signedStores(args);
  const foreign = signed.find(({ dialect }) => dialect !== "GCS");
  return [
    {
      holds: foreign === undefined,
      key: "store",
      value: `a bucket of ${foreign?.dialect ?? ""} that knows no keys`,
      allowed: "one with keys, or one of Google",
      next: "The image does not pass on the identity that Amazon gives its pods (zalando/spilo issue 1160): CloudNativePG does.",
    },
    {
      holds: signed.length < 2,
      key: args.replicaOf === undefined ? "restoreFrom.store" : "replicaOf.store",
      value: "a second bucket that knows no keys",
      allowed: "the same bucket as store, or one of the two with keys",
      next: "Pods have one identity in the cloud: leave out store and pointInTimeRecovery until it is promoted.",
    },
    {
      holds: restoreFrom === undefined || restoreFrom.targetTime !== undefined,
      key: "restoreFrom.targetTime",
      value: "missing",
      allowed: "a time with its offset, like 2026-01-31T12:40:33+00:00",
      next: "Without one the operator would look for the source in the cluster instead of in the bucket.",
    },
  ];
}
