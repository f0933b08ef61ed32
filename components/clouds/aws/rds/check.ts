import { aws } from "../../../../settings/clouds/aws";
import { MANAGED_POSTGRES } from "../../../../versions";
import { parameterRules } from "./parameters";
import type { RdsPostgresArguments } from "./arguments";
import { windowRules } from "./window";
import { inGib, nameRules, retentionRules } from "../../../postgres/rules";
import { enforce, quoted, type Rule } from "../../../kit/validation";
import { extensionRules } from "../../../postgres/setup";

/** For one instance (RDS User Guide, "Working with read replicas"). */
const MOST_REPLICAS = 15;
/** In GiB: gp3's minimum for PostgreSQL, and half its maximum: storage grows to twice its size. */
const STORAGE = { least: 20, most: 32_768 } as const;

/** What Amazon would reject after minutes, or accept and then fail. Pure. */
export function checkRds(name: string, args: RdsPostgresArguments): void {
  enforce(`RdsPostgres ${name}`, [
    ...identityRules(args),
    ...nameRules({ database: args.database, owner: args.owner }),
    ...sizeRules(args),
    ...retentionRules(args, {
      days: aws.recoveryDays,
      because: `RDS keeps at most ${aws.recoveryDays} days.`,
    }),
    ...windowRules(args),
    ...extensionRules(args.extensions),
    ...parameterRules(args),
    ...copyRules(args),
    ...restoreRules(args),
  ]);
}

function identityRules({ identifier, version, placement }: RdsPostgresArguments): readonly Rule[] {
  const [major, minor, ...more] = version.split(".");
  return [
    {
      // Read replicas append up to 8 characters, and names may have 63.
      holds: /^[a-z](?:-?[a-z0-9])*$/.test(identifier) && identifier.length <= 55,
      key: "identifier",
      value: quoted(identifier),
      allowed:
        "up to 55 lower-case letters, digits and single hyphens that begin with a letter and do not end with a hyphen",
      next: "Shorten or rename it.",
    },
    {
      holds:
        MANAGED_POSTGRES.aws.some((one) => one === major) &&
        (minor === undefined || /^\d+$/.test(minor)) &&
        more.length === 0,
      key: "version",
      value: quoted(version),
      allowed: `one of ${MANAGED_POSTGRES.aws.join(", ")}, or a minor version of one, such as 15.18`,
      next: "With only a major version, RDS upgrades the minor version in the maintenance window.",
    },
    {
      holds: placement.privateSubnetIds.length >= 2,
      key: "placement.privateSubnetIds",
      value: `${placement.privateSubnetIds.length} of them`,
      allowed: "at least two, in different zones",
      next: "Spread the cluster's network over two zones or more.",
    },
  ];
}

function sizeRules(args: RdsPostgresArguments): readonly Rule[] {
  const { instanceClass, readReplicas } = args;
  const storage = inGib(args.storage);
  const gib = (n: number) => `${n} GiB`;
  return [
    {
      holds: /^db\.[a-z][a-z0-9-]*\.[a-z0-9][a-z0-9.-]*$/.test(instanceClass),
      key: "instanceClass",
      value: quoted(instanceClass),
      allowed: "an RDS instance class, such as db.m7g.large",
      next: "Set the size of the database.",
    },
    {
      holds: Number.isInteger(storage) && storage >= STORAGE.least && storage <= STORAGE.most,
      key: "storage",
      value: gib(storage),
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

/** A replica starts from its primary; an instance cannot be restored into itself. */
function restoreRules({
  identifier,
  restoreFrom,
  replicaOf,
}: RdsPostgresArguments): readonly Rule[] {
  return [
    {
      holds: restoreFrom === undefined || replicaOf === undefined,
      key: "restoreFrom",
      value: "set together with replicaOf",
      allowed: "unset for a replica",
      next: "A replica starts from the instance that it follows.",
    },
    {
      holds:
        restoreFrom === undefined ||
        !("instance" in restoreFrom) ||
        restoreFrom.instance !== identifier,
      key: "restoreFrom.instance",
      value: quoted(identifier),
      allowed: "an instance other than its own",
      next: "Give the new instance another incarnation.",
    },
  ];
}

/** The second region has either a copy of the first region's backups or a replica. */
function copyRules({ recovery, replicaOf, placement }: RdsPostgresArguments): readonly Rule[] {
  return [
    {
      holds: recovery?.region !== placement.region,
      key: "recovery.region",
      value: quoted(recovery?.region ?? ""),
      allowed: `a region other than the database's own, ${placement.region}`,
      next: "Set the recovery region, or remove recovery.",
    },
    {
      holds: recovery === undefined || replicaOf === undefined,
      key: "recovery",
      value: quoted(recovery?.region ?? ""),
      allowed: "unset for a replica",
      next: "A replica has no backups of its own until it is promoted.",
    },
  ];
}
