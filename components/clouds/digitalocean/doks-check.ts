import { enforce, shown, type Rule } from "../../kit/validation";
import type { DoksArguments } from "./doks";
import { SYSTEM_POOL } from "../../cluster/pools";

/** Rejects what DigitalOcean would reject after minutes, or accept with a bad result. Pure. */
export function checkDoks(name: string, args: DoksArguments): void {
  enforce(`DoksCluster ${name}`, [
    ...sizeRules(args),
    ...nameRules(args),
    {
      holds: !args.tags.includes("terraform:default-node-pool"),
      key: "tags",
      value: shown(args.tags),
      allowed: "without terraform:default-node-pool",
      next: "DigitalOcean's provider sets that tag itself.",
    },
  ]);
}

const sizeRules = ({ pool, systemPool }: DoksArguments): readonly Rule[] => [
  {
    holds: pool.nodes.min >= 1,
    key: "pool.nodes.min",
    value: shown(pool.nodes.min),
    allowed: "at least 1",
    next: "Scaling to zero stops the autoscaler.",
  },
  {
    holds: pool.nodes.min <= pool.nodes.max,
    key: "pool.nodes.min",
    value: shown(pool.nodes.min),
    allowed: `at most pool.nodes.max (${pool.nodes.max})`,
    next: "Swap them.",
  },
  {
    holds: systemPool.nodes >= 1,
    key: "systemPool.nodes",
    value: shown(systemPool.nodes),
    allowed: "at least 1",
    next: "A cluster keeps at least one node.",
  },
];

const nameRules = ({ clusterName, pool }: DoksArguments): readonly Rule[] => [
  {
    holds: pool.name !== `${clusterName}-system`,
    key: "pool.name",
    value: shown(pool.name),
    allowed: "different from the system pool's name",
    next: "Rename the pool.",
  },
  {
    holds: pool.name !== SYSTEM_POOL,
    key: "pool.name",
    value: shown(pool.name),
    allowed: `different from "${SYSTEM_POOL}", the label of the platform's nodes`,
    next: "Rename the pool.",
  },
];
