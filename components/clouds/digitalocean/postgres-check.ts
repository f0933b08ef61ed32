import { digitalocean } from "../../../settings/clouds/digitalocean";
import { MANAGED_POSTGRES } from "../../../versions";
import type { DigitalOceanPostgresArguments } from "./postgres";
import { parameterRules } from "./postgres-parameters";
import { dayText, inDays, inGib, nameRules } from "../../postgres/rules";
import { enforce, quoted, type Rule } from "../../kit/validation";
import { extensionRules } from "../../postgres/setup";

/** DigitalOcean documentation, "PostgreSQL limits": the same for every size. */
const RECOVERY_DAYS = digitalocean.recoveryDays;

/** The smallest size has 22 (25 for each GiB of memory, minus 3: DigitalOcean API, pools). */
export const POOL_SIZE = 20;

/** What DigitalOcean would reject or does not support. Pure. */
export function checkDigitalOcean(name: string, args: DigitalOceanPostgresArguments): void {
  const { database, owner } = args;
  enforce(`DigitalOceanPostgres ${name}`, [
    ...nameRules({ database, ...(owner === undefined ? {} : { owner }) }),
    ...clusterRules(args),
    ...countRules(args),
    ...storageRules(args),
    ...recoveryRules(args),
    ...extensionRules(args.extensions ?? []),
    ...parameterRules(args.parameters),
  ]);
}

function clusterRules(args: DigitalOceanPostgresArguments): readonly Rule[] {
  const { clusterName, version, nodes, size } = args;
  return [
    {
      // Read-only nodes append up to 8 characters, and names may have 63.
      holds: /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(clusterName) && clusterName.length <= 55,
      key: "clusterName",
      value: quoted(clusterName),
      allowed:
        "up to 55 lower-case letters, digits and hyphens that begin with a letter and do not end with a hyphen",
      next: "Shorten or rename it.",
    },
    {
      holds: MANAGED_POSTGRES.digitalocean.some((one) => one === version),
      key: "version",
      value: quoted(version),
      allowed: `one of ${MANAGED_POSTGRES.digitalocean.join(", ")}`,
      next: "DigitalOcean chooses the minor version.",
    },
    {
      holds: [1, 2, 3].includes(nodes),
      key: "nodes",
      value: String(nodes),
      allowed: "1, 2 or 3",
      next: "PostgreSQL has one primary and at most two standbys.",
    },
    {
      holds: nodes === 1 || size !== "db-s-1vcpu-1gb",
      key: "size",
      value: quoted(size),
      allowed: "db-s-1vcpu-2gb or larger with a standby",
      next: "Set the size of the database.",
    },
  ];
}

function countRules(args: DigitalOceanPostgresArguments): readonly Rule[] {
  const { readReplicas } = args;
  return [
    {
      holds: Number.isInteger(readReplicas) && readReplicas >= 0,
      key: "readReplicas",
      value: String(readReplicas),
      allowed: "a whole number from 0",
      next: "Each replica is a separate server of the primary's size.",
    },
  ];
}

function storageRules({ storage }: DigitalOceanPostgresArguments): readonly Rule[] {
  if (storage === undefined) return [];
  const growth = inGib(storage.growth);
  return [
    {
      holds: Number.isInteger(inGib(storage.initial)),
      key: "storage.initial",
      value: `${inGib(storage.initial)} GiB`,
      allowed: "whole GiB",
      next: "Leave it out to use the storage included in the size.",
    },
    {
      holds: Number.isInteger(growth) && growth >= 10,
      key: "storage.growth",
      value: `${growth} GiB`,
      allowed: "10 GiB or more, in whole GiB",
      next: "DigitalOcean enlarges a disk by at least that much.",
    },
  ];
}

function recoveryRules({ leastRetention }: DigitalOceanPostgresArguments): readonly Rule[] {
  const least = leastRetention === undefined ? 1 : inDays(leastRetention);
  return [
    {
      holds: least <= RECOVERY_DAYS,
      key: "leastRetention",
      value: dayText(least),
      allowed: `at most ${dayText(RECOVERY_DAYS)}, DigitalOcean's limit`,
      next: "For longer retention, keep dumps or run the database elsewhere.",
    },
  ];
}
