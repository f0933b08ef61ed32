import * as autoscaling from "@pulumi/aws/autoscaling";
import * as ec2 from "@pulumi/aws/ec2";
import * as eks from "@pulumi/aws/eks";
import * as iam from "@pulumi/aws/iam";
import type * as pulumi from "@pulumi/pulumi";
import type { Range } from "../../../../systems/model";
import { Component, type ComponentOptions } from "../../../kit/component";
import { trust } from "../identity";
import type { EksArguments } from "./arguments";
import { POOL_LABEL, SYSTEM_POOL } from "../../../cluster/pools";

type NodesArguments = Pick<EksArguments, "clusterName" | "version" | "systemPool" | "pools"> & {
  readonly cluster: eks.Cluster;
  readonly subnetIds: readonly pulumi.Output<string>[];
  readonly keyArn: pulumi.Output<string>;
  /** What a node needs to start and become ready. */
  readonly after: readonly pulumi.Resource[];
};

/** Managed node groups of one instance type. */
export interface Group {
  readonly pool: string;
  readonly size: string;
  readonly nodes: Range;
}

/** For images, logs and scratch volumes of pods; EKS' default of 20 GiB holds few images. */
const DISK_GIB = 100;

/** The root device of Amazon Linux 2023: another name would add a second disk. */
const ROOT_DEVICE = "/dev/xvda";

/** The provider's own 60 minutes, set explicitly: draining a group's pods may take that long. */
const SLOW = { create: "60m", update: "60m", delete: "60m" };

/**
 * The node groups and their role. They hold no data, so they are not protected: a replacement is
 * created first, then the old nodes are drained. They use EKS' security group for the cluster.
 *
 * A group spans three zones, and a volume stays in its zone: the autoscaler cannot request a node
 * in a specific zone, so keep spare capacity in each for pods with volumes.
 */
export class EksNodes extends Component {
  readonly groups: readonly eks.NodeGroup[];
  /** The groups, with the tags that the autoscaler needs. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: NodesArguments, options: ComponentOptions) {
    super("cluster:EksNodes", name, { version: args.version }, options);
    const { role, rights } = this.createRole(args.clusterName);
    const template = this.createTemplate(args);
    const system = { pool: SYSTEM_POOL, size: args.systemPool.size, nodes: fixed(args.systemPool) };
    const made = [system, ...groupsOf(args.pools)].map((group) => ({
      group,
      resource: this.createGroup(args, group, role, rights, template),
    }));
    this.groups = made.map(({ resource }) => resource);
    this.ready = [
      ...this.groups,
      ...made
        .filter(({ group }) => group.pool !== SYSTEM_POOL)
        .map(({ group, resource }) => this.tellAutoscaler(group, resource)),
    ];
    this.publish();
  }

  /** The CNI has its own role: pods that get this one cannot change the network. */
  private createRole(clusterName: string): {
    readonly role: iam.Role;
    readonly rights: readonly pulumi.Resource[];
  } {
    const role = new iam.Role(
      this.child("role"),
      { description: `Nodes of ${clusterName}`, assumeRolePolicy: trust("ec2.amazonaws.com") },
      this.options(),
    );
    const rights = [
      ["worker", "AmazonEKSWorkerNodePolicy"],
      ["images", "AmazonEC2ContainerRegistryPullOnly"],
    ].map(
      ([suffix, policy]) =>
        new iam.RolePolicyAttachment(
          this.child(`role-${String(suffix)}`),
          { role: role.name, policyArn: `arn:aws:iam::aws:policy/${String(policy)}` },
          this.options(),
        ),
    );
    return { role, rights };
  }

  /** No type, image, profile or network interface: these are set only on the node group. */
  private createTemplate({ clusterName, keyArn }: NodesArguments): ec2.LaunchTemplate {
    return new ec2.LaunchTemplate(
      this.child("template"),
      {
        description: `Nodes of ${clusterName}`,
        updateDefaultVersion: true,
        blockDeviceMappings: [
          {
            deviceName: ROOT_DEVICE,
            ebs: {
              volumeType: "gp3",
              volumeSize: DISK_GIB,
              encrypted: "true",
              kmsKeyId: keyArn,
              deleteOnTermination: "true",
            },
          },
        ],
        // One hop: pods cannot reach the instance's identity, and have their own.
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
          instanceMetadataTags: "disabled",
        },
        tagSpecifications: ["instance", "volume"].map((resourceType) => ({
          resourceType,
          tags: { Name: `${clusterName}-node` },
        })),
      },
      this.options(),
    );
  }

  private createGroup(
    args: NodesArguments,
    { pool, size, nodes }: Group,
    role: iam.Role,
    rights: readonly pulumi.Resource[],
    template: ec2.LaunchTemplate,
  ): eks.NodeGroup {
    return new eks.NodeGroup(
      this.child(groupName(pool, size)),
      {
        clusterName: args.cluster.name,
        version: args.version,
        nodeRoleArn: role.arn,
        subnetIds: [...args.subnetIds],
        instanceTypes: [size],
        amiType: imageOf(size),
        capacityType: "ON_DEMAND",
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        scalingConfig: { minSize: nodes.min, maxSize: nodes.max, desiredSize: nodes.min },
        updateConfig: { maxUnavailablePercentage: 33 },
        nodeRepairConfig: { enabled: true },
        labels: { [POOL_LABEL]: pool },
        tags: {
          Name: `${args.clusterName}-${pool}`,
          "k8s.io/cluster-autoscaler/enabled": "true",
          [`k8s.io/cluster-autoscaler/${args.clusterName}`]: "owned",
        },
      },
      this.options({
        customTimeouts: SLOW,
        dependsOn: [...rights, ...args.after],
        // The autoscaler sets the number, if it can vary. A change of the range sends the number of the state along.
        ignoreChanges: nodes.min === nodes.max ? [] : ["scalingConfig.desiredSize"],
      }),
    );
  }

  /** Labels for the autoscaler, which EKS does not provide while a group has no node. */
  private tellAutoscaler({ pool, size }: Group, group: eks.NodeGroup): autoscaling.Tag {
    return new autoscaling.Tag(
      this.child(`${groupName(pool, size)}-label`),
      {
        autoscalingGroupName: group.resources.apply(
          (resources) => resources[0]?.autoscalingGroups[0]?.name ?? "",
        ),
        tag: {
          key: `k8s.io/cluster-autoscaler/node-template/label/${POOL_LABEL}`,
          value: pool,
          propagateAtLaunch: false,
        },
      },
      this.options(),
    );
  }
}

const fixed = ({ nodes }: { readonly nodes: number }): Range => ({ min: nodes, max: nodes });

const groupName = (pool: string, size: string): string => `${pool}-${size.replace(".", "-")}`;

/** The node groups of the workload pools, each with its share of the pool's nodes. */
export function groupsOf(pools: EksArguments["pools"]): readonly Group[] {
  return pools.flatMap(({ name, sizes, nodes }) =>
    sizes.map((size, index) => ({
      pool: name,
      size,
      nodes: {
        min: share(nodes.min, sizes.length, index),
        max: share(nodes.max, sizes.length, index),
      },
    })),
  );
}

/** The share of one of several groups: an equal part, and the first ones get the remainder. */
const share = (whole: number, parts: number, index: number): number =>
  Math.floor(whole / parts) + (index < whole % parts ? 1 : 0);

/** Amazon Linux 2023 for the processor: Graviton families have a `g` after their number. */
export function imageOf(size: string): string {
  const isArm = /^(a1|[a-z]+\d+g[a-z-]*)\./.test(size);
  return isArm ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD";
}
