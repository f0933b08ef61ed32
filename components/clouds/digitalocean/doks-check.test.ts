import { describe, expect, it } from "vitest";
import { refusal } from "../../kit/testing";
import type { DoksArguments } from "./doks";
import { checkDoks } from "./doks-check";

const args: DoksArguments = {
  clusterName: "bikes",
  region: "ams3",
  version: "1.34",
  network: { vpc: "10.50.0.0/20", pods: "10.52.0.0/16", services: "10.51.0.0/19" },
  storageClass: "do-block-storage-retain",
  systemPool: { size: "s-8vcpu-16gb", nodes: 3 },
  pool: { name: "riders", size: "c-16", nodes: { min: 4, max: 11 } },
  maintenance: { day: "thursday", start: "03:30" },
  highlyAvailable: true,
  controlPlaneAccess: [],
  registryIntegration: false,
  protect: true,
  tags: ["one", "two"],
};

describe("a cluster that DigitalOcean would reject", () => {
  const pool = (changes: Partial<DoksArguments["pool"]>) => ({
    pool: { ...args.pool, ...changes },
  });

  it.each<[Partial<DoksArguments>, string]>([
    [
      pool({ nodes: { min: 0, max: 3 } }),
      "pool.nodes.min is 0, but must be at least 1. Scaling to zero stops the autoscaler.",
    ],
    [
      pool({ nodes: { min: 5, max: 4 } }),
      "pool.nodes.min is 5, but must be at most pool.nodes.max (4). Swap them.",
    ],
    [
      { systemPool: { size: "s-1", nodes: 0 } },
      "systemPool.nodes is 0, but must be at least 1. A cluster keeps at least one node.",
    ],
    [
      pool({ name: "bikes-system" }),
      'pool.name is "bikes-system", but must be different from the system pool\'s name. Rename the pool.',
    ],
    [
      pool({ name: "system" }),
      'pool.name is "system", but must be different from "system", the label of the platform\'s ' +
        "nodes. Rename the pool.",
    ],
    [
      { tags: ["terraform:default-node-pool"] },
      'tags is ["terraform:default-node-pool"], but must be without terraform:default-node-pool. ' +
        "DigitalOcean's provider sets that tag itself.",
    ],
  ])("refuses %j", (changes, expected) => {
    expect(
      refusal(() => {
        checkDoks("town", { ...args, ...changes });
      }),
    ).toBe(`DoksCluster town: ${expected}`);
  });

  it("accepts the valid one", () => {
    expect(
      refusal(() => {
        checkDoks("town", args);
      }),
    ).toBe("");
  });
});
