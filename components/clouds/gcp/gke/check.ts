import { cidr, isPrivate, overlap, parseCidr, type Cidr } from "../../../../lib/cidr";
import { gcp } from "../../../../settings/clouds/gcp";
import { enforce, quoted, shown, type Rule } from "../../../kit/validation";
import type { GkeArguments, GkeNetwork } from "./arguments";
import { SHORTEST_HOURS } from "./maintenance";
import { SYSTEM_POOL } from "../../../cluster/pools";

/** Rejects what Google would reject after minutes, or accept with a bad result. Pure. */
export function checkGke(name: string, args: GkeArguments): void {
  enforce(`GkeCluster ${name}`, [
    ...placeRules(args),
    ...networkRules(args),
    ...poolRules(args),
    ...maintenanceRules(args),
    ...imageRules(args),
    ...labelRules(args),
  ]);
}

function placeRules(args: GkeArguments): readonly Rule[] {
  const { clusterName, region, zones, version } = args;
  const zone = new RegExp(`^${region}-[a-z]$`);
  return [
    // The length leaves room for -managed and -nodes; Google's own limit is the same.
    {
      holds: /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/.test(clusterName),
      key: "clusterName",
      value: shown(clusterName),
      allowed: "at most 40 lower-case letters, digits and hyphens, beginning with a letter",
      next: "Shorten it.",
    },
    {
      holds:
        new Set(zones).size === 3 && zones.length === 3 && zones.every((one) => zone.test(one)),
      key: "zones",
      value: shown(zones),
      allowed: `three different zones of ${region}`,
      next: `\`gcloud compute zones list --filter=region:${region}\` lists them.`,
    },
    {
      holds: /^1\.\d{2}$/.test(version),
      key: "version",
      value: shown(version),
      allowed: "a minor version such as 1.35",
      next: "Google chooses the patch version and keeps it up to date.",
    },
    ...args.controlPlaneAccess.flatMap((text) => [
      {
        holds: parseCidr(text) !== undefined && text !== "0.0.0.0/0",
        key: "controlPlaneAccess",
        value: shown(text),
        allowed: "a network such as 192.0.2.0/24 and not the whole internet",
        next: "Leave the list empty to connect by DNS name, with a Google identity.",
      },
    ]),
  ];
}

function networkRules(args: GkeArguments): readonly Rule[] {
  const texts = NETWORKS.map((key) => ({ key, text: args.network[key] }));
  const ranges = texts.flatMap(({ key, text }) => {
    const range = parseCidr(text);
    return range === undefined ? [] : [{ key, range }];
  });
  return [
    ...texts.flatMap(({ key, text }) => sizeAndPlaceRules(key, text)),
    ...ranges.flatMap(({ key, range }, index) => [
      ...reservedRules(key, range),
      ...ranges.slice(0, index).map((other) => ({
        holds: !overlap(range, other.range),
        key: `network.${key}`,
        value: shown(range.text),
        allowed: `a range that does not overlap network.${other.key}, which is ${other.range.text}`,
        next: "Change one of them.",
      })),
    ]),
    ...ranges.flatMap(({ key, range }) => roomRules(key, range, args)),
  ];
}

const NETWORKS = ["vpc", "pods", "services", "managed"] as const;

function sizeAndPlaceRules(key: keyof GkeNetwork, text: string): readonly Rule[] {
  const range = parseCidr(text);
  const { widest, narrowest } = gcp.prefixes[key];
  return [
    {
      holds: range !== undefined && range.prefix >= widest && range.prefix <= narrowest,
      key: `network.${key}`,
      value: shown(text),
      allowed: `a network of /${widest} to /${narrowest}, named by its first address`,
      next: "Choose another one.",
    },
    {
      holds: range !== undefined && isPrivate(range),
      key: `network.${key}`,
      value: shown(text),
      allowed: "inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
      next: "Choose a private range.",
    },
  ];
}

const reservedRules = (key: keyof GkeNetwork, range: Cidr): readonly Rule[] =>
  gcp.reserved.ranges.map((reserved) => ({
    holds: !overlap(range, cidr(reserved)),
    key: `network.${key}`,
    value: shown(range.text),
    allowed: `a range that does not overlap ${reserved}, which ${gcp.reserved.by} reserves`,
    next: "Move it.",
  }));

/** Upgrades add a node to each pool, and Google starts with one in each zone. */
function roomRules(
  key: keyof GkeNetwork,
  range: Cidr,
  { systemPool, pools, zones }: GkeArguments,
): readonly Rule[] {
  if (key !== "vpc" && key !== "pods") return [];
  const nodes =
    pools.reduce((sum, pool) => sum + pool.nodes.max + 1, systemPool.nodes + 1) + zones.length;
  // Google reserves four addresses of a subnetwork, and gives each node 256 for its pods.
  const room = key === "vpc" ? 2 ** (32 - range.prefix) - 4 : 2 ** (24 - range.prefix);
  return [
    {
      holds: room >= nodes,
      key: `network.${key}`,
      value: shown(range.text),
      allowed: `large enough for ${nodes} nodes: those of all pools and those that an upgrade adds`,
      next: `It has room for ${room}.`,
    },
  ];
}

function poolRules(args: GkeArguments): readonly Rule[] {
  const { pools, systemPool, zones } = args;
  const { nodes } = systemPool;
  return [
    {
      holds: pools.length !== 0,
      key: "pools",
      value: shown(pools),
      allowed: "at least one pool",
      next: "Workloads need nodes.",
    },
    {
      holds: Number.isInteger(nodes) && nodes >= 1 && (nodes <= 2 || nodes % zones.length === 0),
      key: "systemPool.nodes",
      value: shown(nodes),
      allowed: `1, 2 or a multiple of ${zones.length}, the number of zones`,
      next: "In a pool of fixed size, Google sets the number of nodes per zone.",
    },
    sizeRule("systemPool.size", systemPool.size),
    ...pools.flatMap((pool, index) => [
      {
        holds: /^[a-z]([a-z0-9-]{0,31}[a-z0-9])?$/.test(pool.name) && pool.name !== SYSTEM_POOL,
        key: "pools",
        value: shown(pool.name),
        allowed: `at most 33 lower-case letters, digits and hyphens, and not "${SYSTEM_POOL}", the platform's own`,
        next: "Rename the pool.",
      },
      {
        holds: pools.findIndex((other) => other.name === pool.name) === index,
        key: "pools",
        value: shown(pool.name),
        allowed: "the name of one pool only",
        next: "Rename one of them.",
      },
      sizeRule(`pools.${pool.name}.size`, pool.size),
      ...rangeRules(`pools.${pool.name}`, pool.nodes, index === 0 ? 1 : 0),
    ]),
  ];
}

/** Series from the fourth generation on only support Hyperdisk. */
const sizeRule = (key: string, size: string): Rule => ({
  holds: /^[a-z]+[1-3][a-z]*-[a-z0-9-]+$/.test(size),
  key,
  value: shown(size),
  allowed:
    "a machine type of a series up to the third generation, such as e2-standard-4 or n2d-standard-8",
  next: "Later ones cannot attach the Persistent Disks of nodes and volumes.",
});

function rangeRules(
  at: string,
  { min, max }: { readonly min: number; readonly max: number },
  least: number,
): readonly Rule[] {
  return [
    {
      holds: min >= least,
      key: `${at}.nodes.min`,
      value: shown(min),
      allowed: `at least ${least}`,
      next: least === 0 ? "It cannot be negative." : "Pods that name no pool run in the first.",
    },
    {
      holds: max >= 1,
      key: `${at}.nodes.max`,
      value: shown(max),
      allowed: "at least 1",
      next: "Remove the pool instead.",
    },
    {
      holds: min <= max,
      key: `${at}.nodes.min`,
      value: shown(min),
      allowed: `at most ${at}.nodes.max (${max})`,
      next: "Swap them.",
    },
  ];
}

function maintenanceRules({ maintenance: { start, duration } }: GkeArguments): readonly Rule[] {
  const hours = duration.seconds / 3600;
  return [
    {
      holds: /^([01]\d|2[0-3]):[0-5]\d$/.test(start),
      key: "maintenance.start",
      value: shown(start),
      allowed: "a time of day such as 03:30, in UTC",
      next: "Correct it.",
    },
    {
      holds: hours >= SHORTEST_HOURS && hours <= 24,
      key: "maintenance.duration",
      value: shown(`${hours} hours`),
      allowed: `${SHORTEST_HOURS} to 24 hours`,
      next: "Google ignores shorter windows and upgrades at other times.",
    },
  ];
}

/** Locations of the repositories that replace the old registry's hosts. */
const FORMER: Readonly<Record<string, string>> = {
  "gcr.io": "us",
  "us.gcr.io": "us",
  "eu.gcr.io": "europe",
  "asia.gcr.io": "asia",
};

function imageRules({ imageRepositories }: GkeArguments): readonly Rule[] {
  return imageRepositories.flatMap(({ name, location }, index) => {
    const home = FORMER[name];
    const same = (other: { readonly name: string; readonly location: string }) =>
      other.name === name && other.location === location;
    return [
      {
        holds: /^[a-z]([a-z0-9.-]{0,61}[a-z0-9])?$/.test(name),
        key: "imageRepositories",
        value: shown(name),
        allowed: "at most 63 lower-case letters, digits, dots and hyphens, beginning with a letter",
        next: "Rename the repository.",
      },
      {
        holds: home === undefined || location === home,
        key: `imageRepositories.${name}.location`,
        value: shown(location),
        allowed: quoted(home ?? location),
        next: `Images named ${name}/… are pulled only from there.`,
      },
      {
        holds: imageRepositories.findIndex(same) === index,
        key: "imageRepositories",
        value: shown(name),
        allowed: "unique within its location",
        next: "Remove one of them.",
      },
    ];
  });
}

function labelRules({ labels }: GkeArguments): readonly Rule[] {
  return Object.entries(labels).map(([key, value]) => ({
    holds: /^[a-z][a-z0-9_-]{0,62}$/.test(key) && /^[a-z0-9_-]{0,63}$/.test(value),
    key: `labels.${key}`,
    value: shown(value),
    allowed: "at most 63 lower-case letters, digits, hyphens and underscores, like its key",
    next: "Google allows no other characters.",
  }));
}
