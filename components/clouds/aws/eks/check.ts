import { cidr, isPrivate, overlap, parseCidr, within } from "../../../../lib/cidr";
import { aws } from "../../../../settings/clouds/aws";
import { EKS } from "../../../../versions";
import { enforce, shown, type Rule } from "../../../kit/validation";
import type { EksArguments } from "./arguments";
import { SYSTEM_POOL } from "../../../cluster/pools";

/** Rejects what AWS would reject after minutes, or accept with a bad result. Pure. */
export function checkEks(name: string, args: EksArguments): void {
  enforce(`EksCluster ${name}`, [
    ...nameRules(args),
    ...lengthRules(name, args),
    ...zoneRules(args),
    ...networkRules(args),
    ...systemPoolRules(args),
    ...poolRules(args),
    ...accessRules(args),
    ...administratorRules(args),
  ]);
}

function nameRules({ clusterName, version }: EksArguments): readonly Rule[] {
  return [
    {
      holds: /^[a-z]([a-z0-9-]{0,25}[a-z0-9])?$/.test(clusterName),
      key: "clusterName",
      value: shown(clusterName),
      allowed: "1 to 27 lower-case letters, digits and hyphens, beginning with a letter",
      next: 'The load balancer is named after it with "-edge" appended, and its name has at most 32 characters.',
    },
    {
      holds: /^1\.\d\d$/.test(version),
      key: "version",
      value: shown(version),
      allowed: "a minor version like 1.35",
      next: "EKS chooses the patch version; set runstack:kubernetesVersion.",
    },
    {
      holds: EKS[version] !== undefined,
      key: "version",
      value: shown(version),
      allowed: `one of ${Object.keys(EKS).join(", ")}`,
      next: "Other versions are outside EKS' standard support or untested; to use one, add it to versions.ts.",
    },
  ];
}

/** The suffix that Pulumi appends to generated names. */
const UNIQUE = "-1234567".length;
/** The longest names that AWS accepts. */
const ROLE = 64;
const GROUP = 63;

/** AWS would reject roles and node groups with too long a name only later. */
function lengthRules(name: string, { systemPool, pools }: EksArguments): readonly Rule[] {
  const longest = ROLE - UNIQUE - "-aws-ebs-csi-driver-role".length;
  const groups = [
    { pool: SYSTEM_POOL, size: systemPool.size },
    ...pools.flatMap((pool) => pool.sizes.map((size) => ({ pool: pool.name, size }))),
  ];
  const room = GROUP - UNIQUE - `${name}-nodes--`.length;
  return [
    {
      holds: name.length <= longest,
      key: "name",
      value: shown(name),
      allowed: `at most ${longest} characters`,
      next: "IAM roles are named after it.",
    },
    ...groups.map(({ pool, size }) => ({
      holds: pool.length + size.length <= room,
      key: `pools.${pool}.name`,
      value: shown(`${pool}-${size}`),
      allowed: `at most ${room + 1} characters with its instance type`,
      next: "Node groups are named after both; rename the pool.",
    })),
  ];
}

function zoneRules({ region, zones }: EksArguments): readonly Rule[] {
  return [
    ...zones.map((zone) => ({
      holds: zone.startsWith(region) && /^[a-z]$/.test(zone.slice(region.length)),
      key: "zones",
      value: shown(zone),
      allowed: `a zone of ${region}, like ${region}a`,
      next: "Give the full name of each zone.",
    })),
    {
      holds: zones.length === 3 && new Set(zones).size === 3,
      key: "zones",
      value: shown(zones),
      allowed: "three different zones",
      next: "Quorums need an odd number of them.",
    },
  ];
}

function networkRules({ network }: EksArguments): readonly Rule[] {
  const [vpc, services] = [parseCidr(network.vpc), parseCidr(network.services)];
  return [
    ...(["vpc", "services"] as const).map((key) => ({
      holds: parseCidr(network[key]) !== undefined,
      key: `network.${key}`,
      value: shown(network[key]),
      allowed: "a range like 10.50.0.0/16",
      next: "Use the first address of the range.",
    })),
    rangeRule(
      "vpc",
      network.vpc,
      "AWS allows no larger VPC, and each pod needs its own address; a change replaces the cluster.",
    ),
    rangeRule("services", network.services, "A change replaces the cluster."),
    {
      holds: vpc === undefined || services === undefined || !overlap(vpc, services),
      key: "network.services",
      value: shown(network.services),
      allowed: `outside of network.vpc (${network.vpc})`,
      next: "Choose ranges that do not overlap; a change replaces the cluster.",
    },
  ];
}

function rangeRule(key: "vpc" | "services", text: string, next: string): Rule {
  const { widest, narrowest } = aws.prefixes[key];
  const range = parseCidr(text);
  return {
    holds:
      range !== undefined &&
      range.prefix >= widest &&
      range.prefix <= narrowest &&
      isPrivate(range),
    key: `network.${key}`,
    value: shown(text),
    allowed: `a private range from /${widest} to /${narrowest}`,
    next,
  };
}

function systemPoolRules({ systemPool }: EksArguments): readonly Rule[] {
  return [
    sizeRule("systemPool.size", systemPool.size),
    {
      holds: Number.isInteger(systemPool.nodes) && systemPool.nodes >= 1,
      key: "systemPool.nodes",
      value: shown(systemPool.nodes),
      allowed: "at least 1",
      next: "The platform's pods run on these nodes.",
    },
  ];
}

const sizeRule = (key: string, size: string): Rule => ({
  holds: /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(size),
  key,
  value: shown(size),
  allowed: "an instance type like m5.xlarge",
  next: "Set runstack:nodeSize.",
});

function poolRules({ pools }: EksArguments): readonly Rule[] {
  const names = pools.map((pool) => pool.name);
  return [
    {
      holds: pools.length !== 0 && new Set(names).size === names.length,
      key: "pools",
      value: shown(names),
      allowed: "at least one pool, each with a unique name",
      next: "Rename the pools.",
    },
    ...pools.flatMap(onePoolRules),
  ];
}

function onePoolRules({ name, sizes, nodes }: EksArguments["pools"][number]): readonly Rule[] {
  const at = `pools.${name}`;
  return [
    {
      holds: /^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/.test(name) && name !== SYSTEM_POOL,
      key: "pools.name",
      value: shown(name),
      allowed: `1 to 20 lower-case letters, digits and hyphens, and not "${SYSTEM_POOL}"`,
      next: `"${SYSTEM_POOL}" is the label of the platform's nodes; rename the pool.`,
    },
    {
      holds: sizes.length !== 0 && new Set(sizes).size === sizes.length,
      key: `${at}.sizes`,
      value: shown(sizes),
      allowed: "one or more different instance types",
      next: "List each one only once.",
    },
    ...sizes.map((size) => sizeRule(`${at}.sizes`, size)),
    {
      holds: nodes.min >= 0 && nodes.min <= nodes.max,
      key: `${at}.nodes.min`,
      value: shown(nodes.min),
      allowed: `from 0 to ${at}.nodes.max (${nodes.max})`,
      next: "Swap them.",
    },
    {
      holds: nodes.max >= sizes.length,
      key: `${at}.nodes.max`,
      value: shown(nodes.max),
      allowed: `at least ${sizes.length}, one for each instance type`,
      next: "A node group's maximum is at least one node.",
    },
  ];
}

/** RFC 5737 and 6598, loopback and link-local: no request comes from these. */
const NOWHERE = [
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "192.0.2.0/24",
  "198.51.100.0/24",
  "203.0.113.0/24",
].map(cidr);

function accessRules({ controlPlaneAccess, protect }: EksArguments): readonly Rule[] {
  return [
    ...controlPlaneAccess.flatMap((text) => {
      const range = parseCidr(text);
      return [
        {
          holds: range !== undefined && !NOWHERE.some((reserved) => within(range, reserved)),
          key: "controlPlaneAccess",
          value: shown(text),
          allowed: "a public range like 8.8.8.0/24, or a private one of a connected network",
          next: "No client has an address in this range, and EKS rejects it.",
        },
        {
          holds: !protect || range?.prefix !== 0,
          key: "controlPlaneAccess",
          value: shown(text),
          allowed: "narrower than the whole internet in production",
          next: "List the addresses that pulumi up and the administrators connect from, or leave the list empty.",
        },
      ];
    }),
    {
      holds: controlPlaneAccess.length <= 40,
      key: "controlPlaneAccess",
      value: shown(controlPlaneAccess.length),
      allowed: "at most 40 ranges",
      next: "Merge adjacent ranges.",
    },
  ];
}

function administratorRules({ administrators }: EksArguments): readonly Rule[] {
  return [
    {
      holds: administrators.length !== 0,
      key: "administrators",
      value: shown(administrators),
      allowed: "at least the principal that runs pulumi up",
      next: "Otherwise the cluster's creator has no permissions in it; set runstack:administrators.",
    },
    ...administrators.flatMap((arn) => [
      {
        holds: /^arn:aws:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/.test(arn),
        key: "administrators",
        value: shown(arn),
        allowed: "the ARN of an IAM role or user, like arn:aws:iam::123456789012:role/deployer",
        next: "For a session (arn:aws:sts::…:assumed-role/…), give its role; the root user is not allowed.",
      },
    ]),
    {
      holds: new Set(administrators).size === administrators.length,
      key: "administrators",
      value: shown(administrators),
      allowed: "different from each other",
      next: "List each one only once.",
    },
  ];
}
