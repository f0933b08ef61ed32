import { KUBERNETES } from "../../versions";
import { overlap, parseCidr } from "../../lib/cidr";
import { problem, type Check } from "../problem";
import { GCP_REGIONS } from "./gcp-regions";
import { rangesOf, type CloudOffer } from "./offer";
import { zonedRegion, zonesOf } from "./zones";

const MACHINE = /^[a-z][a-z0-9]*-(standard|highmem|highcpu|custom)-(\d+)(-\d+)?$/;
/** Cloud SQL's custom tier: processors, then MiB. */
const TIER = /^db-custom-(\d+)-(\d+)$/;

/** At least two processors: on one, the node's own pods leave no room. */
const machine = (size: string) => Number(MACHINE.exec(size)?.[2] ?? 0) >= 2;
const wholeNumber = (least: number, most: number) => (size: string) =>
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
      wholeNumber(1, 300),
      "Memorystore's memory in GiB, 1 to 300, such as 5",
    ],
    [
      "kafkaSize",
      kafkaSize,
      wholeNumber(3, 128),
      "processors of the whole Kafka cluster, at least 3, such as 3",
    ],
  ];
  return rules
    .filter(([, size, fits]) => !fits(size))
    .map(([key, size, , allowed]) => problem(key, size, allowed));
};

/** Docker's bridge inside Cloud SQL's servers, which could not answer to such an address. */
const BRIDGE = "172.17.0.0/16";

const network: Check = ({ network: given }) => {
  const managed = parseCidr(given?.managed ?? "");
  const bridge = parseCidr(BRIDGE);
  return [
    ...(managed !== undefined && (managed.prefix < 16 || managed.prefix > 24)
      ? [
          problem(
            "network.managed",
            managed.text,
            "a network of /16 to /24, as Google asks for managed services",
          ),
        ]
      : []),
    ...rangesOf(given).flatMap(([part, text]) => {
      const cidr = parseCidr(text);
      return cidr !== undefined && bridge !== undefined && overlap(cidr, bridge)
        ? [problem(`network.${part}`, text, `clear of ${BRIDGE}, which Cloud SQL keeps for itself`)]
        : [];
    }),
  ];
};

const project: Check = ({ project: given }, system) =>
  given !== undefined || system.home.project !== undefined
    ? []
    : [problem("project", given, "the id of the Google Cloud project to build in")];

/** What Google decides by itself. */
const kafka: Check = ({ kafkaVersion, kafkaStorage }, system) =>
  (
    [
      [
        "kafkaVersion",
        kafkaVersion,
        "Google's managed Kafka has one version, which it keeps up to date itself",
      ],
      ["kafkaStorage", kafkaStorage, "Google's managed Kafka takes the storage that it needs"],
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

export const gcp: CloudOffer = {
  title: "Google Cloud",
  kubernetesVersion: KUBERNETES.gcp,
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
  managed: ["postgres", "redis", "kafka"],
  recoveryDays: 7,
  zones: (region) => zonesOf(GCP_REGIONS, region, "-"),
  backupRegion: (region) => GCP_REGIONS[region]?.backup,
  rules: [
    {
      keys: ["environment", "region", "backupRegion", "zones"],
      check: zonedRegion(GCP_REGIONS, "-"),
    },
    {
      keys: ["systemNodeSize", "nodeSize", "postgresSize", "redisSize", "kafkaSize"],
      check: sizes,
    },
    { keys: ["network"], check: network },
    { keys: ["project"], check: project },
    { keys: ["kafkaVersion", "kafkaStorage"], check: kafka },
  ],
};
