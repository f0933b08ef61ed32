import { describe, expect, it } from "vitest";
import type { RawSettings } from "../parse";
import { list } from "../../lib/words";
import { mistakes, onAws, onExisting, onGoogle, sentence } from "../testing";
import { AWS_REGIONS } from "./aws-regions";
import { GCP_REGIONS } from "./gcp-regions";

const regions = (table: object) => `a region of the cloud: ${list(Object.keys(table))}`;
const NODE = "an instance type of large or more, such as m6i.large";

type Case = readonly [string, RawSettings, string];

const AWS: readonly Case[] = [
  ["no region", { region: undefined }, sentence("region", "is not set", regions(AWS_REGIONS))],
  [
    "a region of another cloud",
    { region: "nyc3" },
    sentence("region", 'is "nyc3"', regions(AWS_REGIONS)),
  ],
  [
    "a region without three zones",
    { region: "us-west-1" },
    sentence(
      "region",
      'is "us-west-1"',
      `a region with three zones, so that one can fail: ${list(
        Object.keys(AWS_REGIONS).filter((region) => region !== "us-west-1"),
      )}; us-west-1 has only us-west-1a and us-west-1c (did you mean "us-west-2"?)`,
    ),
  ],
  [
    "two zones",
    { zones: ["eu-west-1a", "eu-west-1b"] },
    sentence(
      "zones",
      'is ["eu-west-1a","eu-west-1b"]',
      "three different zones, so that one can fail",
    ),
  ],
  [
    "a zone of another region",
    { zones: ["eu-west-1a", "eu-west-1b", "eu-west-2a"] },
    sentence(
      "zones",
      'is "eu-west-2a"',
      'a zone of eu-west-1 that Runstack supports: "eu-west-1a", "eu-west-1b" or "eu-west-1c" ' +
        '(did you mean "eu-west-1a"?)',
    ),
  ],
  [
    "a zone that EKS refuses",
    { region: "us-east-1", zones: ["us-east-1a", "us-east-1b", "us-east-1e"] },
    sentence(
      "zones",
      'is "us-east-1e"',
      'a zone of us-east-1 that Runstack supports: "us-east-1a", "us-east-1b", "us-east-1c", ' +
        '"us-east-1d" or "us-east-1f" (did you mean "us-east-1a"?)',
    ),
  ],
  [
    "a Kubernetes version that Amazon runs only in extended support",
    { kubernetesVersion: "1.33" },
    sentence(
      "kubernetesVersion",
      'is "1.33"',
      'of a minor version that all charts support: "1.34", "1.35" or "1.36" (did you mean "1.34"?)',
    ),
  ],
  [
    "a version of Kafka whose support has ended",
    { kafka: "managed", kafkaVersion: "3.6" },
    sentence(
      "kafkaVersion",
      'is "3.6"',
      'one of "3.8", "3.9", "4.0" or "4.1" for pubsub; Amazon\'s support of 3.6 ended on ' +
        '2026-06-01 (did you mean "3.8"?)',
    ),
  ],
  [
    "a version of Postgres that is not available",
    { postgres: "managed", postgresVersion: "12" },
    sentence(
      "postgresVersion",
      'is "12"',
      'one of "14", "15", "16", "17" or "18" for neon (did you mean "14"?)',
    ),
  ],
  [
    "a version of Redis that is not available",
    { redisVersion: "5.0" },
    sentence(
      "redisVersion",
      'is "5.0"',
      'one of "7.2", "8.0", "8.1" or "8.2" for state (did you mean "8.0"?)',
    ),
  ],
  [
    "more days of recovery than the cloud keeps",
    { postgres: "managed", pointInTimeRecovery: 36 },
    sentence(
      "pointInTimeRecovery",
      "is 36",
      "at most 35, the number of days that Amazon's managed Postgres keeps",
    ),
  ],
  [
    "a key of another cloud",
    { kubeContext: "basement" },
    sentence(
      "kubeContext",
      'is "basement"',
      "not set: it only has an effect on an existing cluster",
    ),
  ],
  [
    "a missing administrator",
    { administrators: [] },
    sentence(
      "administrators",
      "is not set",
      "a list of IAM users or roles that administer the cluster, including the one that runs Pulumi",
    ),
  ],
  [
    "a malformed administrator",
    { administrators: ["operators"] },
    sentence(
      "administrators[0]",
      'is "operators"',
      "an IAM user or role, such as arn:aws:iam::123456789012:role/operators",
    ),
  ],
  [
    "nodes that are too small",
    { systemNodeSize: "t3.medium" },
    sentence("systemNodeSize", 'is "t3.medium"', NODE),
  ],
  [
    "a database of another cloud's size",
    { postgresSize: "db-s-2vcpu-4gb" },
    sentence("postgresSize", 'is "db-s-2vcpu-4gb"', "an RDS instance class, such as db.m6g.large"),
  ],
  [
    "a network too small for pods",
    { network: { vpc: "10.9.0.0/22" } },
    sentence(
      "network.vpc",
      'is "10.9.0.0/22"',
      "a network of /16 to /20, because every pod gets an address from it",
    ),
  ],
  [
    "a separate range for pods",
    { network: { pods: "10.9.0.0/16" } },
    sentence(
      "network.pods",
      'is "10.9.0.0/16"',
      "not set: on Amazon they use addresses of network.vpc",
    ),
  ],
  [
    "networks that overlap",
    { network: { services: "10.100.64.0/20" } },
    sentence(
      "network.vpc",
      'is "10.100.0.0/16"',
      "a range that does not overlap network.services, which is 10.100.64.0/20",
    ),
  ],
  [
    "an exact version of Kubernetes",
    { kubernetesVersion: "1.35.1-do.0" },
    sentence(
      "kubernetesVersion",
      'is "1.35.1-do.0"',
      "a minor version such as 1.35: the cloud applies patches",
    ),
  ],
];

const GOOGLE: readonly Case[] = [
  [
    "a region that does not exist",
    { region: "mars-north1" },
    sentence("region", 'is "mars-north1"', regions(GCP_REGIONS)),
  ],
  [
    "no project",
    { project: undefined },
    sentence("project", "is not set", "the id of the Google Cloud project to build in"),
  ],
  [
    "a machine type with one processor",
    { nodeSize: "n1-standard-1" },
    sentence(
      "nodeSize",
      'is "n1-standard-1"',
      "a machine type with at least 2 processors, such as e2-standard-4",
    ),
  ],
  [
    "a cache size given as a machine type",
    { redisSize: "e2-standard-4" },
    sentence("redisSize", 'is "e2-standard-4"', "Memorystore's memory in GiB, 1 to 300, such as 5"),
  ],
  [
    "a range that Cloud SQL reserves",
    { network: { pods: "172.17.0.0/17" } },
    sentence(
      "network.pods",
      'is "172.17.0.0/17"',
      "a range that does not overlap 172.17.0.0/16, which Cloud SQL reserves",
    ),
  ],
  [
    "storage of Kafka, which Google manages",
    { kafkaStorage: 200 },
    sentence(
      "kafkaStorage",
      "is 200",
      "not set: Google's managed Kafka allocates storage automatically",
    ),
  ],
  [
    "a version of Kafka, which Google chooses",
    { kafkaVersion: "3.9" },
    sentence(
      "kafkaVersion",
      'is "3.9"',
      "not set: Google chooses and updates the version of its managed Kafka",
    ),
  ],
];

const EXISTING: readonly Case[] = [
  [
    "no context",
    { kubeContext: undefined },
    sentence("kubeContext", "is not set", "the kubeconfig's context of the existing cluster"),
  ],
  [
    "DNS records in a zone",
    { dns: "adopt" },
    sentence("dns", 'is "adopt"', '"manual": Runstack manages no DNS for an existing cluster'),
  ],
  [
    "missing backup settings",
    { backupEndpoint: undefined },
    sentence(
      "backupEndpoint",
      "is not set",
      "set for the S3 service that stores backups outside the cluster",
    ),
  ],
  [
    "a managed service",
    { kafka: "managed" },
    sentence(
      "kafka",
      'is "managed"',
      '"operator" or "external" for pubsub: an existing cluster has no managed kafka',
    ),
  ],
];

describe.each([
  ["Amazon", onAws, AWS],
  ["Google Cloud", onGoogle, GOOGLE],
  ["an existing cluster", onExisting, EXISTING],
])("a stack on %s", (_cloud, base, cases) => {
  it.each(cases)("is refused for %s", (_what, changes, expected) => {
    expect(mistakes(changes, base)).toBe(expected);
  });

  it("is accepted", () => {
    expect(mistakes({}, base)).toBe("");
  });
});
