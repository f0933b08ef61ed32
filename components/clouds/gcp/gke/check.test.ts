import { describe, expect, it } from "vitest";
import { hours } from "../../../../systems/units";
import { refusal } from "../../../kit/testing";
import type { GkeArguments } from "./arguments";
import { checkGke } from "./check";
import { args } from "./testing";

const network = (changes: Partial<GkeArguments["network"]>) => ({
  network: { ...args.network, ...changes },
});
const pool = (changes: Partial<GkeArguments["pools"][number]>) => ({
  pools: args.pools.map((one, index) => (index === 0 ? { ...one, ...changes } : one)),
});
const second = (changes: Partial<GkeArguments["pools"][number]>) => ({
  pools: args.pools.map((one, index) => (index === 1 ? { ...one, ...changes } : one)),
});
const maintenance = (changes: Partial<GkeArguments["maintenance"]>) => ({
  maintenance: { ...args.maintenance, ...changes },
});
const ZONES = "`gcloud compute zones list --filter=region:europe-west4` lists them.";
const PRIVATE = "inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16. Choose a private range.";

type Table = readonly (readonly [Partial<GkeArguments>, string])[];

const check = (changes: Partial<GkeArguments>) =>
  refusal(() => {
    checkGke("town", { ...args, ...changes });
  });

const PLACE: Table = [
  [
    { clusterName: `b${"i".repeat(40)}` },
    `clusterName is "b${"i".repeat(40)}", but must be at most 40 lower-case letters, digits and hyphens, beginning with a letter. Shorten it.`,
  ],
  [
    { clusterName: "Bikes" },
    'clusterName is "Bikes", but must be at most 40 lower-case letters, digits and hyphens, beginning with a letter. Shorten it.',
  ],
  [
    { zones: ["europe-west4-a", "europe-west4-b"] },
    `zones is ["europe-west4-a","europe-west4-b"], but must be three different zones of europe-west4. ${ZONES}`,
  ],
  [
    { zones: ["europe-west4-a", "europe-west4-b", "europe-west4-b"] },
    `zones is ["europe-west4-a","europe-west4-b","europe-west4-b"], but must be three different zones of europe-west4. ${ZONES}`,
  ],
  [
    { zones: ["europe-west4-a", "europe-west4-b", "europe-west1-c"] },
    `zones is ["europe-west4-a","europe-west4-b","europe-west1-c"], but must be three different zones of europe-west4. ${ZONES}`,
  ],
  [
    { version: "1.34.3-gke.100" },
    'version is "1.34.3-gke.100", but must be a minor version such as 1.35. Google chooses the patch version and keeps it up to date.',
  ],
  [
    { controlPlaneAccess: ["192.0.2.0/24", "0.0.0.0/0"] },
    'controlPlaneAccess is "0.0.0.0/0", but must be a network such as 192.0.2.0/24 and not the whole internet. Leave the list empty to connect by DNS name, with a Google identity.',
  ],
  [
    { controlPlaneAccess: ["192.0.2.7/24"] },
    'controlPlaneAccess is "192.0.2.7/24", but must be a network such as 192.0.2.0/24 and not the whole internet. Leave the list empty to connect by DNS name, with a Google identity.',
  ],
  [
    { labels: { Team: "x" } },
    'labels.Team is "x", but must be at most 63 lower-case letters, digits, hyphens and underscores, like its key. Google allows no other characters.',
  ],
];

const NETWORK: Table = [
  [
    network({ pods: "10.50.0.0/16" }),
    'network.pods is "10.50.0.0/16", but must be a range that does not overlap network.vpc, which is 10.50.0.0/22. Change one of them.',
  ],
  [
    network({ managed: "10.51.0.0/16" }),
    'network.managed is "10.51.0.0/16", but must be a range that does not overlap network.services, which is 10.51.0.0/20. Change one of them.',
  ],
  [
    network({ managed: "172.17.64.0/20" }),
    'network.managed is "172.17.64.0/20", but must be a range that does not overlap 172.17.0.0/16, which Cloud SQL reserves. Move it.',
  ],
  [
    network({ pods: "172.16.0.0/12" }),
    'network.pods is "172.16.0.0/12", but must be a range that does not overlap 172.17.0.0/16, which Cloud SQL reserves. Move it.',
  ],
  [
    network({ managed: "10.53.0.0/25" }),
    'network.managed is "10.53.0.0/25", but must be a network of /16 to /24, named by its first address. Choose another one.',
  ],
  [
    network({ services: "10.51.0.1/20" }),
    'network.services is "10.51.0.1/20", but must be a network of /16 to /27, named by its first address. Choose another one.',
  ],
  [
    network({ services: "100.64.0.0/20" }),
    `network.services is "100.64.0.0/20", but must be ${PRIVATE}`,
  ],
  [
    network({ vpc: "10.50.0.0/28" }),
    'network.vpc is "10.50.0.0/28", but must be large enough for 28 nodes: those of all pools and those that an upgrade adds. It has room for 12.',
  ],
  [
    network({ pods: "10.52.0.0/20" }),
    'network.pods is "10.52.0.0/20", but must be large enough for 28 nodes: those of all pools and those that an upgrade adds. It has room for 16.',
  ],
];

const POOLS: Table = [
  [{ pools: [] }, "pools is [], but must be at least one pool. Workloads need nodes."],
  [
    { systemPool: { size: "e2-standard-8", nodes: 4 } },
    "systemPool.nodes is 4, but must be 1, 2 or a multiple of 3, the number of zones. In a pool of fixed size, Google sets the number of nodes per zone.",
  ],
  [
    { systemPool: { size: "e2-standard-8", nodes: 0 } },
    "systemPool.nodes is 0, but must be 1, 2 or a multiple of 3, the number of zones. In a pool of fixed size, Google sets the number of nodes per zone.",
  ],
  [
    { systemPool: { size: "n4-standard-8", nodes: 3 } },
    'systemPool.size is "n4-standard-8", but must be a machine type of a series up to the third generation, such as e2-standard-4 or n2d-standard-8. Later ones cannot attach the Persistent Disks of nodes and volumes.',
  ],
  [
    pool({ size: "c4a-standard-4" }),
    'pools.riders.size is "c4a-standard-4", but must be a machine type of a series up to the third generation, such as e2-standard-4 or n2d-standard-8. Later ones cannot attach the Persistent Disks of nodes and volumes.',
  ],
  [
    pool({ name: "system" }),
    'pools is "system", but must be at most 33 lower-case letters, digits and hyphens, and not "system", the platform\'s own. Rename the pool.',
  ],
  [
    pool({ name: "Riders" }),
    'pools is "Riders", but must be at most 33 lower-case letters, digits and hyphens, and not "system", the platform\'s own. Rename the pool.',
  ],
  [
    pool({ name: "drivers" }),
    'pools is "drivers", but must be the name of one pool only. Rename one of them.',
  ],
  [
    pool({ nodes: { min: 0, max: 4 } }),
    "pools.riders.nodes.min is 0, but must be at least 1. Pods that name no pool run in the first.",
  ],
  [
    second({ nodes: { min: -1, max: 4 } }),
    "pools.drivers.nodes.min is -1, but must be at least 0. It cannot be negative.",
  ],
  [
    second({ nodes: { min: 0, max: 0 } }),
    "pools.drivers.nodes.max is 0, but must be at least 1. Remove the pool instead.",
  ],
  [
    pool({ nodes: { min: 5, max: 4 } }),
    "pools.riders.nodes.min is 5, but must be at most pools.riders.nodes.max (4). Swap them.",
  ],
];

const OTHERS: Table = [
  [
    maintenance({ duration: hours(3.5) }),
    'maintenance.duration is "3.5 hours", but must be 4 to 24 hours. Google ignores shorter windows and upgrades at other times.',
  ],
  [
    maintenance({ duration: hours(25) }),
    'maintenance.duration is "25 hours", but must be 4 to 24 hours. Google ignores shorter windows and upgrades at other times.',
  ],
  [
    maintenance({ start: "24:00" }),
    'maintenance.start is "24:00", but must be a time of day such as 03:30, in UTC. Correct it.',
  ],
  [
    { imageRepositories: [{ name: "gcr.io", location: "us-central1" }] },
    'imageRepositories.gcr.io.location is "us-central1", but must be "us". Images named gcr.io/… are pulled only from there.',
  ],
  [
    { imageRepositories: [{ name: "Bikes", location: "us" }] },
    'imageRepositories is "Bikes", but must be at most 63 lower-case letters, digits, dots and hyphens, beginning with a letter. Rename the repository.',
  ],
  [
    {
      imageRepositories: [
        { name: "bikes", location: "us" },
        { name: "bikes", location: "us" },
      ],
    },
    'imageRepositories is "bikes", but must be unique within its location. Remove one of them.',
  ],
];

describe("a cluster that Google would reject", () => {
  it.each([...PLACE, ...NETWORK, ...POOLS, ...OTHERS])("refuses %j", (changes, expected) => {
    expect(check(changes)).toBe(`GkeCluster town: ${expected}`);
  });
});

describe("a cluster that Google would accept", () => {
  it.each<[Partial<GkeArguments>]>([
    [{}],
    [{ clusterName: `b${"i".repeat(39)}` }],
    [{ controlPlaneAccess: ["192.0.2.0/24"] }],
    [network({ vpc: "10.50.0.0/27", pods: "10.52.0.0/19", managed: "172.18.0.0/16" })],
    [{ systemPool: { size: "t2d-standard-4", nodes: 2 } }],
    [pool({ nodes: { min: 1, max: 1 } })],
    [second({ nodes: { min: 0, max: 1 } })],
    [maintenance({ duration: hours(4), start: "00:00" })],
    [{ imageRepositories: [{ name: "eu.gcr.io", location: "europe" }] }],
    [{ labels: { "cost-centre_7": "" } }],
  ])("is accepted: %j", (changes) => {
    expect(check(changes)).toBe("");
  });
});
