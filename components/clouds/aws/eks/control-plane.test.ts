import { describe, expect, it } from "vitest";
import { inputsOf, named } from "../../../kit/testing";
import { create, town } from "./testing";

const KEY = "arn:aws:kms:eu-west-3:210987654321:key/9";
const ACCOUNT = "210987654321";

describe("the control plane of an EKS cluster", () => {
  it("has exactly these inputs", async () => {
    const { resources } = await town();
    expect(inputsOf(resources, "town-cluster")).toEqual({
      name: "bikes",
      version: "1.35",
      roleArn: `arn:aws:iam::${ACCOUNT}:role/one`,
      accessConfig: {
        authenticationMode: "API",
        bootstrapClusterCreatorAdminPermissions: false,
      },
      bootstrapSelfManagedAddons: false,
      vpcConfig: {
        subnetIds: ["a", "b", "c"].map((letter) => `town-network-private-${letter}-id`),
        securityGroupIds: ["town-access-id"],
        endpointPrivateAccess: true,
        endpointPublicAccess: true,
        publicAccessCidrs: ["52.47.11.0/24"],
      },
      kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: "10.60.32.0/21" },
      encryptionConfig: { provider: { keyArn: KEY }, resources: ["secrets"] },
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      upgradePolicy: { supportType: "STANDARD" },
      zonalShiftConfig: { enabled: true },
      deletionProtection: true,
    });
    expect(named(resources, "town-cluster").options.customTimeouts).toEqual({
      create: "60m",
      update: "120m",
      delete: "60m",
    });
  });

  it("is deleted before one of the same name replaces it", async () => {
    const { resources } = await town();
    expect(named(resources, "town-cluster").options.deleteBeforeReplace).toBe(true);
  });

  it.each([[[]], [["10.77.0.0/16"]]])(
    "has only a private endpoint without public ranges: %j",
    async (controlPlaneAccess) => {
      const { resources } = await create({ controlPlaneAccess });
      expect(inputsOf(resources, "town-cluster")["vpcConfig"]).toEqual({
        subnetIds: ["a", "b", "c"].map((letter) => `town-network-private-${letter}-id`),
        securityGroupIds: ["town-access-id"],
        endpointPrivateAccess: true,
        endpointPublicAccess: false,
      });
    },
  );

  it("uses its key for Secrets, with a separate permission for that", async () => {
    const { resources } = await town();
    expect(JSON.parse(inputsOf(resources, "town-role-encryption")["policy"] as string)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
          Resource: [KEY],
        },
      ],
    });
  });
});

describe("a control plane on AWS", () => {
  it("EKS' own group admits only nodes, so another one admits the machine that runs Pulumi", async () => {
    const { resources } = await create({
      controlPlaneAccess: ["10.77.0.0/16", "52.47.11.0/24", "10.50.0.0/18", "172.19.4.0/24"],
    });
    expect(inputsOf(resources, "town-access")).toEqual({
      vpcId: "town-network-vpc-id",
      description: "Who may reach the control plane of bikes",
      ingress: [
        {
          description: "The network itself, and networks connected to it",
          protocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrBlocks: ["10.50.0.0/18", "10.77.0.0/16", "172.19.4.0/24"],
        },
      ],
      egress: [],
      tags: { Name: "bikes-access" },
    });
    expect(inputsOf(resources, "town-cluster")["vpcConfig"]).toMatchObject({
      endpointPublicAccess: true,
      publicAccessCidrs: ["52.47.11.0/24"],
    });
  });

  it("inputs that would replace the cluster are set from the start", async () => {
    const { resources } = await town();
    expect(inputsOf(resources, "town-cluster")).toMatchObject({
      accessConfig: { bootstrapClusterCreatorAdminPermissions: false },
      bootstrapSelfManagedAddons: false,
      kubernetesNetworkConfig: { serviceIpv4Cidr: "10.60.32.0/21" },
      encryptionConfig: { resources: ["secrets"] },
    });
  });

  it("the principal that runs Pulumi has permissions before the first object is created", async () => {
    const { resources } = await town();
    const name = `town-administrator-${ACCOUNT}-role-ci-deployer`;
    const principalArn = `arn:aws:iam::${ACCOUNT}:role/ci/deployer`;
    expect(inputsOf(resources, name)).toEqual({
      clusterName: "bikes",
      principalArn,
      type: "STANDARD",
    });
    expect(inputsOf(resources, `${name}-policy`)).toEqual({
      clusterName: "bikes",
      principalArn,
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      accessScope: { type: "cluster" },
    });
    expect(named(resources, `${name}-policy`).dependsOn).toEqual([name]);
    expect(named(resources, "town-kubernetes").dependsOn).toEqual([
      `${name}-policy`,
      `town-administrator-${ACCOUNT}-user-ada-policy`,
      "town-nodes-night-c6i-large",
      "town-nodes-night-c6i-large-label",
      "town-nodes-riders-m5-2xlarge",
      "town-nodes-riders-m5-2xlarge-label",
      "town-nodes-riders-m5-xlarge",
      "town-nodes-riders-m5-xlarge-label",
      "town-nodes-system-m7g-large",
    ]);
  });

  it("the log group is created before the cluster, with a retention and a key", async () => {
    const { resources } = await town();
    expect(inputsOf(resources, "town-logs")).toEqual({
      name: "/aws/eks/bikes/cluster",
      retentionInDays: 90,
      kmsKeyId: KEY,
      deletionProtectionEnabled: true,
    });
    expect(named(resources, "town-cluster").dependsOn).toContain("town-logs");
  });

  it("the role's permissions outlive the cluster, which needs them to clean up", async () => {
    const { resources } = await town();
    expect(named(resources, "town-cluster").dependsOn).toEqual([
      "town-logs",
      "town-role-cluster",
      "town-role-encryption",
    ]);
  });
});
