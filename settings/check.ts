import { DIGITALOCEAN_REGIONS } from "./digitalocean-regions";
import { isPrivate, overlap, parseCidr } from "./cidr";
import type { Range, System } from "../systems/model";
import { COMPATIBLE_KUBERNETES } from "../versions";
import { buildable, cloud, consistent, kafkaVersion, sizes } from "./offers";
import { problem, type Check, type SettingsProblem } from "./problem";
import type { Values } from "./schema";
import { list, nearest } from "../text/words";

interface Rule {
  /** What the check reads: it is not asked while one of these is malformed. */
  readonly keys: readonly (keyof Values)[];
  readonly check: Check;
}

/** Ranges that DigitalOcean uses inside its own networks; a third-party source names all four. */
const RESERVED = ["10.229.0.0/16", "10.244.0.0/16", "10.245.0.0/16", "10.246.0.0/16"];

const region: Check = ({ cloud, region: at, backupRegion }, system) => {
  if ((cloud ?? system.home.cloud) !== "digitalocean") return [];
  const usable = (need: "valkey" | "spaces") =>
    Object.entries(DIGITALOCEAN_REGIONS)
      .filter(([, has]) => has[need])
      .map(([slug]) => slug);
  return [
    ...(at === undefined || usable("valkey").includes(at)
      ? []
      : [
          problem(
            "region",
            at,
            `a region with all the services used here: ${list(usable("valkey"))}`,
          ),
        ]),
    ...(backupRegion === undefined || usable("spaces").includes(backupRegion)
      ? []
      : [problem("backupRegion", backupRegion, `a region with Spaces: ${list(usable("spaces"))}`)]),
    ...(backupRegion !== undefined && backupRegion === (at ?? system.home.region)
      ? [problem("backupRegion", backupRegion, "another region than the system's own")]
      : []),
  ];
};

/** Keys of a map must be services of the system; a slip gets the nearest name. */
function services(
  key: string,
  given: Readonly<Record<string, unknown>>,
  system: System,
): SettingsProblem[] {
  const known = system.services.map((service) => service.name);
  return Object.entries(given)
    .filter(([name]) => !known.includes(name))
    .map(([name, value]) => {
      const hint = nearest(name, known);
      const allowed = `for a service of ${system.id}: ${list(known)}`;
      return problem(
        `${key}.${name}`,
        value,
        hint === undefined ? allowed : `${allowed} (did you mean ${JSON.stringify(hint)}?)`,
      );
    });
}

const images: Check = ({ images: given }, system) => [
  ...services("images", given, system),
  ...system.services
    .filter((service) => given[service.name] === undefined)
    .map((service) =>
      problem(`images.${service.name}`, undefined, "an image with a tag or digest"),
    ),
];

/** A range that is turned around, or that starts below what the runbook asks for. */
function withinRunbook(
  key: string,
  range: Range,
  least: Range,
  from: string,
  strict: boolean,
): SettingsProblem[] {
  return [
    ...(range.min > range.max
      ? [problem(`${key}.min`, range.min, `at most ${key}.max, which is ${range.max}`)]
      : []),
    ...(strict && range.min < least.min
      ? [problem(`${key}.min`, range.min, `at least ${least.min}, the runbook's minimum (${from})`)]
      : []),
    ...(strict && range.max > least.max
      ? [problem(`${key}.max`, range.max, `at most ${least.max}, the runbook's maximum (${from})`)]
      : []),
  ];
}

const scaling: Check = ({ scaling: given, environment }, system) => [
  ...services("scaling", given, system),
  ...system.services.flatMap((service) => {
    const range = given[service.name];
    const { replicas, clause } = service.scaling;
    return range === undefined
      ? []
      : withinRunbook(
          `scaling.${service.name}`,
          range,
          replicas,
          clause.heading,
          environment !== "staging",
        );
  }),
];

const nodes: Check = ({ nodes: range, environment }, system) => {
  const pool = system.cluster.pools[0];
  if (range === undefined || pool === undefined) return [];
  const least = { min: pool.nodes.min, max: Number.MAX_SAFE_INTEGER };
  return withinRunbook("nodes", range, least, pool.clause.heading, environment !== "staging");
};

const kubernetesVersion: Check = ({ kubernetesVersion: version }) => {
  const minor = version.split(".").slice(0, 2).join(".");
  return (COMPATIBLE_KUBERNETES as readonly string[]).includes(minor)
    ? []
    : [
        problem(
          "kubernetesVersion",
          version,
          `of a minor version that all charts support: ${list(COMPATIBLE_KUBERNETES)}`,
        ),
      ];
};

const network: Check = ({ network: given }) => {
  if (given === undefined) return [];
  const ranges = Object.entries(given).flatMap(([part, text]) => {
    const cidr = parseCidr(text);
    return cidr === undefined ? [] : [{ part, cidr }];
  });
  const vpc = ranges.find(({ part }) => part === "vpc")?.cidr;
  return [
    ...ranges
      .filter(({ cidr }) => !isPrivate(cidr))
      .map(({ part, cidr }) =>
        problem(`network.${part}`, cidr.text, "inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"),
      ),
    ...(vpc !== undefined && (vpc.prefix < 16 || vpc.prefix > 24)
      ? [
          problem(
            "network.vpc",
            vpc.text,
            "a network of /16 to /24, the sizes DigitalOcean accepts",
          ),
        ]
      : []),
    ...ranges.flatMap(({ part, cidr }) =>
      RESERVED.filter((text) => {
        const reserved = parseCidr(text);
        return reserved !== undefined && overlap(cidr, reserved);
      }).map((text) =>
        problem(
          `network.${part}`,
          cidr.text,
          `clear of ${text}, which DigitalOcean keeps for itself`,
        ),
      ),
    ),
    ...ranges.flatMap(({ part, cidr }, index) =>
      ranges
        .slice(index + 1)
        .filter((other) => overlap(cidr, other.cidr))
        .map((other) =>
          problem(
            `network.${part}`,
            cidr.text,
            `clear of network.${other.part}, which is ${other.cidr.text}`,
          ),
        ),
    ),
  ];
};

const dnsZone: Check = ({ dnsZone: zone, domain }) =>
  zone === undefined || domain === zone || domain.endsWith(`.${zone}`)
    ? []
    : [problem("dnsZone", zone, `the domain ${domain} or a parent of it`)];

const rotations: Check = ({ rotations: given }, system) => {
  const known = system.secrets.flatMap((secret) => secret.keys.map(({ key }) => key));
  return Object.entries(given)
    .filter(([key]) => !known.includes(key))
    .map(([key, value]) =>
      problem(`rotations.${key}`, value, `for a secret of ${system.id}: ${list(known)}`),
    );
};

/** Every rule looks at the whole stack; their order is the order of the messages. */
export const RULES: readonly Rule[] = [
  { keys: [], check: consistent },
  { keys: ["cloud"], check: cloud },
  { keys: [], check: buildable },
  { keys: ["environment", "systemNodeSize", "nodeSize", "redisSize", "kafkaSize"], check: sizes },
  { keys: ["kafkaVersion"], check: kafkaVersion },
  { keys: ["cloud", "region", "backupRegion"], check: region },
  { keys: ["images"], check: images },
  { keys: ["kubernetesVersion"], check: kubernetesVersion },
  { keys: ["environment", "nodes"], check: nodes },
  { keys: ["environment", "scaling"], check: scaling },
  { keys: ["network"], check: network },
  { keys: ["domain", "dnsZone"], check: dnsZone },
  { keys: ["rotations"], check: rotations },
];
