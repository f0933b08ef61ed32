import type * as eks from "@pulumi/aws/eks";
import { testPolicy } from "../testing/cases";
import type { Fixture } from "../testing";

const KEY = "arn:aws:kms:eu-west-3:210987654321:key/7";
const WHO = 'Cluster "town"';

const cluster = (): Fixture => ({
  type: "aws:eks/cluster:Cluster",
  name: "town",
  props: {
    version: "1.35",
    roleArn: "arn:aws:iam::210987654321:role/town",
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
    vpcConfig: {
      subnetIds: ["subnet-1", "subnet-2"],
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["52.47.11.0/24", "2a05:d012::/36"],
    },
    enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    encryptionConfig: { provider: { keyArn: KEY }, resources: ["secrets"] },
    deletionProtection: true,
    zonalShiftConfig: { enabled: true },
    upgradePolicy: { supportType: "STANDARD" },
  } satisfies eks.ClusterArgs,
});

const nodes = (): Fixture => ({
  type: "aws:eks/nodeGroup:NodeGroup",
  name: "town-nodes",
  props: {
    clusterName: "town",
    nodeRoleArn: "arn:aws:iam::210987654321:role/nodes",
    subnetIds: ["subnet-1"],
    scalingConfig: { minSize: 2, maxSize: 5, desiredSize: 3 },
    version: "1.34",
  } satisfies eks.NodeGroupArgs,
});

testPolicy("aws-eks-endpoint-private", {
  happy: cluster,
  broken: [
    {
      at: ["vpcConfig", "endpointPrivateAccess"],
      to: false,
      says: `${WHO}: vpcConfig.endpointPrivateAccess is false; it must be true.`,
    },
    {
      at: ["vpcConfig", "endpointPrivateAccess"],
      says: `${WHO}: vpcConfig.endpointPrivateAccess is missing; it must be true.`,
    },
  ],
  unknown: [["vpcConfig", "endpointPrivateAccess"], ["vpcConfig"]],
});

const NARROW = "set it to the administrators' CIDR ranges, or set endpointPublicAccess to false.";
testPolicy("aws-eks-endpoint-narrow", {
  happy: cluster,
  broken: [
    {
      at: ["vpcConfig", "publicAccessCidrs", 1],
      to: "::/0",
      says: `${WHO}: vpcConfig.publicAccessCidrs[1] is "::/0"; it must not be every address.`,
    },
    {
      at: ["vpcConfig", "publicAccessCidrs", 1],
      to: "128.0.0.0/1",
      says: `${WHO}: vpcConfig.publicAccessCidrs[1] is "128.0.0.0/1"; it must not be every address.`,
    },
    {
      at: ["vpcConfig", "publicAccessCidrs", 0],
      to: "0.0.0.0/0",
      says: `${WHO}: vpcConfig.publicAccessCidrs[0] is "0.0.0.0/0"; it must not be every address.`,
    },
    {
      at: ["vpcConfig", "publicAccessCidrs"],
      says: `${WHO}: vpcConfig.publicAccessCidrs is missing; ${NARROW}`,
    },
    {
      at: ["vpcConfig", "publicAccessCidrs"],
      to: [],
      says: `${WHO}: vpcConfig.publicAccessCidrs is []; ${NARROW}`,
    },
    {
      at: ["vpcConfig"],
      to: {},
      says: `${WHO}: vpcConfig.publicAccessCidrs is missing; ${NARROW}`,
    },
    { at: ["vpcConfig"], to: { endpointPublicAccess: false }, says: [] },
    {
      at: ["vpcConfig", "endpointPublicAccess"],
      to: true,
      setting: { configuration: { "aws-eks-endpoint-narrow": { public: false } } },
      says: `${WHO}: vpcConfig.endpointPublicAccess is true; it must be false.`,
    },
    {
      at: ["vpcConfig", "endpointPublicAccess"],
      setting: { configuration: { "aws-eks-endpoint-narrow": { public: false } } },
      says: `${WHO}: vpcConfig.endpointPublicAccess is missing; it must be false.`,
    },
  ],
  unknown: [
    ["vpcConfig", "endpointPublicAccess"],
    ["vpcConfig", "publicAccessCidrs"],
    ["vpcConfig", "publicAccessCidrs", 1],
  ],
});

testPolicy("aws-eks-authentication-api", {
  happy: cluster,
  broken: [
    {
      at: ["accessConfig", "authenticationMode"],
      to: "API_AND_CONFIG_MAP",
      says: `${WHO}: accessConfig.authenticationMode is "API_AND_CONFIG_MAP"; it must be "API".`,
    },
    {
      at: ["accessConfig"],
      says: [
        `${WHO}: accessConfig.authenticationMode is missing; it must be "API".`,
        `${WHO}: accessConfig.bootstrapClusterCreatorAdminPermissions is missing; it must be false.`,
      ],
    },
  ],
  unknown: [
    ["accessConfig", "authenticationMode"],
    ["accessConfig", "bootstrapClusterCreatorAdminPermissions"],
  ],
});

testPolicy("aws-eks-logs", {
  happy: cluster,
  broken: [
    {
      at: ["enabledClusterLogTypes"],
      to: ["api", "authenticator", "scheduler"],
      says: `${WHO}: enabledClusterLogTypes is ["api","authenticator","scheduler"]; add audit, controllerManager.`,
    },
    {
      at: ["enabledClusterLogTypes"],
      says: `${WHO}: enabledClusterLogTypes is missing; add api, audit, authenticator, controllerManager, scheduler.`,
    },
  ],
  unknown: [["enabledClusterLogTypes"], ["enabledClusterLogTypes", 3]],
});

testPolicy("aws-eks-secrets-encrypted", {
  happy: cluster,
  broken: [
    {
      at: ["encryptionConfig"],
      says: [
        `${WHO}: encryptionConfig.resources is missing; it must name "secrets".`,
        `${WHO}: encryptionConfig.provider.keyArn is missing; set it to the ARN of a KMS key.`,
      ],
    },
    {
      at: ["encryptionConfig", "resources", 0],
      to: "configmaps",
      says: `${WHO}: encryptionConfig.resources is ["configmaps"]; it must name "secrets".`,
    },
    {
      at: ["encryptionConfig", "provider", "keyArn"],
      to: "",
      says: `${WHO}: encryptionConfig.provider.keyArn is ""; set it to the ARN of a KMS key.`,
    },
  ],
  unknown: [
    ["encryptionConfig"],
    ["encryptionConfig", "resources"],
    ["encryptionConfig", "resources", 0],
  ],
});

testPolicy("aws-eks-deletion-protected", {
  happy: cluster,
  broken: [
    {
      at: ["deletionProtection"],
      to: false,
      says: `${WHO}: deletionProtection is false; it must be true.`,
    },
    { at: ["deletionProtection"], says: `${WHO}: deletionProtection is missing; it must be true.` },
    {
      at: ["deletionProtection"],
      to: false,
      setting: { policyContext: { environment: "dr" } },
      says: `${WHO}: deletionProtection is false; it must be true.`,
    },
  ],
  unknown: [["deletionProtection"]],
});

testPolicy("aws-eks-zonal-shift", {
  happy: cluster,
  broken: [
    {
      at: ["zonalShiftConfig"],
      says: `${WHO}: zonalShiftConfig.enabled is missing; it must be true.`,
    },
    {
      at: ["zonalShiftConfig", "enabled"],
      to: false,
      says: `${WHO}: zonalShiftConfig.enabled is false; it must be true.`,
    },
  ],
  unknown: [["zonalShiftConfig"]],
});

const VERSIONS = 'the supported versions are "1.34", "1.35" or "1.36".';
testPolicy("aws-eks-version-supported", {
  happy: () => [cluster(), nodes()],
  broken: [
    { at: ["version"], to: "1.33", says: `${WHO}: version is "1.33"; ${VERSIONS}` },
    { at: ["version"], to: "1.350", says: `${WHO}: version is "1.350"; ${VERSIONS}` },
    { at: ["version"], to: "1.36", says: [] },
    { at: ["version"], to: 1.35, says: `${WHO}: version is 1.35; ${VERSIONS}` },
    { at: ["version"], says: `${WHO}: version is missing; ${VERSIONS}` },
    {
      at: ["version"],
      of: 1,
      to: "1.30",
      says: `NodeGroup "town-nodes": version is "1.30"; ${VERSIONS}`,
    },
    { at: ["version"], of: 1, says: [] },
    {
      at: ["version"],
      to: "1.38",
      setting: {
        configuration: { "aws-eks-version-supported": { versions: ["1.34", "1.37", "1.38"] } },
      },
      says: [],
    },
    {
      at: ["version"],
      to: "",
      setting: { configuration: { "aws-eks-version-supported": { versions: ["1.34"] } } },
      says: `${WHO}: version is ""; the supported versions are "1.34".`,
    },
  ],
  unknown: [["version"], [1, "version"]],
});

testPolicy("aws-eks-upgrade-policy", {
  happy: cluster,
  broken: [
    {
      at: ["upgradePolicy"],
      says: `${WHO}: upgradePolicy.supportType is missing; it must be "STANDARD".`,
    },
    {
      at: ["upgradePolicy", "supportType"],
      to: "EXTENDED",
      says: `${WHO}: upgradePolicy.supportType is "EXTENDED"; it must be "STANDARD".`,
    },
    {
      at: ["upgradePolicy", "supportType"],
      to: "EXTENDED",
      setting: { configuration: { "aws-eks-upgrade-policy": { supportType: "EXTENDED" } } },
      says: [],
    },
  ],
  unknown: [["upgradePolicy", "supportType"]],
});
