import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind, UNKNOWN } from "../../../kit/testing";
import { groupsOf, imageOf } from "./nodes";
import { create, town } from "./testing";

const group = (pool: string, size: string, amiType: string, nodes: [number, number]) => ({
  clusterName: "bikes",
  version: "1.35",
  nodeRoleArn: "arn:aws:iam::210987654321:role/one",
  subnetIds: ["a", "b", "c"].map((letter) => `town-network-private-${letter}-id`),
  instanceTypes: [size],
  amiType,
  capacityType: "ON_DEMAND",
  launchTemplate: { id: "town-nodes-template-id", version: "7" },
  scalingConfig: { minSize: nodes[0], maxSize: nodes[1], desiredSize: nodes[0] },
  updateConfig: { maxUnavailablePercentage: 33 },
  nodeRepairConfig: { enabled: true },
  labels: { "runstack.dev/pool": pool },
  tags: {
    Name: `bikes-${pool}`,
    "k8s.io/cluster-autoscaler/enabled": "true",
    "k8s.io/cluster-autoscaler/bikes": "owned",
  },
});

describe("the nodes of an EKS cluster", () => {
  it("are a group for the platform, and one for each instance type of a pool", async () => {
    const { resources } = await town();
    const [arm, intel] = ["AL2023_ARM_64_STANDARD", "AL2023_x86_64_STANDARD"];
    expect(
      Object.fromEntries(ofKind(resources, "NodeGroup").map((r) => [r.name, r.inputs])),
    ).toEqual({
      "town-nodes-system-m7g-large": group("system", "m7g.large", arm, [4, 4]),
      "town-nodes-riders-m5-xlarge": group("riders", "m5.xlarge", intel, [3, 7]),
      "town-nodes-riders-m5-2xlarge": group("riders", "m5.2xlarge", intel, [2, 6]),
      "town-nodes-night-c6i-large": group("night", "c6i.large", intel, [0, 2]),
    });
  });

  it("have encrypted disks and hide their identity from pods", async () => {
    const { resources } = await town();
    const tags = { Name: "bikes-node" };
    expect(inputsOf(resources, "town-nodes-template")).toEqual({
      description: "Nodes of bikes",
      updateDefaultVersion: true,
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: 100,
            encrypted: "true",
            kmsKeyId: "arn:aws:kms:eu-west-3:210987654321:key/9",
            deleteOnTermination: "true",
          },
        },
      ],
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
        instanceMetadataTags: "disabled",
      },
      tagSpecifications: [
        { resourceType: "instance", tags },
        { resourceType: "volume", tags },
      ],
    });
  });

  it("may only join the cluster and pull images", async () => {
    const { resources } = await town();
    expect(
      ofKind(resources, "RolePolicyAttachment").map(({ name, inputs }) => [
        name,
        inputs["policyArn"],
      ]),
    ).toEqual([
      ["town-nodes-role-images", "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"],
      ["town-nodes-role-worker", "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"],
      ["town-role-cluster", "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"],
    ]);
  });

  it("have the autoscaler's number of nodes, if it can vary", async () => {
    const { resources } = await town();
    const ignored = (name: string) => named(resources, `town-nodes-${name}`).options.ignoreChanges;
    expect(ignored("system-m7g-large")).toEqual([]);
    expect(ignored("riders-m5-xlarge")).toEqual(["scalingConfig.desiredSize"]);
    expect(ignored("night-c6i-large")).toEqual(["scalingConfig.desiredSize"]);
  });

  it("tell the autoscaler their pool, even without nodes", async () => {
    const { resources } = await town();
    expect(ofKind(resources, "Tag")).toHaveLength(3);
    expect(inputsOf(resources, "town-nodes-night-c6i-large-label")).toEqual({
      autoscalingGroupName: "eks-some-group",
      tag: {
        key: "k8s.io/cluster-autoscaler/node-template/label/runstack.dev/pool",
        value: "night",
        propagateAtLaunch: false,
      },
    });
  });

  it("have unknown ids but known settings in a first preview", async () => {
    const { resources } = await create({}, true);
    const inputs = inputsOf(resources, "town-nodes-riders-m5-xlarge");
    expect(inputs["instanceTypes"]).toEqual(["m5.xlarge"]);
    expect(inputs["launchTemplate"]).toEqual({ id: UNKNOWN, version: UNKNOWN });
    expect(inputsOf(resources, "town-nodes-night-c6i-large-label")["autoscalingGroupName"]).toBe(
      UNKNOWN,
    );
  });
});

describe("nodes on AWS", () => {
  it("size, disk and access are each set in one place", async () => {
    const { resources } = await town();
    const template = inputsOf(resources, "town-nodes-template");
    for (const input of ["instanceType", "imageId", "iamInstanceProfile", "networkInterfaces"]) {
      expect(template).not.toHaveProperty(input);
    }
    for (const { inputs } of ofKind(resources, "NodeGroup")) {
      expect(inputs).not.toHaveProperty("diskSize");
      expect(inputs).not.toHaveProperty("remoteAccess");
      expect(inputs["instanceTypes"]).toHaveLength(1);
    }
  });

  it("another instance type is another group, without name collisions", async () => {
    const { resources } = await create({
      pools: [{ name: "riders", sizes: ["m5.4xlarge"], nodes: { min: 1, max: 2 } }],
    });
    const groups = ofKind(resources, "NodeGroup");
    expect(groups.map(({ name }) => name)).toEqual([
      "town-nodes-riders-m5-4xlarge",
      "town-nodes-system-m7g-large",
    ]);
    for (const { inputs, options } of groups) {
      expect(inputs).not.toHaveProperty("nodeGroupName");
      expect(options.deleteBeforeReplace).not.toBe(true);
      expect(options.protect).not.toBe(true);
    }
  });

  it("a hop limit of one keeps the instance's identity on the node", async () => {
    const { resources } = await town();
    expect(inputsOf(resources, "town-nodes-template")["metadataOptions"]).toMatchObject({
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
  });
});

describe("the groups of a pool", () => {
  it("share its nodes; the first ones get the remainder", () => {
    const sizes = ["m5.xlarge", "m5.2xlarge", "m5.4xlarge"];
    expect(groupsOf([{ name: "riders", sizes, nodes: { min: 4, max: 11 } }])).toEqual([
      { pool: "riders", size: "m5.xlarge", nodes: { min: 2, max: 4 } },
      { pool: "riders", size: "m5.2xlarge", nodes: { min: 1, max: 4 } },
      { pool: "riders", size: "m5.4xlarge", nodes: { min: 1, max: 3 } },
    ]);
  });
});

describe("the image of a node", () => {
  it.each(["a1.large", "t4g.small", "m7g.large", "c7gn.xlarge", "r6gd.metal", "im4gn.large"])(
    "is for Graviton on %s",
    (size) => {
      expect(imageOf(size)).toBe("AL2023_ARM_64_STANDARD");
    },
  );

  it.each(["m5.xlarge", "g4dn.xlarge", "c6i.large", "m7i-flex.large", "t3a.small", "g6.xlarge"])(
    "is for Intel and AMD on %s",
    (size) => {
      expect(imageOf(size)).toBe("AL2023_x86_64_STANDARD");
    },
  );
});
