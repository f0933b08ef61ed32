import type { Range, System } from "../systems/model";
import { list, nearest } from "../lib/words";
import { isPrivate, overlap, parseCidr } from "../lib/cidr";
import { OFFERS } from "./clouds";
import type { Rule } from "./clouds/offer";
import {
  brokers,
  consistent,
  follows,
  mail,
  recovery,
  replicas,
  retention,
  variants,
} from "./offers";
import { regionOf } from "./region";
import { problem, type Check, type SettingsProblem } from "./problem";
import type { Values } from "./schema";
import { engineVersions, kubernetesVersion } from "./versions";
import { effects } from "./effect";

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

/** What the stack gives, over what the cloud and the environment have by default. */
function networks({ network: given, cloud, environment }: Values, system: System) {
  const defaults = OFFERS[cloud ?? system.home.cloud].networks[environment];
  // Services of a cluster whose pods share their nodes' network have no range beside it.
  const vpc = given?.vpc ?? defaults.vpc;
  const shared = (part: "pods" | "managed") => defaults[part] === defaults.vpc;
  return Object.entries({
    vpc,
    pods: given?.pods ?? (shared("pods") ? "" : defaults.pods),
    services: given?.services ?? defaults.services,
    managed: given?.managed ?? (shared("managed") ? "" : defaults.managed),
  }).flatMap(([part, text]) => {
    const cidr = parseCidr(text);
    return cidr === undefined ? [] : [{ part, cidr }];
  });
}

const network: Check = (values, system) => {
  if (values.network === undefined) return [];
  const ranges = networks(values, system);
  return [
    ...ranges
      .filter(({ cidr }) => !isPrivate(cidr))
      .map(({ part, cidr }) =>
        problem(`network.${part}`, cidr.text, "inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"),
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

const backupRegion: Check = (values, system) => {
  const { backupRegion: given, environment } = values;
  if (given === undefined) return [];
  const lost = environment === "dr" && given === system.home.region;
  return [
    ...(given === regionOf(values, system) && environment !== "dr"
      ? [problem("backupRegion", given, "another region than the system's own")]
      : []),
    ...(lost
      ? [problem("backupRegion", given, "another region than the one that this one replaces")]
      : []),
  ];
};

const buckets: Check = ({ buckets: given }, system) => {
  const known = (system.buckets ?? []).map(({ name }) => name);
  return Object.entries(given)
    .filter(([bucket]) => !known.includes(bucket))
    .map(([bucket, value]) =>
      problem(
        `buckets.${bucket}`,
        value,
        known.length === 0 ? `not set: ${system.id} has no buckets` : `for one of ${list(known)}`,
      ),
    );
};

const dnsZone: Check = ({ dnsZone: zone, domain }) =>
  zone === undefined || domain === zone || domain.endsWith(`.${zone}`)
    ? []
    : [problem("dnsZone", zone, `the domain ${domain} or a parent of it`)];

/** Keys of the system's secrets, and data services whose passwords are made here. */
const rotations: Check = ({ rotations: given }, system) => {
  const services = [...system.databases, ...system.caches, ...system.eventBuses]
    .filter(({ runs }) => runs !== "external")
    .map(({ name }) => name);
  const known = [
    ...system.secrets.flatMap((secret) => secret.keys.map(({ key }) => key)),
    ...services,
  ];
  return Object.entries(given)
    .filter(([key]) => !known.includes(key))
    .map(([key, value]) =>
      problem(
        `rotations.${key}`,
        value,
        `for a secret or a data service of ${system.id}: ${list(known)}`,
      ),
    );
};

/** Every rule looks at the whole stack; their order is the order of the messages. */
const COMMON: readonly Rule[] = [
  { keys: [], check: consistent },
  { keys: ["cloud", "environment", "postgres", "redis", "kafka"], check: variants },
  { keys: ["kafkaBrokers"], check: brokers },
  { keys: ["mail"], check: mail },
  { keys: ["cloud", "environment", "replicaOf"], check: follows },
  { keys: ["environment", "postgresReplicas"], check: replicas },
  { keys: ["environment", "pointInTimeRecovery"], check: retention },
  { keys: ["cloud", "environment", "pointInTimeRecovery"], check: recovery },
];

const SHARED: readonly Rule[] = [
  { keys: ["cloud"], check: effects },
  {
    keys: ["cloud", "postgresVersion", "redisVersion", "kafkaVersion"],
    check: engineVersions,
  },
  { keys: ["environment", "region", "backupRegion"], check: backupRegion },
  { keys: ["buckets"], check: buckets },
  { keys: ["images"], check: images },
  { keys: ["cloud", "kubernetesVersion"], check: kubernetesVersion },
  { keys: ["environment", "nodes"], check: nodes },
  { keys: ["environment", "scaling"], check: scaling },
  { keys: ["cloud", "environment", "network"], check: network },
  { keys: ["domain", "dnsZone"], check: dnsZone },
  { keys: ["rotations"], check: rotations },
];

/** The rules of everybody, with those of the stack's cloud among them; without a cloud, the former. */
export const rulesOf = (cloud: string | undefined): readonly Rule[] => [
  ...COMMON,
  ...(cloud !== undefined && cloud in OFFERS ? OFFERS[cloud as keyof typeof OFFERS].rules : []),
  ...SHARED,
];
