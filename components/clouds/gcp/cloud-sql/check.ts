import { MANAGED_POSTGRES } from "../../../../versions";
import type { CloudSql } from "./arguments";
import { windowRules } from "./window";
import { dayText, inDays, inGib, nameRules, retentionRules } from "../../../postgres/rules";
import { enforce, quoted, type Rule } from "../../../kit/validation";
import { extensionRules } from "../../../postgres/setup";

/** Days of the log that each edition keeps at most. */
const MOST_DAYS = { ENTERPRISE: 7, ENTERPRISE_PLUS: 35 } as const;
/** Of one primary (Cloud SQL documentation, "About replication"). */
const MOST_REPLICAS = 10;
/** GiB: what a disk holds at least and at most. */
const STORAGE = { least: 10, most: 65_536 } as const;
/** Project and instance together, with a colon between them. */
const MOST_CHARACTERS = 98;
const REPLICA_SUFFIX = "-read-10".length;

/** What Google would refuse, some of it after a quarter of an hour. Pure. */
export function checkCloudSql(name: string, args: CloudSql): void {
  const most = MOST_DAYS[args.edition];
  enforce(`CloudSqlPostgres ${name}`, [
    ...identityRules(args),
    ...nameRules({ database: args.database, owner: args.owner }),
    ...tierRules(args),
    ...sizeRules(args),
    ...retentionRules(args, {
      days: most,
      because: `Cloud SQL ${args.edition} keeps ${dayText(most)} of its log at most.`,
    }),
    ...backupRules(args),
    ...windowRules(args),
    ...extensionRules(args.extensions ?? []),
    {
      holds: !("shared_preload_libraries" in args.parameters),
      key: "parameters.shared_preload_libraries",
      value: quoted(args.parameters["shared_preload_libraries"] ?? ""),
      allowed: "left out",
      next: "Google loads pg_stat_statements and pgAudit by itself; others have flags of their own.",
    },
  ]);
}

function identityRules({ identifier, version, placement }: CloudSql): readonly Rule[] {
  const room = MOST_CHARACTERS - placement.project.length - 1 - REPLICA_SUFFIX;
  return [
    {
      holds: /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(identifier) && identifier.length <= room,
      key: "identifier",
      value: quoted(identifier),
      allowed: `up to ${room} lower-case letters, digits and hyphens that begin with a letter and do not end with a hyphen`,
      next: "Shorten or rename it.",
    },
    {
      holds: MANAGED_POSTGRES.gcp.some((one) => one === version),
      key: "version",
      value: quoted(version),
      allowed: `one of ${MANAGED_POSTGRES.gcp.join(", ")}`,
      next: "Google chooses the minor version.",
    },
  ];
}

/** Custom machines: Cloud SQL documentation, "About instance settings". */
function tierRules({ tier, edition }: CloudSql): readonly Rule[] {
  const plus = edition === "ENTERPRISE_PLUS";
  const of = plus ? /^db-perf-optimized-N-\d+$/ : /^db-custom-\d+-\d+$/;
  const [, cpu = 2, memory = 7680] = /^db-custom-(\d+)-(\d+)$/.exec(tier)?.map(Number) ?? [];
  const perCpu = memory / 1024 / cpu;
  return [
    {
      holds: of.test(tier),
      key: "tier",
      value: quoted(tier),
      allowed: plus
        ? "db-perf-optimized-N-<vCPU> in edition ENTERPRISE_PLUS"
        : "db-custom-<vCPU>-<MiB> in edition ENTERPRISE",
      next: "Change the tier, or the edition.",
    },
    {
      holds: cpu === 1 || (cpu % 2 === 0 && cpu >= 2 && cpu <= 96),
      key: "tier",
      value: quoted(tier),
      allowed: "of 1 vCPU or an even number of them up to 96",
      next: "Change the tier.",
    },
    {
      holds: memory % 256 === 0 && memory >= 3840 && perCpu >= 0.9 && perCpu <= 6.5,
      key: "tier",
      value: quoted(tier),
      allowed: "of 3840 MiB or more, a multiple of 256, and 0.9 to 6.5 GiB a vCPU",
      next: "Change the tier.",
    },
  ];
}

function sizeRules({ storage, maxStorage, readReplicas }: CloudSql): readonly Rule[] {
  const least = inGib(storage);
  const most = inGib(maxStorage ?? storage);
  const gib = (n: number) => `${n} GiB`;
  return [
    {
      holds: Number.isInteger(least) && least >= STORAGE.least && least <= STORAGE.most,
      key: "storage",
      value: gib(least),
      allowed: `${gib(STORAGE.least)} to ${gib(STORAGE.most)}, in whole GiB`,
      next: "It grows later, and never shrinks.",
    },
    {
      holds: Number.isInteger(most) && most >= least && most <= STORAGE.most,
      key: "maxStorage",
      value: gib(most),
      allowed: `${gib(least)}, the storage, to ${gib(STORAGE.most)}, in whole GiB`,
      next: "Leave it out for twice the storage.",
    },
    {
      holds: Number.isInteger(readReplicas) && readReplicas >= 0 && readReplicas <= MOST_REPLICAS,
      key: "readReplicas",
      value: String(readReplicas),
      allowed: `0 to ${MOST_REPLICAS}`,
      next: "An instance feeds no more.",
    },
  ];
}

/** The log is replayed on top of a backup, so that each day of it needs one. */
function backupRules({ keptBackups, pointInTimeRecovery }: CloudSql): readonly Rule[] {
  const days = inDays(pointInTimeRecovery);
  return [
    {
      holds: Number.isInteger(keptBackups) && keptBackups >= days && keptBackups <= 365,
      key: "keptBackups",
      value: String(keptBackups),
      allowed: `${days} to 365: at least one for each day of point-in-time recovery`,
      next: "Keep more backups, or fewer days.",
    },
  ];
}
