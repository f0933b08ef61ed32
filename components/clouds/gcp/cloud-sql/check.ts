import { gcp } from "../../../../settings/clouds/gcp";
import { MANAGED_POSTGRES } from "../../../../versions";
import { EDITION, type CloudSql } from "./arguments";
import { windowRules } from "./window";
import { dayText, inGib, nameRules, retentionRules } from "../../../postgres/rules";
import { enforce, quoted, type Rule } from "../../../kit/validation";
import { extensionRules } from "../../../postgres/setup";

/** Maximum days of the transaction log in the ENTERPRISE edition. */
const MOST_DAYS = gcp.recoveryDays;
/** For one primary (Cloud SQL documentation, "About replication"). */
const MOST_REPLICAS = 10;
/** In GiB: minimum and maximum size of a disk. */
const STORAGE = { least: 10, most: 65_536 } as const;
/** Project and instance together, with a colon between them. */
const MOST_CHARACTERS = 98;
const REPLICA_SUFFIX = "-read-10".length;

/** What Google would reject, in some cases after a quarter of an hour. Pure. */
export function checkCloudSql(name: string, args: CloudSql): void {
  enforce(`CloudSqlPostgres ${name}`, [
    ...identityRules(args),
    ...nameRules({ database: args.database, owner: args.owner }),
    ...tierRules(args),
    ...sizeRules(args),
    ...retentionRules(args, {
      days: MOST_DAYS,
      because: `Cloud SQL ${EDITION} keeps at most ${dayText(MOST_DAYS)} of its log.`,
    }),
    ...windowRules(args),
    ...extensionRules(args.extensions ?? []),
    {
      holds: !("shared_preload_libraries" in args.parameters),
      key: "parameters.shared_preload_libraries",
      value: quoted(args.parameters["shared_preload_libraries"] ?? ""),
      allowed: "left out",
      next: "Google loads pg_stat_statements and pgAudit itself; other libraries have their own flags.",
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

/** Custom machine types: Cloud SQL documentation, "About instance settings". */
function tierRules({ tier }: CloudSql): readonly Rule[] {
  const [, cpu = 2, memory = 7680] = /^db-custom-(\d+)-(\d+)$/.exec(tier)?.map(Number) ?? [];
  const perCpu = memory / 1024 / cpu;
  return [
    {
      holds: /^db-custom-\d+-\d+$/.test(tier),
      key: "tier",
      value: quoted(tier),
      allowed: `db-custom-<vCPU>-<MiB> in edition ${EDITION}`,
      next: "Change the tier.",
    },
    {
      holds: cpu === 1 || (cpu % 2 === 0 && cpu >= 2 && cpu <= 96),
      key: "tier",
      value: quoted(tier),
      allowed: "a tier with 1 vCPU or an even number of vCPUs up to 96",
      next: "Change the tier.",
    },
    {
      holds: memory % 256 === 0 && memory >= 3840 && perCpu >= 0.9 && perCpu <= 6.5,
      key: "tier",
      value: quoted(tier),
      allowed: "a tier with at least 3840 MiB, a multiple of 256, and 0.9 to 6.5 GiB per vCPU",
      next: "Change the tier.",
    },
  ];
}

function sizeRules({ storage, readReplicas }: CloudSql): readonly Rule[] {
  const least = inGib(storage);
  const gib = (n: number) => `${n} GiB`;
  return [
    {
      holds: Number.isInteger(least) && least >= STORAGE.least && least <= STORAGE.most,
      key: "storage",
      value: gib(least),
      allowed: `${gib(STORAGE.least)} to ${gib(STORAGE.most)}, in whole GiB`,
      next: "It can be increased later, but not decreased.",
    },
    {
      holds: Number.isInteger(readReplicas) && readReplicas >= 0 && readReplicas <= MOST_REPLICAS,
      key: "readReplicas",
      value: String(readReplicas),
      allowed: `0 to ${MOST_REPLICAS}`,
      next: "An instance supports no more replicas.",
    },
  ];
}
