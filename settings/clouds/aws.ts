import {
  EKS,
  ELASTICACHE_FAMILIES,
  KUBERNETES,
  MANAGED_POSTGRES,
  MSK_KAFKA,
  MSK_KAFKA_ENDED,
} from "../../versions";
import { problem, unless, type Check } from "../problem";
import { AWS_REGIONS } from "./aws-regions";
import type { CloudProfile } from "./profile";
import { zonedRegion, zonesOf } from "./zones";

/** `m5.xlarge`, or with a prefix `db.m5.xlarge`. Excludes sizes that are too small to be useful. */
const instance = (prefix: string) =>
  new RegExp(`^${prefix.replace(".", "\\.")}[a-z][a-z0-9-]*\\.(large|\\d*xlarge)$`);
const cache = /^cache\.[a-z][a-z0-9]*\.(micro|small|medium|large|\d*xlarge)$/;
const database = /^db\.[a-z][a-z0-9]*\.(micro|small|medium|large|\d*xlarge)$/;

const sizes: Check = ({ systemNodeSize, nodeSize, postgresSize, redisSize, kafkaSize }) => {
  const rules: readonly (readonly [string, string, RegExp, string])[] = [
    [
      "systemNodeSize",
      systemNodeSize,
      instance(""),
      "an instance type of large or more, such as m6i.large",
    ],
    ["nodeSize", nodeSize, instance(""), "an instance type of large or more, such as m6i.xlarge"],
    ["postgresSize", postgresSize, database, "an RDS instance class, such as db.m6g.large"],
    ["redisSize", redisSize, cache, "an ElastiCache node type, such as cache.m6g.large"],
    ["kafkaSize", kafkaSize, instance("kafka."), "an MSK broker type, such as kafka.m5.large"],
  ];
  return rules
    .filter(([, size, pattern]) => !pattern.test(size))
    .map(([key, size, , allowed]) => problem(key, size, allowed));
};

/** Pods and managed services share the nodes' network. */
const sharedNetwork: Check = ({ network }) =>
  (["pods", "managed"] as const).flatMap((part) =>
    unless(
      network?.[part] === undefined,
      `network.${part}`,
      network?.[part],
      "not set: on Amazon they use addresses of network.vpc",
    ),
  );

/** The creator of the cluster gets no rights, so at least one administrator must be set. */
const administrators: Check = ({ administrators: given }) =>
  given.length > 0
    ? []
    : [
        problem(
          "administrators",
          undefined,
          "a list of IAM users or roles that administer the cluster, including the one that runs Pulumi",
        ),
      ];

const environmentNetwork = (base: number) => ({
  vpc: `10.${base}.0.0/16`,
  pods: `10.${base}.0.0/16`,
  services: `10.${base + 1}.0.0/20`,
  managed: `10.${base}.0.0/16`,
});

export const aws = {
  title: "Amazon",
  kubernetesVersion: KUBERNETES.aws,
  runsKubernetes: (minor) => minor in EKS,
  exactKubernetes: false,
  sizes: {
    systemNodeSize: "m6i.large",
    nodeSize: "m6i.xlarge",
    postgresSize: "db.m6g.large",
    redisSize: "cache.m6g.large",
    kafkaSize: "kafka.m5.large",
  },
  networks: {
    prod: environmentNetwork(100),
    staging: environmentNetwork(120),
    dr: environmentNetwork(140),
  },
  prefixes: {
    vpc: { widest: 16, narrowest: 20, because: "because every pod gets an address from it" },
    services: { widest: 12, narrowest: 24, because: "the sizes EKS accepts" },
  },
  reserved: { ranges: [], by: "Amazon" },
  managed: ["postgres", "redis", "kafka"],
  versions: {
    postgres: MANAGED_POSTGRES.aws,
    postgresMinor: true,
    redis: (engine) => Object.keys(ELASTICACHE_FAMILIES[engine]),
    kafka: Object.keys(MSK_KAFKA),
    kafkaEnded: MSK_KAFKA_ENDED,
  },
  recoveryDays: 35,
  backupDays: 35,
  redisSnapshots: true,
  zones: (region) => zonesOf(AWS_REGIONS, region, ""),
  backupRegion: (region) => AWS_REGIONS[region]?.backup,
  rules: [zonedRegion(AWS_REGIONS, ""), sizes, sharedNetwork, administrators],
} satisfies CloudProfile;
