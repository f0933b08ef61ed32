/** For tests: an EKS cluster, and AWS' responses. */
import { register, type Engine } from "../../../kit/testing";
import { EksCluster } from "./eks";
import type { EksArguments } from "./arguments";

export const args: EksArguments = {
  clusterName: "bikes",
  region: "eu-west-3",
  zones: ["eu-west-3a", "eu-west-3b", "eu-west-3c"],
  version: "1.35",
  network: { vpc: "10.50.0.0/18", services: "10.60.32.0/21" },
  systemPool: { size: "m7g.large", nodes: 4 },
  pools: [
    { name: "riders", sizes: ["m5.xlarge", "m5.2xlarge"], nodes: { min: 5, max: 13 } },
    { name: "night", sizes: ["c6i.large"], nodes: { min: 0, max: 2 } },
  ],
  maintenance: { day: "thursday", start: "03:30" },
  highlyAvailable: true,
  controlPlaneAccess: ["52.47.11.0/24"],
  administrators: [
    "arn:aws:iam::210987654321:role/ci/deployer",
    "arn:aws:iam::210987654321:user/ada",
  ],
  protect: true,
  chartMirror: undefined,
};

const cluster = {
  arn: "arn:aws:eks:eu-west-3:210987654321:cluster/bikes",
  endpoint: "https://cluster.example.com",
  certificateAuthority: { data: "QUJD" },
  vpcConfig: { clusterSecurityGroupId: "sg-nodes" },
};

const PLAIN = [
  "autoscaling/tag:Tag",
  "ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "ec2/eip:Eip",
  "ec2/flowLog:FlowLog",
  "ec2/internetGateway:InternetGateway",
  "ec2/natGateway:NatGateway",
  "ec2/route:Route",
  "ec2/routeTable:RouteTable",
  "ec2/routeTableAssociation:RouteTableAssociation",
  "ec2/securityGroup:SecurityGroup",
  "ec2/subnet:Subnet",
  "ec2/vpcEndpoint:VpcEndpoint",
  "eks/accessEntry:AccessEntry",
  "eks/accessPolicyAssociation:AccessPolicyAssociation",
  "eks/addon:Addon",
  "eks/podIdentityAssociation:PodIdentityAssociation",
  "iam/rolePolicy:RolePolicy",
  "iam/rolePolicyAttachment:RolePolicyAttachment",
  "kms/alias:Alias",
];

export const CLOUD: NonNullable<Engine["cloud"]> = {
  ...Object.fromEntries(PLAIN.map((type) => [`aws:${type}`, {}])),
  "aws:cloudwatch/logGroup:LogGroup": { arn: "arn:aws:logs:eu-west-3:210987654321:log-group:it" },
  "aws:ec2/launchTemplate:LaunchTemplate": { latestVersion: 7 },
  "aws:ec2/vpc:Vpc": { ownerId: "210987654321" },
  "aws:eks/cluster:Cluster": cluster,
  "aws:eks/nodeGroup:NodeGroup": {
    resources: [{ autoscalingGroups: [{ name: "eks-some-group" }] }],
  },
  "aws:iam/role:Role": { arn: "arn:aws:iam::210987654321:role/one" },
  "aws:kms/key:Key": { arn: "arn:aws:kms:eu-west-3:210987654321:key/9", keyId: "9" },
  "kubernetes:storage.k8s.io/v1:StorageClass": {},
};

/** A cluster called `town`, with AWS' computed properties. */
export const create = (changes: Partial<EksArguments> = {}, preview = false) =>
  register((options) => new EksCluster("town", { ...args, ...changes }, options), {
    preview,
    cloud: CLOUD,
  });

let whole: ReturnType<typeof create> | undefined;

/** The cluster of all fixtures, created once for each test file. */
export const town = () => (whole ??= create());
