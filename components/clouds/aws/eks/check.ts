import { cidr, isPrivate, overlap, parseCidr, within, type Cidr } from "../../../../lib/cidr";
import { aws } from "../../../../settings/clouds/aws";
import { EKS } from "../../../../versions";
import { ComponentError } from "../../../kit/component";
import type { EksArguments } from "./arguments";
import { SYSTEM_POOL } from "../../../cluster/pools";

type Refuse = (key: string, value: unknown, allowed: string, next: string) => never;

/** Refuses what AWS would refuse after minutes, or accept and regret. Pure. */
export function checkEks(name: string, args: EksArguments): void {
  const refuse: Refuse = (key, value, allowed, next) => {
    throw new ComponentError(`EksCluster ${name}`, key, JSON.stringify(value), allowed, next);
  };
  checkName(args, refuse);
  checkLengths(name, args, refuse);
  checkZones(args, refuse);
  checkNetwork(args, refuse);
  checkSystemPool(args, refuse);
  checkPools(args, refuse);
  checkAccess(args, refuse);
  checkAdministrators(args, refuse);
}

function checkName({ clusterName, version }: EksArguments, refuse: Refuse): void {
  if (!/^[a-z]([a-z0-9-]{0,25}[a-z0-9])?$/.test(clusterName)) {
    refuse(
      "clusterName",
      clusterName,
      "1 to 27 lower-case letters, digits and hyphens, beginning with a letter",
      'The load balancer is named after it, with "-edge", and has at most 32.',
    );
  }
  if (!/^1\.\d\d$/.test(version)) {
    refuse(
      "version",
      version,
      "a minor version like 1.35",
      "EKS chooses the patch by itself; set runstack:kubernetesVersion.",
    );
  }
  if (EKS[version] === undefined) {
    refuse(
      "version",
      version,
      `one of ${Object.keys(EKS).join(", ")}`,
      "Others are out of EKS' standard support or were not tried; add it to versions.ts.",
    );
  }
}

/** What Pulumi adds to names that it makes unique. */
const UNIQUE = "-1234567".length;
/** The longest names that AWS takes. */
const ROLE = 64;
const GROUP = 63;

/** Roles and node groups have names of their own, which AWS would find too long after a while. */
function checkLengths(name: string, { systemPool, pools }: EksArguments, refuse: Refuse): void {
  const longest = ROLE - UNIQUE - "-aws-ebs-csi-driver-role".length;
  if (name.length > longest) {
    refuse("name", name, `at most ${longest} characters`, "IAM roles are named after it.");
  }
  const groups = [
    { pool: SYSTEM_POOL, size: systemPool.size },
    ...pools.flatMap((pool) => pool.sizes.map((size) => ({ pool: pool.name, size }))),
  ];
  const room = GROUP - UNIQUE - `${name}-nodes--`.length;
  const tooLong = groups.find(({ pool, size }) => pool.length + size.length > room);
  if (tooLong !== undefined) {
    refuse(
      `pools.${tooLong.pool}.name`,
      `${tooLong.pool}-${tooLong.size}`,
      `at most ${room + 1} characters with its instance type`,
      "Node groups are named after both; rename the pool.",
    );
  }
}

function checkZones({ region, zones }: EksArguments, refuse: Refuse): void {
  const foreign = zones.find(
    (zone) => !(zone.startsWith(region) && /^[a-z]$/.test(zone.slice(region.length))),
  );
  if (foreign !== undefined) {
    refuse("zones", foreign, `a zone of ${region}, like ${region}a`, "Name zones in full.");
  }
  if (zones.length !== 3 || new Set(zones).size !== 3) {
    refuse("zones", zones, "three different zones", "Quorums need an odd number of them.");
  }
}

function checkNetwork({ network }: EksArguments, refuse: Refuse): void {
  const read = (key: string, text: string) =>
    parseCidr(text) ??
    refuse(key, text, "a range like 10.50.0.0/16", "Its address is the first of the range.");
  const vpc = read("network.vpc", network.vpc);
  const services = read("network.services", network.services);
  const check = (key: "vpc" | "services", range: Cidr, next: string) => {
    const { widest, narrowest } = aws.prefixes[key];
    if (range.prefix < widest || range.prefix > narrowest || !isPrivate(range)) {
      const allowed = `a private range from /${widest} to /${narrowest}`;
      refuse(`network.${key}`, range.text, allowed, next);
    }
  };
  check(
    "vpc",
    vpc,
    "AWS has none larger, and pods need addresses of their own; a change replaces the cluster.",
  );
  check("services", services, "A change replaces the cluster.");
  if (overlap(vpc, services)) {
    refuse(
      "network.services",
      network.services,
      `outside of network.vpc (${network.vpc})`,
      "Choose ranges that do not overlap; a change replaces the cluster.",
    );
  }
}

function checkSystemPool({ systemPool }: EksArguments, refuse: Refuse): void {
  checkSize("systemPool.size", systemPool.size, refuse);
  if (!Number.isInteger(systemPool.nodes) || systemPool.nodes < 1) {
    refuse("systemPool.nodes", systemPool.nodes, "at least 1", "The platform runs on these.");
  }
}

const checkSize = (key: string, size: string, refuse: Refuse): void => {
  if (!/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(size)) {
    refuse(key, size, "an instance type like m5.xlarge", "Set runstack:nodeSize.");
  }
};

function checkPools({ pools }: EksArguments, refuse: Refuse): void {
  const names = pools.map((pool) => pool.name);
  if (pools.length === 0 || new Set(names).size !== names.length) {
    refuse("pools", names, "at least one pool, each with a name of its own", "Rename the pools.");
  }
  for (const { name, sizes, nodes } of pools) {
    const at = `pools.${name}`;
    if (!/^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/.test(name) || name === SYSTEM_POOL) {
      refuse(
        "pools.name",
        name,
        `1 to 20 lower-case letters, digits and hyphens, and not "${SYSTEM_POOL}"`,
        `"${SYSTEM_POOL}" is the label of the platform's nodes; rename the pool.`,
      );
    }
    if (sizes.length === 0 || new Set(sizes).size !== sizes.length) {
      refuse(`${at}.sizes`, sizes, "different instance types, at least one", "Say each once.");
    }
    for (const size of sizes) checkSize(`${at}.sizes`, size, refuse);
    if (nodes.min < 0 || nodes.min > nodes.max) {
      refuse(
        `${at}.nodes.min`,
        nodes.min,
        `from 0 to ${at}.nodes.max (${nodes.max})`,
        "Swap them.",
      );
    }
    if (nodes.max < sizes.length) {
      refuse(
        `${at}.nodes.max`,
        nodes.max,
        `at least ${sizes.length}, one for each instance type`,
        "A node group has room for one node at least.",
      );
    }
  }
}

/** RFC 5737 and 6598, loopback and link-local: no request comes from there. */
const NOWHERE = [
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "192.0.2.0/24",
  "198.51.100.0/24",
  "203.0.113.0/24",
].map(cidr);

function checkAccess({ controlPlaneAccess, protect }: EksArguments, refuse: Refuse): void {
  for (const text of controlPlaneAccess) {
    const range = parseCidr(text);
    if (range === undefined || NOWHERE.some((reserved) => within(range, reserved))) {
      refuse(
        "controlPlaneAccess",
        text,
        "a public range like 8.8.8.0/24, or a private one of a connected network",
        "Nobody comes from there, and EKS refuses it.",
      );
    }
    if (protect && range.prefix === 0) {
      refuse(
        "controlPlaneAccess",
        text,
        "narrower than the whole internet in production",
        "List the addresses that pulumi up and the administrators come from, or none.",
      );
    }
  }
  if (controlPlaneAccess.length > 40) {
    refuse(
      "controlPlaneAccess",
      controlPlaneAccess.length,
      "at most 40 ranges",
      "Join neighbouring ranges.",
    );
  }
}

function checkAdministrators({ administrators }: EksArguments, refuse: Refuse): void {
  if (administrators.length === 0) {
    refuse(
      "administrators",
      administrators,
      "at least the principal that runs pulumi up",
      "Whoever creates the cluster has no rights in it otherwise; set runstack:administrators.",
    );
  }
  for (const arn of administrators) {
    if (!/^arn:aws:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/.test(arn)) {
      refuse(
        "administrators",
        arn,
        "the ARN of an IAM role or user, like arn:aws:iam::123456789012:role/deployer",
        "For a session (arn:aws:sts::…:assumed-role/…) name its role; root cannot be one.",
      );
    }
  }
  if (new Set(administrators).size !== administrators.length) {
    refuse("administrators", administrators, "different from each other", "Say each once.");
  }
}
