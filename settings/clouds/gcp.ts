import { KUBERNETES, MANAGED_POSTGRES, MEMORYSTORE_VERSIONS } from "../../versions";
import { problem, type Check } from "../problem";
import { GCP_REGIONS } from "./gcp-regions";
import type { CloudProfile } from "./profile";
import { zonedRegion, zonesOf } from "./zones";

/** Memorystore's memory size. */
export const MEMORYSTORE_GIB = { least: 1, most: 300 } as const;
/** vCPUs of a whole managed Kafka cluster: at least one in each of its three zones. */
export const KAFKA_PROCESSORS = { least: 3, most: 128 } as const;

const MACHINE = /^[a-z][a-z0-9]*-(standard|highmem|highcpu|custom)-(\d+)(-\d+)?$/;
/** Cloud SQL's custom tier: processors, then MiB. */
const TIER = /^db-custom-(\d+)-(\d+)$/;

/** At least two processors: with one, the node's own pods leave no room. */
const machine = (size: string) => Number(MACHINE.exec(size)?.[2] ?? 0) >= 2;
const wholeNumber =
  ({ least, most }: { readonly least: number; readonly most: number }) =>
  (size: string) =>
    /^\d+$/.test(size) && Number(size) >= least && Number(size) <= most;

const sizes: Check = ({ systemNodeSize, nodeSize, postgresSize, redisSize, kafkaSize }) => {
  const node = "a machine type with at least 2 processors, such as e2-standard-4";
  const rules: readonly (readonly [string, string, (size: string) => boolean, string])[] = [
    ["systemNodeSize", systemNodeSize, machine, node],
    ["nodeSize", nodeSize, machine, node],
    [
      "postgresSize",
      postgresSize,
      (size) => TIER.test(size),
      "a Cloud SQL tier db-custom-PROCESSORS-MIB, such as db-custom-2-7680",
    ],
    [
      "redisSize",
      redisSize,
      wholeNumber(MEMORYSTORE_GIB),
      `Memorystore's memory in GiB, ${MEMORYSTORE_GIB.least} to ${MEMORYSTORE_GIB.most}, such as 5`,
    ],
    [
      "kafkaSize",
      kafkaSize,
      wholeNumber(KAFKA_PROCESSORS),
      `processors of the whole Kafka cluster, at least ${KAFKA_PROCESSORS.least}, such as 3`,
    ],
  ];
  return rules
    .filter(([, size, fits]) => !fits(size))
    .map(([key, size, , allowed]) => problem(key, size, allowed));
};

const project: Check = ({ project: given }, { system }) =>
  given !== undefined || system.home.project !== undefined
    ? []
    : [problem("project", given, "the id of the Google Cloud project to build in")];

/** Keys that Google's managed Kafka does not support. */
const kafka: Check = ({ kafkaVersion, kafkaStorage }, { system }) =>
  (
    [
      ["kafkaVersion", kafkaVersion, "Google chooses and updates the version of its managed Kafka"],
      ["kafkaStorage", kafkaStorage, "Google's managed Kafka allocates storage automatically"],
    ] as const
  ).flatMap(([key, value, why]) =>
    value === undefined || !system.eventBuses.some(({ runs }) => runs === "managed")
      ? []
      : [problem(key, value, `not set: ${why}`)],
  );

const environmentNetwork = (base: number) => ({
  vpc: `10.${base}.0.0/20`,
  pods: `10.${base + 4}.0.0/16`,
  services: `10.${base + 1}.0.0/20`,
  managed: `10.${base + 2}.0.0/16`,
});

const ACCEPTED = "the sizes Google accepts";

export const gcp = {
  title: "Google Cloud",
  kubernetesVersion: KUBERNETES.gcp,
  runsKubernetes: () => true,
  exactKubernetes: false,
  sizes: {
    systemNodeSize: "e2-standard-4",
    nodeSize: "e2-standard-4",
    postgresSize: "db-custom-2-7680",
    redisSize: "5",
    kafkaSize: "3",
  },
  networks: {
    prod: environmentNetwork(100),
    staging: environmentNetwork(120),
    dr: environmentNetwork(140),
  },
  prefixes: {
    vpc: { widest: 8, narrowest: 28, because: ACCEPTED },
    pods: { widest: 9, narrowest: 21, because: ACCEPTED },
    services: { widest: 16, narrowest: 27, because: ACCEPTED },
    managed: {
      widest: 16,
      narrowest: 24,
      because: "the sizes Google accepts for managed services",
    },
  },
  // Cloud SQL's servers use this range for Docker's bridge, so they could not reply to such an address.
  reserved: { ranges: ["172.17.0.0/16"], by: "Cloud SQL" },
  managed: ["postgres", "redis", "kafka"],
  versions: {
    postgres: MANAGED_POSTGRES.gcp,
    redis: () => Object.keys(MEMORYSTORE_VERSIONS),
    kafka: [],
  },
  recoveryDays: 7,
  backupDays: 30,
  redisSnapshots: true,
  zones: (region) => zonesOf(GCP_REGIONS, region, "-"),
  backupRegion: (region) => GCP_REGIONS[region]?.backup,
  rules: [zonedRegion(GCP_REGIONS, "-"), sizes, project, kafka],
} satisfies CloudProfile;
