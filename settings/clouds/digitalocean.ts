import { list } from "../../lib/words";
import { KUBERNETES, MANAGED_POSTGRES, VALKEY_ON_DIGITALOCEAN } from "../../versions";
import { problem, type Check } from "../problem";
import {
  databaseSize,
  dropletSize,
  fits,
  LEAST_BROKER,
  LEAST_NODE,
  LEAST_WITH_STANDBY,
} from "../sizes";
import { DIGITALOCEAN_REGIONS } from "./digitalocean-regions";
import type { CloudProfile } from "./profile";

/** Ranges that DigitalOcean uses internally. All four come from a third-party source. */
const RESERVED = ["10.229.0.0/16", "10.244.0.0/16", "10.245.0.0/16", "10.246.0.0/16"];

const usable = (need: "valkey" | "spaces") =>
  Object.entries(DIGITALOCEAN_REGIONS)
    .filter(([, has]) => has[need])
    .map(([slug]) => slug);

const region: Check = ({ backupRegion }, { system, region: at }) => {
  const needsValkey = system.caches.some(({ runs }) => runs === "managed");
  const offered = needsValkey ? usable("valkey") : Object.keys(DIGITALOCEAN_REGIONS);
  const allowed = needsValkey
    ? `a region with managed Valkey: ${list(offered)}; elsewhere choose another runstack:redis`
    : `a region of the cloud: ${list(offered)}`;
  return [
    ...(at !== undefined && offered.includes(at) ? [] : [problem("region", at, allowed)]),
    ...(backupRegion === undefined || usable("spaces").includes(backupRegion)
      ? []
      : [problem("backupRegion", backupRegion, `a region with Spaces: ${list(usable("spaces"))}`)]),
  ];
};

const NODE = "a droplet size of at least 2 processors and 4 GB, such as s-4vcpu-8gb";

const nodeSizes: Check = ({ systemNodeSize, nodeSize }) =>
  Object.entries({ systemNodeSize, nodeSize })
    .filter(([, size]) => !fits(dropletSize(size), LEAST_NODE))
    .map(([key, size]) => problem(key, size, NODE));

const dataSizes: Check = ({ redisSize, kafkaSize, postgresSize }, { system, production }) => {
  const standby = production && system.caches.some(({ topology }) => topology !== "single");
  const single = { processors: 1, gib: 1 };
  const sized = (key: string, size: string, withStandby: boolean) =>
    fits(databaseSize(size), withStandby ? LEAST_WITH_STANDBY : single)
      ? []
      : [
          problem(
            key,
            size,
            withStandby
              ? "db-s-1vcpu-2gb or larger, the least with a standby"
              : "db-s-1vcpu-1gb or larger",
          ),
        ];
  return [
    ...(fits(databaseSize(kafkaSize), LEAST_BROKER)
      ? []
      : [problem("kafkaSize", kafkaSize, "db-s-2vcpu-2gb or larger, the least for a broker")]),
    ...sized("redisSize", redisSize, standby),
    ...sized("postgresSize", postgresSize, production),
  ];
};

/** The newest version that DigitalOcean no longer creates (its API specification, June 2025). */
const RETIRED = { major: 3, minor: 8 };

const kafkaVersion: Check = ({ kafkaVersion: version }, { system }) => {
  if (!system.eventBuses.some(({ runs }) => runs === "managed")) return [];
  const offered =
    "a version that DigitalOcean offers (doctl databases options versions --engine kafka)";
  if (version === undefined) return [problem("kafkaVersion", version, offered)];
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const retired = major < RETIRED.major || (major === RETIRED.major && minor <= RETIRED.minor);
  return retired
    ? [problem("kafkaVersion", version, `newer than 3.8, which is retired, and ${offered}`)]
    : [];
};

/** Storage is part of the server's size. */
const storage: Check = ({ postgresStorage, kafkaStorage }, { system }) => [
  ...(postgresStorage !== undefined && managed(system.databases).length > 0
    ? [
        problem(
          "postgresStorage",
          postgresStorage,
          "not set: DigitalOcean's storage is part of runstack:postgresSize",
        ),
      ]
    : []),
  ...(kafkaStorage !== undefined && managed(system.eventBuses).length > 0
    ? [
        problem(
          "kafkaStorage",
          kafkaStorage,
          "not set: DigitalOcean's storage is part of runstack:kafkaSize",
        ),
      ]
    : []),
];

/** DigitalOcean generates the passwords of its services' users, and changes them only on request. */
const rotations: Check = ({ rotations: given }, { system }) => [
  ...managed(system.databases).flatMap(({ name, url: { key } }) => [
    ...notMadeHere(name, name, given),
    ...notMadeHere(key, name, given),
  ]),
  ...managed(system.caches).flatMap(({ name }) => notMadeHere(name, name, given)),
  ...managed(system.eventBuses).flatMap(({ name }) => notMadeHere(name, name, given)),
];

const managed = <T extends { readonly runs: string }>(elements: readonly T[]): readonly T[] =>
  elements.filter(({ runs }) => runs === "managed");

const notMadeHere = (key: string, name: string, given: Readonly<Record<string, string>>) =>
  given[key] === undefined
    ? []
    : [
        problem(
          `rotations.${key}`,
          given[key],
          `not set: DigitalOcean generates the password of ${name}; reset it with doctl databases user reset, then run pulumi refresh`,
        ),
      ];

const environmentNetwork = (base: number) => ({
  vpc: `10.${base}.0.0/20`,
  pods: `10.${base + 4}.0.0/16`,
  services: `10.${base + 1}.0.0/19`,
  // Databases share the nodes' network.
  managed: `10.${base}.0.0/20`,
});

export const digitalocean = {
  title: "DigitalOcean",
  kubernetesVersion: KUBERNETES.digitalocean,
  runsKubernetes: () => true,
  exactKubernetes: true,
  sizes: {
    systemNodeSize: "s-4vcpu-8gb",
    nodeSize: "s-4vcpu-8gb",
    postgresSize: "db-s-2vcpu-4gb",
    redisSize: "db-s-1vcpu-2gb",
    kafkaSize: "db-s-2vcpu-4gb",
  },
  networks: {
    prod: environmentNetwork(100),
    staging: environmentNetwork(120),
    dr: environmentNetwork(140),
  },
  prefixes: {
    vpc: { widest: 16, narrowest: 24, because: "the sizes DigitalOcean accepts" },
  },
  reserved: { ranges: RESERVED, by: "DigitalOcean" },
  managed: ["postgres", "redis", "kafka"],
  versions: {
    postgres: MANAGED_POSTGRES.digitalocean,
    redis: () => VALKEY_ON_DIGITALOCEAN,
    kafka: [],
  },
  recoveryDays: 7,
  backupDays: 7,
  redisSnapshots: false,
  zones: () => [],
  backupRegion: (at) => DIGITALOCEAN_REGIONS[at]?.backup,
  rules: [nodeSizes, dataSizes, kafkaVersion, storage, rotations, region],
} satisfies CloudProfile;
