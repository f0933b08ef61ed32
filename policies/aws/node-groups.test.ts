import type * as eks from "@pulumi/aws/eks";
import { describe, expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { UNKNOWN, evaluate, messages, urnOf, type Fixture } from "../testing";
import { unknownValues } from "../unknown-values";

const NODES = 'NodeGroup "town-nodes"';

const nodes = (): Fixture => ({
  type: "aws:eks/nodeGroup:NodeGroup",
  name: "town-nodes",
  props: {
    clusterName: "town",
    nodeRoleArn: "arn:aws:iam::210987654321:role/nodes",
    subnetIds: ["subnet-1", "subnet-2"],
    scalingConfig: { minSize: 2, maxSize: 5, desiredSize: 3 },
    amiType: "AL2023_x86_64_STANDARD",
    remoteAccess: { ec2SshKey: "key", sourceSecurityGroupIds: ["sg-1"] },
    nodeRepairConfig: { enabled: true },
  } satisfies eks.NodeGroupArgs,
});

const addon = (addonName: string): Fixture => ({
  type: "aws:eks/addon:Addon",
  name: `town-${addonName}`,
  props: {
    clusterName: "town",
    addonName,
    addonVersion: "v1.22.4-eksbuild.3",
    configurationValues: '{"enableNetworkPolicy":"true"}',
  } satisfies eks.AddonArgs,
});

const REMOTE = "without it SSH is open to every address: set it, or remove remoteAccess.";
testPolicy("aws-eks-nodes-remote-access", {
  happy: nodes,
  broken: [
    { at: ["remoteAccess"], says: [] },
    {
      at: ["remoteAccess", "sourceSecurityGroupIds"],
      says: `${NODES}: remoteAccess.sourceSecurityGroupIds is missing; ${REMOTE}`,
    },
    {
      at: ["remoteAccess", "sourceSecurityGroupIds"],
      to: [],
      says: `${NODES}: remoteAccess.sourceSecurityGroupIds is []; ${REMOTE}`,
    },
  ],
  unknown: [["remoteAccess"], ["remoteAccess", "sourceSecurityGroupIds"]],
});

const IMAGE = "it gets no more images: use AL2023 or Bottlerocket.";
testPolicy("aws-eks-nodes-image", {
  happy: nodes,
  broken: [
    {
      at: ["amiType"],
      to: "AL2_x86_64_GPU",
      says: `${NODES}: amiType is "AL2_x86_64_GPU"; ${IMAGE}`,
    },
    { at: ["amiType"], to: 2, says: `${NODES}: amiType is 2; ${IMAGE}` },
    {
      at: ["amiType"],
      to: "AL2_x86_64_GPU",
      setting: { configuration: { "aws-eks-nodes-image": { ended: ["WINDOWS_", "CUSTOM"] } } },
      says: [],
    },
    {
      at: ["amiType"],
      to: "WINDOWS_CORE_2019_x86_64",
      setting: { configuration: { "aws-eks-nodes-image": { ended: ["CUSTOM", "WINDOWS_"] } } },
      says: `${NODES}: amiType is "WINDOWS_CORE_2019_x86_64"; ${IMAGE}`,
    },
    { at: ["amiType"], to: "BOTTLEROCKET_ARM_64", says: [] },
    { at: ["amiType"], says: [] },
  ],
  unknown: [["amiType"]],
});

testPolicy("aws-eks-nodes-repaired", {
  happy: nodes,
  broken: [
    {
      at: ["nodeRepairConfig"],
      says: `${NODES}: nodeRepairConfig.enabled is missing; it must be true.`,
    },
  ],
  unknown: [["nodeRepairConfig", "enabled"]],
});

const IGNORED = 'without {"enableNetworkPolicy":"true"} NetworkPolicies are accepted and ignored.';
testPolicy("aws-eks-network-policies-kept", {
  happy: () => [addon("vpc-cni"), broken(addon("coredns"), ["configurationValues"])],
  broken: [
    {
      at: ["configurationValues"],
      says: `Addon "town-vpc-cni": configurationValues is missing; ${IGNORED}`,
    },
    {
      at: ["configurationValues"],
      to: '{"enableNetworkPolicy":true}',
      says: `Addon "town-vpc-cni": configurationValues is "{\\"enableNetworkPolicy\\":true}"; ${IGNORED}`,
    },
    {
      at: ["configurationValues"],
      to: '{"enableNetworkPolicy":"false"}',
      says: `Addon "town-vpc-cni": configurationValues is "{\\"enableNetworkPolicy\\":\\"false\\"}"; ${IGNORED}`,
    },
    { at: ["configurationValues"], to: "env:\n  A: b\nenableNetworkPolicy: 'true'\n", says: [] },
  ],
  unknown: [["addonName"], ["configurationValues"]],
});

testPolicy("aws-eks-addon-pinned", {
  happy: () => addon("coredns"),
  broken: [
    {
      at: ["addonVersion"],
      says: 'Addon "town-coredns": addonVersion is missing; set the version, such as v1.19.2-eksbuild.1.',
    },
  ],
  unknown: [],
});

describe("aws-eks-pod-identity-agent", () => {
  const cluster = (props: object = {}): Fixture => ({
    type: "aws:eks/cluster:Cluster",
    name: "town",
    props: { name: "town", ...props },
  });
  const association = (clusterName: unknown = "town", from: readonly string[] = []): Fixture => ({
    type: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    name: "bikes",
    props: { clusterName, namespace: "shop", serviceAccount: "bikes", roleArn: UNKNOWN },
    propertyDependencies: { clusterName: from },
  });
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("aws-eks-pod-identity-agent", fixture);
  const expected = [
    'PodIdentityAssociation "bikes": its cluster has no Addon "eks-pod-identity-agent", without which the pods get no credentials: add one.',
  ];
  const agent = addon("eks-pod-identity-agent");

  it("accepts a cluster with the agent, by name or by origin", async () => {
    expect(await reported(cluster(), agent, association())).toEqual([]);
    const late = { ...cluster(), props: {} };
    const from = [urnOf(late)];
    const served: Fixture = {
      ...broken(agent, ["clusterName"], UNKNOWN),
      propertyDependencies: { clusterName: from },
    };
    expect(await reported(late, served, association(UNKNOWN, from))).toEqual([]);
    expect(await reported(late, association(UNKNOWN, from))).toEqual(expected);
  });

  it("refuses a cluster without it", async () => {
    expect(await reported(cluster(), association())).toEqual(expected);
    expect(await reported(cluster(), addon("coredns"), association())).toEqual(expected);
    const elsewhere = broken(agent, ["clusterName"], "village");
    expect(await reported(cluster(), elsewhere, association())).toEqual(expected);
    expect(await reported(cluster({ computeConfig: { enabled: false } }), association())).toEqual(
      expected,
    );
  });

  it("does not apply to Auto Mode, other clusters, and clusters outside the stack", async () => {
    expect(await reported(cluster({ computeConfig: { enabled: true } }), association())).toEqual(
      [],
    );
    expect(await reported(cluster(), association("village"))).toEqual([]);
    expect(await reported(association())).toEqual([]);
    expect(await reported(cluster())).toEqual([]);
    expect(await reported(cluster(), addon("coredns"))).toEqual([]);
  });

  it("counts an unknown that may be the agent, its cluster, or Auto Mode", async () => {
    const open = async (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
      (await evaluate([policyNamed("aws-eks-pod-identity-agent"), unknownValues], fixture)).map(
        ({ policy }) => policy,
      );
    expect(await open(cluster(), broken(agent, ["addonName"], UNKNOWN), association())).toEqual([
      "undecided",
    ]);
    expect(await open(cluster(), broken(agent, ["clusterName"], UNKNOWN), association())).toEqual([
      "undecided",
    ]);
    expect(await open(cluster({ computeConfig: UNKNOWN }), association())).toEqual(["undecided"]);
    const both = [broken(addon("x"), ["addonName"], UNKNOWN), agent];
    expect(await open(cluster(), ...both, association())).toEqual([]);
    expect(await open(cluster(), broken(agent, ["addonName"]), association())).toEqual([
      "aws-eks-pod-identity-agent",
    ]);
  });
});

testPolicy("aws-eks-pod-identity-own-account", {
  happy: () => ({
    type: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    name: "bikes",
    props: {
      clusterName: "town",
      namespace: "shop",
      serviceAccount: "bikes",
      roleArn: "arn:aws:iam::210987654321:role/bikes",
    } satisfies eks.PodIdentityAssociationArgs,
  }),
  broken: [
    {
      at: ["serviceAccount"],
      to: "default",
      says: 'PodIdentityAssociation "bikes": serviceAccount is "default"; every pod without its own ServiceAccount would get the role.',
    },
  ],
  unknown: [["serviceAccount"]],
});

const ROLE = "use an IAM role: users have credentials that do not expire.";
testPolicy("aws-eks-access-by-role", {
  happy: () => ({
    type: "aws:eks/accessEntry:AccessEntry",
    name: "ann",
    props: {
      clusterName: "town",
      principalArn: "arn:aws:iam::210987654321:role/admins",
    } satisfies eks.AccessEntryArgs,
  }),
  broken: [
    {
      at: ["principalArn"],
      to: "arn:aws:iam::210987654321:user/ann",
      says: `AccessEntry "ann": principalArn is "arn:aws:iam::210987654321:user/ann"; ${ROLE}`,
    },
    { at: ["principalArn"], says: `AccessEntry "ann": principalArn is missing; ${ROLE}` },
  ],
  unknown: [["principalArn"]],
});
