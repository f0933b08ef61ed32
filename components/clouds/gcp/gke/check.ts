import { cidr, isPrivate, overlap, parseCidr, type Cidr } from "../../../../lib/cidr";
import { gcp } from "../../../../settings/clouds/gcp";
import { ComponentError } from "../../../kit/component";
import type { GkeArguments, GkeNetwork } from "./arguments";
import { SHORTEST_HOURS } from "./maintenance";
import { SYSTEM_POOL } from "../../../cluster/pools";

type Refuse = (key: string, value: unknown, allowed: string, next: string) => never;

/** Refuses what Google would refuse after minutes, or accept and regret. Pure. */
export function checkGke(name: string, args: GkeArguments): void {
  const refuse: Refuse = (key, value, allowed, next) => {
    throw new ComponentError(`GkeCluster ${name}`, key, JSON.stringify(value), allowed, next);
  };
  checkPlace(args, refuse);
  checkNetwork(args, refuse);
  checkPools(args, refuse);
  checkMaintenance(args, refuse);
  checkImages(args, refuse);
  checkLabels(args, refuse);
}

function checkPlace(args: GkeArguments, refuse: Refuse): void {
  const { clusterName, region, zones, version } = args;
  // The length leaves room for -managed and -nodes; Google's own limit is the same.
  if (!/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/.test(clusterName)) {
    refuse(
      "clusterName",
      clusterName,
      "at most 40 lower-case letters, digits and hyphens, beginning with a letter",
      "Shorten it.",
    );
  }
  const zone = new RegExp(`^${region}-[a-z]$`);
  if (new Set(zones).size !== 3 || zones.length !== 3 || !zones.every((one) => zone.test(one))) {
    refuse(
      "zones",
      zones,
      `three different zones of ${region}`,
      `\`gcloud compute zones list --filter=region:${region}\` lists them.`,
    );
  }
  if (!/^1\.\d{2}$/.test(version)) {
    refuse(
      "version",
      version,
      "a minor version such as 1.35",
      "Google chooses the patch and keeps it up to date.",
    );
  }
  for (const text of args.controlPlaneAccess) {
    if (parseCidr(text) === undefined || text === "0.0.0.0/0") {
      refuse(
        "controlPlaneAccess",
        text,
        "a network such as 192.0.2.0/24 and not the whole internet",
        "Leave the list empty to come in by name, with a Google identity.",
      );
    }
  }
}

function checkNetwork(args: GkeArguments, refuse: Refuse): void {
  const ranges = (["vpc", "pods", "services", "managed"] as const).map((key) => {
    const text = args.network[key];
    const range = parseCidr(text);
    const { widest, narrowest } = gcp.prefixes[key];
    if (range === undefined || range.prefix < widest || range.prefix > narrowest) {
      return refuse(
        `network.${key}`,
        text,
        `a network of /${widest} to /${narrowest}, named by its first address`,
        "Choose another one.",
      );
    }
    if (!isPrivate(range)) {
      return refuse(
        `network.${key}`,
        text,
        "inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        "Choose a private range.",
      );
    }
    return { key, range };
  });
  ranges.forEach(({ key, range }, index) => {
    const reserved = gcp.reserved.ranges.find((one) => overlap(range, cidr(one)));
    if (reserved !== undefined) {
      refuse(
        `network.${key}`,
        range.text,
        `clear of ${reserved}, which ${gcp.reserved.by} keeps for itself`,
        "Move it.",
      );
    }
    for (const other of ranges.slice(0, index)) {
      if (overlap(range, other.range)) {
        refuse(
          `network.${key}`,
          range.text,
          `clear of network.${other.key}, which is ${other.range.text}`,
          "Move one of them.",
        );
      }
    }
  });
  for (const { key, range } of ranges) checkRoom(key, range, args, refuse);
}

/** Upgrades add a node to each pool, and Google begins with one in each zone. */
function checkRoom(
  key: keyof GkeNetwork,
  range: Cidr,
  { systemPool, pools, zones }: GkeArguments,
  refuse: Refuse,
): void {
  const nodes =
    pools.reduce((sum, pool) => sum + pool.nodes.max + 1, systemPool.nodes + 1) + zones.length;
  // Google keeps four addresses of a subnetwork, and gives each node 256 for its pods.
  const room = { vpc: 2 ** (32 - range.prefix) - 4, pods: 2 ** (24 - range.prefix) };
  if ((key === "vpc" || key === "pods") && room[key] < nodes) {
    refuse(
      `network.${key}`,
      range.text,
      `large enough for ${nodes} nodes, those of all pools and the ones an upgrade adds`,
      `It holds ${room[key]}.`,
    );
  }
}

function checkPools(args: GkeArguments, refuse: Refuse): void {
  const { pools, systemPool, zones } = args;
  if (pools.length === 0) refuse("pools", pools, "at least one pool", "Workloads need nodes.");
  const { nodes } = systemPool;
  if (!Number.isInteger(nodes) || nodes < 1 || (nodes > 2 && nodes % zones.length !== 0)) {
    refuse(
      "systemPool.nodes",
      nodes,
      `1, 2 or a multiple of ${zones.length}, the number of zones`,
      "Google counts the nodes of a fixed pool by zone.",
    );
  }
  checkSize("systemPool.size", systemPool.size, refuse);
  pools.forEach((pool, index) => {
    const at = `pools.${pool.name}`;
    if (!/^[a-z]([a-z0-9-]{0,31}[a-z0-9])?$/.test(pool.name) || pool.name === SYSTEM_POOL) {
      refuse(
        "pools",
        pool.name,
        `at most 33 lower-case letters, digits and hyphens, and not "${SYSTEM_POOL}", the platform's own`,
        "Rename the pool.",
      );
    }
    if (pools.findIndex((other) => other.name === pool.name) !== index) {
      refuse("pools", pool.name, "the name of one pool only", "Rename one of them.");
    }
    checkSize(`${at}.size`, pool.size, refuse);
    checkRange(at, pool.nodes, index === 0 ? 1 : 0, refuse);
  });
}

/** Series from the fourth generation on take Hyperdisk only. */
function checkSize(key: string, size: string, refuse: Refuse): void {
  if (/^[a-z]+[1-3][a-z]*-[a-z0-9-]+$/.test(size)) return;
  refuse(
    key,
    size,
    "a machine type of a series up to the third generation, such as e2-standard-4 or n2d-standard-8",
    "Later ones cannot attach the Persistent Disks of nodes and volumes.",
  );
}

function checkRange(
  at: string,
  { min, max }: { readonly min: number; readonly max: number },
  least: number,
  refuse: Refuse,
): void {
  if (min < least) {
    refuse(
      `${at}.nodes.min`,
      min,
      `at least ${least}`,
      least === 0 ? "Nothing is less." : "Pods that name no pool go to the first.",
    );
  }
  if (max < 1) {
    refuse(`${at}.nodes.max`, max, "at least 1", "Leave the pool away instead.");
  }
  if (min > max) {
    refuse(`${at}.nodes.min`, min, `at most ${at}.nodes.max (${max})`, "Swap them.");
  }
}

function checkMaintenance({ maintenance: { start, duration } }: GkeArguments, refuse: Refuse) {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(start)) {
    refuse("maintenance.start", start, "a time of day such as 03:30, in UTC", "Correct it.");
  }
  const hours = duration.seconds / 3600;
  if (hours < SHORTEST_HOURS || hours > 24) {
    refuse(
      "maintenance.duration",
      `${hours} hours`,
      `${SHORTEST_HOURS} to 24 hours`,
      "Google does not count shorter windows, and upgrades outside of them.",
    );
  }
}

function checkImages({ imageRepositories }: GkeArguments, refuse: Refuse): void {
  imageRepositories.forEach(({ name, location }, index) => {
    const at = `imageRepositories.${name}`;
    if (!/^[a-z]([a-z0-9.-]{0,61}[a-z0-9])?$/.test(name)) {
      refuse(
        "imageRepositories",
        name,
        "at most 63 lower-case letters, digits, dots and hyphens, beginning with a letter",
        "Rename the repository.",
      );
    }
    const former: Readonly<Record<string, string>> = {
      "gcr.io": "us",
      "us.gcr.io": "us",
      "eu.gcr.io": "europe",
      "asia.gcr.io": "asia",
    };
    const home = former[name];
    if (home !== undefined && location !== home) {
      refuse(
        `${at}.location`,
        location,
        `"${home}"`,
        `Images named ${name}/… are looked for there only.`,
      );
    }
    const same = (other: { readonly name: string; readonly location: string }) =>
      other.name === name && other.location === location;
    if (imageRepositories.findIndex(same) !== index) {
      refuse("imageRepositories", name, "named once in a location", "Remove one of them.");
    }
  });
}

function checkLabels({ labels }: GkeArguments, refuse: Refuse): void {
  for (const [key, value] of Object.entries(labels)) {
    if (/^[a-z][a-z0-9_-]{0,62}$/.test(key) && /^[a-z0-9_-]{0,63}$/.test(value)) continue;
    refuse(
      `labels.${key}`,
      value,
      "at most 63 lower-case letters, digits, hyphens and underscores, like its key",
      "Google allows nothing else.",
    );
  }
}
