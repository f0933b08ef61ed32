import { describe, expect, it } from "vitest";
import { inputsOf, named, nameOf, ofKind, UNKNOWN, valueOf } from "../../../kit/testing";
import { create, town } from "./testing";

const KEY = "arn:aws:kms:eu-west-3:210987654321:key/9";

describe("an EKS cluster", () => {
  it("creates exactly these resources", async () => {
    const { resources } = await town();
    const counts = new Map<string, number>();
    for (const { type } of resources) {
      const kind = type.replace(/^aws:(\w+)\/.*:/, "$1 ");
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    expect(Object.fromEntries([...counts].sort())).toEqual({
      "autoscaling Tag": 3,
      "cloudwatch LogGroup": 2,
      "ec2 DefaultSecurityGroup": 1,
      "ec2 Eip": 3,
      "ec2 FlowLog": 1,
      "ec2 InternetGateway": 1,
      "ec2 LaunchTemplate": 1,
      "ec2 NatGateway": 3,
      "ec2 Route": 4,
      "ec2 RouteTable": 4,
      "ec2 RouteTableAssociation": 6,
      "ec2 SecurityGroup": 2,
      "ec2 Subnet": 6,
      "ec2 Vpc": 1,
      "ec2 VpcEndpoint": 9,
      "eks AccessEntry": 2,
      "eks AccessPolicyAssociation": 2,
      "eks Addon": 5,
      "eks Cluster": 1,
      "eks NodeGroup": 4,
      "eks PodIdentityAssociation": 2,
      "iam Role": 7,
      "iam RolePolicy": 6,
      "iam RolePolicyAttachment": 3,
      "kms Alias": 1,
      "kms Key": 1,
      "kubernetes:helm.sh/v3:Release": 2,
      "kubernetes:storage.k8s.io/v1:StorageClass": 1,
      "pulumi:providers:kubernetes": 1,
    });
    expect(new Set(resources.map(({ parent }) => parent))).toEqual(
      new Set(["town", "town-network", "town-nodes"]),
    );
  });

  it("has volumes that are encrypted with its key, in their pod's zone", async () => {
    const { resources } = await town();
    expect(inputsOf(resources, "town-storage-class")).toEqual({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: {
        name: "gp3-encrypted",
        annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
      },
      provisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3", encrypted: "true", kmsKeyId: KEY },
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
      reclaimPolicy: "Retain",
    });
    expect(named(resources, "town-storage-class").provider).toBe("town-kubernetes");
    const trial = await create({ highlyAvailable: false });
    expect(inputsOf(trial.resources, "town-storage-class")["reclaimPolicy"]).toBe("Delete");
  });

  it("returns what other components need", async () => {
    const { result } = await town();
    const { placement } = result;
    expect({
      name: await valueOf(result.clusterName),
      region: result.region,
      zones: result.zones,
      pods: result.podCidr,
      services: result.serviceCidr,
      storage: result.storageClass,
      nodes: result.workloadNodes,
      pools: result.nodePools,
      metrics: result.hasMetricsServer,
      edge: result.loadBalancerAnnotations,
    }).toEqual({
      name: "bikes",
      region: "eu-west-3",
      zones: ["eu-west-3a", "eu-west-3b", "eu-west-3c"],
      pods: "10.50.0.0/18",
      services: "10.60.32.0/21",
      storage: "gp3-encrypted",
      nodes: { "runstack.dev/pool": "riders" },
      pools: [
        { name: "riders", size: "m5.xlarge", nodes: { min: 3, max: 7 } },
        { name: "riders", size: "m5.2xlarge", nodes: { min: 2, max: 6 } },
        { name: "night", size: "c6i.large", nodes: { min: 0, max: 2 } },
      ],
      metrics: false,
      edge: {
        "service.beta.kubernetes.io/aws-load-balancer-type": "external",
        "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "ip",
        "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing",
        "service.beta.kubernetes.io/aws-load-balancer-name": "bikes-edge",
        "service.beta.kubernetes.io/aws-load-balancer-attributes":
          "load_balancing.cross_zone.enabled=true",
        // More than an hour, for a WebSocket without traffic.
        "service.beta.kubernetes.io/aws-load-balancer-listener-attributes.TCP-80":
          "tcp.idle_timeout.seconds=4000",
        "service.beta.kubernetes.io/aws-load-balancer-listener-attributes.TCP-443":
          "tcp.idle_timeout.seconds=4000",
        "service.beta.kubernetes.io/aws-load-balancer-target-group-attributes":
          "preserve_client_ip.enabled=true",
      },
    });
    expect(placement.cloud).toBe("aws");
    expect(placement.region).toBe("eu-west-3");
    expect(placement.identityReady.map(nameOf)).toEqual(["town-eks-pod-identity-agent"]);
    expect(
      await Promise.all(
        [
          placement.clusterName,
          placement.vpcId,
          ...placement.privateSubnetIds,
          placement.securityGroupId,
          placement.encryptionKeyArn,
        ].map(valueOf),
      ),
    ).toEqual([
      "bikes",
      "town-network-vpc-id",
      "town-network-private-a-id",
      "town-network-private-b-id",
      "town-network-private-c-id",
      "sg-nodes",
      KEY,
    ]);
  });

  it("is ready when nodes, add-ons, volumes and controllers are", async () => {
    const { result } = await town();
    expect(result.ready.map(nameOf)).toEqual([
      "town-eks-pod-identity-agent",
      "town-vpc-cni",
      "town-kube-proxy",
      "town-nodes-system-m7g-large",
      "town-nodes-riders-m5-xlarge",
      "town-nodes-riders-m5-2xlarge",
      "town-nodes-night-c6i-large",
      "town-nodes-riders-m5-xlarge-label",
      "town-nodes-riders-m5-2xlarge-label",
      "town-nodes-night-c6i-large-label",
      "town-coredns",
      "town-aws-ebs-csi-driver",
      "town-storage-class",
      "town-load-balancers",
      "town-autoscaler",
    ]);
  });

  it("can be planned in a first preview, with unknown outputs", async () => {
    const { result, resources } = await create({}, true);
    expect(await valueOf(result.clusterName)).toBe("bikes");
    expect(await valueOf(result.placement.securityGroupId)).toBe(UNKNOWN);
    expect(inputsOf(resources, "town-key")["policy"]).toBe(UNKNOWN);
    expect(inputsOf(resources, "town-kubernetes")["kubeconfig"]).toBe(UNKNOWN);
    expect(resources).toHaveLength((await town()).resources.length);
  });
});

describe("a cluster on AWS", () => {
  it.each([true, false])(
    "resources that cannot be recreated are protected twice: %s",
    async (protect) => {
      const { resources } = await create({ protect });
      const names = resources.filter((r) => r.options.protect === true).map(({ name }) => name);
      expect(names).toEqual(
        protect
          ? [
              "town-cluster",
              "town-flow-logs",
              "town-key",
              "town-logs",
              "town-network-nat-address-a",
              "town-network-nat-address-b",
              "town-network-nat-address-c",
              "town-network-vpc",
            ]
          : [],
      );
      expect(inputsOf(resources, "town-cluster")["deletionProtection"]).toBe(protect);
      expect(inputsOf(resources, "town-logs")["deletionProtectionEnabled"]).toBe(protect);
      expect(inputsOf(resources, "town-flow-logs")["deletionProtectionEnabled"]).toBe(protect);
    },
  );

  it("load balancers are deleted before their controller, and that before the network", async () => {
    const { result, resources } = await town();
    expect(result.ready.map(nameOf)).toContain("town-load-balancers");
    for (const { dependsOn } of ofKind(resources, "NodeGroup")) {
      expect(dependsOn).toEqual(
        expect.arrayContaining(["town-network-public-route", "town-network-private-route-a"]),
      );
    }
  });
});
