import { KUBERNETES } from "../../versions";
import { parseCidr } from "../../lib/cidr";
import { problem, type Check } from "../problem";
import { AWS_REGIONS } from "./aws-regions";
import type { CloudOffer } from "./offer";
import { zonedRegion, zonesOf } from "./zones";

/** `m5.xlarge`, and with a prefix `db.m5.xlarge`; sizes too small to carry anything are left out. */
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

const network: Check = ({ network: given }) => {
  const vpc = parseCidr(given?.vpc ?? "");
  const services = parseCidr(given?.services ?? "");
  const { pods, managed } = given ?? {};
  const own = "not set: on Amazon they take addresses of network.vpc";
  return [
    ...(vpc !== undefined && (vpc.prefix < 16 || vpc.prefix > 20)
      ? [
          problem(
            "network.vpc",
            vpc.text,
            "a network of /16 to /20, in which every pod has an address",
          ),
        ]
      : []),
    ...(services !== undefined && (services.prefix < 12 || services.prefix > 24)
      ? [
          problem(
            "network.services",
            services.text,
            "a network of /12 to /24, the sizes EKS accepts",
          ),
        ]
      : []),
    ...(pods === undefined ? [] : [problem("network.pods", pods, own)]),
    ...(managed === undefined ? [] : [problem("network.managed", managed, own)]),
  ];
};

/** Nobody is an administrator by having created the cluster, so somebody must be named. */
const administrators: Check = ({ administrators: given }) =>
  given.length > 0
    ? []
    : [
        problem(
          "administrators",
          undefined,
          "a list of IAM users or roles that administer the cluster, with the one that runs pulumi",
        ),
      ];

const environmentNetwork = (base: number) => ({
  vpc: `10.${base}.0.0/16`,
  pods: `10.${base}.0.0/16`,
  services: `10.${base + 1}.0.0/20`,
  managed: `10.${base}.0.0/16`,
});

export const aws: CloudOffer = {
  title: "Amazon",
  kubernetesVersion: KUBERNETES.aws,
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
  managed: ["postgres", "redis", "kafka"],
  recoveryDays: 35,
  zones: (region) => zonesOf(AWS_REGIONS, region, ""),
  backupRegion: (region) => AWS_REGIONS[region]?.backup,
  rules: [
    {
      keys: ["environment", "region", "backupRegion", "zones"],
      check: zonedRegion(AWS_REGIONS, ""),
    },
    {
      keys: ["systemNodeSize", "nodeSize", "postgresSize", "redisSize", "kafkaSize"],
      check: sizes,
    },
    { keys: ["network"], check: network },
    { keys: ["administrators"], check: administrators },
  ],
};
