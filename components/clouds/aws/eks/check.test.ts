import { describe, expect, it } from "vitest";
import { ComponentError } from "../../../kit/component";
import { refusal, register } from "../../../kit/testing";
import { EksCluster } from "./eks";
import type { EksArguments, EksPool } from "./arguments";
import { checkEks } from "./check";
import { args, CLOUD } from "./testing";

const said = (changes: Partial<EksArguments>) =>
  refusal(() => {
    checkEks("town", { ...args, ...changes });
  });

const pool = (changes: Partial<EksPool>) => ({
  pools: [{ name: "riders", sizes: ["m5.xlarge"], nodes: { min: 2, max: 6 }, ...changes }],
});
const network = (vpc: string, services = "10.60.32.0/21") => ({ network: { vpc, services } });
const NAME =
  "1 to 27 lower-case letters, digits and hyphens, beginning with a letter. " +
  'The load balancer is named after it with "-edge" appended, and its name has at most 32 characters.';
const VPC =
  "a private range from /16 to /20. AWS allows no larger VPC, and each pod needs its own address; " +
  "a change replaces the cluster.";
const ARN =
  "the ARN of an IAM role or user, like arn:aws:iam::123456789012:role/deployer. " +
  "For a session (arn:aws:sts::…:assumed-role/…), give its role; the root user is not allowed.";
const PUBLIC =
  "a public range like 8.8.8.0/24, or a private one of a connected network. " +
  "No client has an address in this range, and EKS rejects it.";

describe("a cluster that AWS would reject", () => {
  it.each<[Partial<EksArguments>, string]>([
    [{ clusterName: "Bikes" }, `clusterName is "Bikes", but must be ${NAME}`],
    [
      { clusterName: "a-name-of-twenty-eight-chars" },
      `clusterName is "a-name-of-twenty-eight-chars", but must be ${NAME}`,
    ],
    [
      { version: "1.35.2" },
      'version is "1.35.2", but must be a minor version like 1.35. ' +
        "EKS chooses the patch version; set runstack:kubernetesVersion.",
    ],
    [
      { version: "1.33" },
      'version is "1.33", but must be one of 1.34, 1.35, 1.36. ' +
        "Other versions are outside EKS' standard support or untested; to use one, add it to versions.ts.",
    ],
    [
      { zones: ["eu-west-3a", "eu-west-1b", "eu-west-3c"] },
      'zones is "eu-west-1b", but must be a zone of eu-west-3, like eu-west-3a. ' +
        "Give the full name of each zone.",
    ],
    [
      { zones: ["a", "b", "c"] },
      'zones is "a", but must be a zone of eu-west-3, like eu-west-3a. Give the full name of each zone.',
    ],
    [
      { zones: ["eu-west-3a", "eu-west-3b"] },
      'zones is ["eu-west-3a","eu-west-3b"], but must be three different zones. ' +
        "Quorums need an odd number of them.",
    ],
    [
      { zones: ["eu-west-3a", "eu-west-3b", "eu-west-3a"] },
      'zones is ["eu-west-3a","eu-west-3b","eu-west-3a"], but must be three different zones. ' +
        "Quorums need an odd number of them.",
    ],
    [
      network("10.50.1.0/16"),
      'network.vpc is "10.50.1.0/16", but must be a range like 10.50.0.0/16. ' +
        "Use the first address of the range.",
    ],
    [network("10.50.0.0/21"), `network.vpc is "10.50.0.0/21", but must be ${VPC}`],
    [network("10.0.0.0/15"), `network.vpc is "10.0.0.0/15", but must be ${VPC}`],
    [network("52.47.0.0/16"), `network.vpc is "52.47.0.0/16", but must be ${VPC}`],
    [
      network("10.50.0.0/16", "10.60.0.0/25"),
      'network.services is "10.60.0.0/25", but must be a private range from /12 to /24. ' +
        "A change replaces the cluster.",
    ],
    [
      network("10.50.0.0/16", "100.64.0.0/16"),
      'network.services is "100.64.0.0/16", but must be a private range from /12 to /24. ' +
        "A change replaces the cluster.",
    ],
    [
      network("10.50.0.0/16", "10.50.64.0/20"),
      'network.services is "10.50.64.0/20", but must be outside of network.vpc (10.50.0.0/16). ' +
        "Choose ranges that do not overlap; a change replaces the cluster.",
    ],
    [
      { systemPool: { size: "m7g.large", nodes: 0 } },
      "systemPool.nodes is 0, but must be at least 1. The platform's pods run on these nodes.",
    ],
    [
      { systemPool: { size: "s-8vcpu-16gb", nodes: 3 } },
      'systemPool.size is "s-8vcpu-16gb", but must be an instance type like m5.xlarge. ' +
        "Set runstack:nodeSize.",
    ],
    [
      { pools: [] },
      "pools is [], but must be at least one pool, each with a unique name. Rename the pools.",
    ],
    [
      { pools: [...pool({}).pools, ...pool({}).pools] },
      'pools is ["riders","riders"], but must be at least one pool, each with a unique name. ' +
        "Rename the pools.",
    ],
    [
      pool({ name: "system" }),
      'pools.name is "system", but must be 1 to 20 lower-case letters, digits and hyphens, and not ' +
        '"system". "system" is the label of the platform\'s nodes; rename the pool.',
    ],
    [
      pool({ sizes: [] }),
      "pools.riders.sizes is [], but must be one or more different instance types. List each one only once.",
    ],
    [
      pool({ sizes: ["c-16"] }),
      'pools.riders.sizes is "c-16", but must be an instance type like m5.xlarge. ' +
        "Set runstack:nodeSize.",
    ],
    [
      pool({ nodes: { min: 5, max: 4 } }),
      "pools.riders.nodes.min is 5, but must be from 0 to pools.riders.nodes.max (4). Swap them.",
    ],
    [
      pool({ nodes: { min: -1, max: 4 } }),
      "pools.riders.nodes.min is -1, but must be from 0 to pools.riders.nodes.max (4). Swap them.",
    ],
    [
      pool({ sizes: ["m5.xlarge", "m5.2xlarge"], nodes: { min: 0, max: 1 } }),
      "pools.riders.nodes.max is 1, but must be at least 2, one for each instance type. " +
        "A node group's maximum is at least one node.",
    ],
    [
      { controlPlaneAccess: ["0.0.0.0/0"] },
      'controlPlaneAccess is "0.0.0.0/0", but must be narrower than the whole internet in ' +
        "production. List the addresses that pulumi up and the administrators connect from, or leave the list empty.",
    ],
    [
      { controlPlaneAccess: ["100.64.0.0/16"] },
      `controlPlaneAccess is "100.64.0.0/16", but must be ${PUBLIC}`,
    ],
    [
      { controlPlaneAccess: ["203.0.113.7/32"] },
      `controlPlaneAccess is "203.0.113.7/32", but must be ${PUBLIC}`,
    ],
    [
      { controlPlaneAccess: ["52.47.11.1"] },
      `controlPlaneAccess is "52.47.11.1", but must be ${PUBLIC}`,
    ],
    [
      { controlPlaneAccess: Array.from({ length: 41 }, (_, i) => `52.47.${i}.0/24`) },
      "controlPlaneAccess is 41, but must be at most 40 ranges. Merge adjacent ranges.",
    ],
    [
      { administrators: [] },
      "administrators is [], but must be at least the principal that runs pulumi up. " +
        "Otherwise the cluster's creator has no permissions in it; set runstack:administrators.",
    ],
    [
      { administrators: ["arn:aws:sts::210987654321:assumed-role/deployer/me"] },
      'administrators is "arn:aws:sts::210987654321:assumed-role/deployer/me", but must be ' + ARN,
    ],
    [
      { administrators: ["arn:aws:iam::210987654321:root"] },
      `administrators is "arn:aws:iam::210987654321:root", but must be ${ARN}`,
    ],
    [
      { administrators: ["arn:aws:iam::210987654321:user/a", "arn:aws:iam::210987654321:user/a"] },
      'administrators is ["arn:aws:iam::210987654321:user/a","arn:aws:iam::210987654321:user/a"], ' +
        "but must be different from each other. List each one only once.",
    ],
  ])("refuses %j", (changes, expected) => {
    expect(said(changes)).toBe(`EksCluster town: ${expected}`);
  });

  it("refuses only names that are too long for AWS", () => {
    const called = (name: string, changes: Partial<EksArguments> = {}) =>
      refusal(() => {
        checkEks(name, { ...args, ...changes });
      });
    const long = pool({ name: "a-pool-of-20-letters", sizes: ["m7i-flex.2xlarge"] });
    expect(called("x".repeat(32), pool({}))).toBe("");
    expect(called("x".repeat(33))).toBe(
      `EksCluster ${"x".repeat(33)}: name is "${"x".repeat(33)}", but must be at most 32 ` +
        "characters. IAM roles are named after it.",
    );
    expect(called("eleven-long", long)).toBe("");
    expect(called("twelve-chars", long)).toBe(
      'EksCluster twelve-chars: pools.a-pool-of-20-letters.name is "a-pool-of-20-letters-m7i-flex.2xlarge", ' +
        "but must be at most 36 characters with its instance type. " +
        "Node groups are named after both; rename the pool.",
    );
  });

  it("is found before anything is created", async () => {
    await expect(
      register(
        (options) => {
          expect(() => new EksCluster("town", { ...args, administrators: [] }, options)).toThrow(
            ComponentError,
          );
        },
        { cloud: CLOUD },
      ),
    ).resolves.toMatchObject({ resources: [] });
  });

  it.each<[Partial<EksArguments>]>([
    [{}],
    [{ controlPlaneAccess: [] }],
    [{ controlPlaneAccess: ["10.77.0.0/16"] }],
    [{ controlPlaneAccess: ["0.0.0.0/0"], protect: false }],
    [network("192.168.16.0/20", "172.20.0.0/16")],
    [pool({ nodes: { min: 0, max: 1 } })],
    [{ clusterName: "a-name-of-twenty-seven-char" }],
  ])("accepts %j", (changes) => {
    expect(said(changes)).toBe("");
  });
});
