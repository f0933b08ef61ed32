import { ComponentError } from "../../kit/component";
import type { DoksArguments } from "./doks";
import { SYSTEM_POOL } from "../../cluster/pools";

/** Refuses what DigitalOcean would refuse after minutes, or accept and regret. Pure. */
export function checkDoks(name: string, args: DoksArguments): void {
  const refuse = (key: string, value: unknown, allowed: string, next: string) => {
    throw new ComponentError(`DoksCluster ${name}`, key, JSON.stringify(value), allowed, next);
  };
  if (args.pool.nodes.min < 1) {
    refuse(
      "pool.nodes.min",
      args.pool.nodes.min,
      "at least 1",
      "Scaling to zero stops the autoscaler.",
    );
  }
  if (args.pool.nodes.min > args.pool.nodes.max) {
    refuse(
      "pool.nodes.min",
      args.pool.nodes.min,
      `at most pool.nodes.max (${args.pool.nodes.max})`,
      "Swap them.",
    );
  }
  if (args.systemPool.nodes < 1) {
    refuse(
      "systemPool.nodes",
      args.systemPool.nodes,
      "at least 1",
      "A cluster keeps at least one node.",
    );
  }
  if (args.pool.name === `${args.clusterName}-system`) {
    refuse(
      "pool.name",
      args.pool.name,
      "different from the system pool's name",
      "Rename the pool.",
    );
  }
  if (args.pool.name === SYSTEM_POOL) {
    refuse(
      "pool.name",
      args.pool.name,
      `different from "${SYSTEM_POOL}", the label of the platform's nodes`,
      "Rename the pool.",
    );
  }
  if (args.tags.includes("terraform:default-node-pool")) {
    refuse(
      "tags",
      args.tags,
      "free of terraform:default-node-pool",
      "DigitalOcean's provider sets that tag itself.",
    );
  }
}
