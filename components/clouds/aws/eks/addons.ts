import * as eks from "@pulumi/aws/eks";
import * as pulumi from "@pulumi/pulumi";
import { EKS, type EksVersions } from "../../../../versions";
import { podRole, type Statement } from "../identity";
import type { EksArguments } from "./arguments";
import { storagePolicy } from "./storage-policy";

type AddonName = keyof EksVersions["addons"];

/** A little longer than the provider's timeout, which an add-on without room waits out. */
const SLOW = { create: "30m", update: "30m", delete: "40m" };

export type AddonArguments = Pick<EksArguments, "version"> & {
  readonly cluster: eks.Cluster;
};

interface Settings {
  readonly configuration?: Readonly<Record<string, unknown>>;
  readonly identity?: {
    readonly serviceAccount: string;
    readonly statements: readonly Statement[];
  };
  readonly after?: readonly pulumi.Resource[];
}

/**
 * Permissions of the CNI: the project's own policy (aws/amazon-vpc-cni-k8s, docs/iam-policy.md,
 * August 2026), which is AWS' AmazonEKS_CNI_Policy.
 */
const CNI: readonly Statement[] = [
  {
    actions: [
      "ec2:AssignPrivateIpAddresses",
      "ec2:AttachNetworkInterface",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeInstances",
      "ec2:DescribeInstanceTypes",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
      "ec2:DescribeTags",
      "ec2:DetachNetworkInterface",
      "ec2:ModifyNetworkInterfaceAttribute",
      "ec2:UnassignPrivateIpAddresses",
    ],
    resources: ["*"],
  },
  { actions: ["ec2:CreateTags"], resources: ["arn:aws:ec2:*:*:network-interface/*"] },
];

/** Without these no node becomes ready: they are created before the first one. */
export interface FirstAddons {
  /** Gives pods the permissions of their ServiceAccount. */
  readonly identityAgent: eks.Addon;
  readonly all: readonly eks.Addon[];
}

export function createFirstAddons(
  name: string,
  args: AddonArguments,
  options: pulumi.CustomResourceOptions,
): FirstAddons {
  const identityAgent = addon(name, "eks-pod-identity-agent", args, {}, options);
  const network = addon(
    name,
    "vpc-cni",
    args,
    {
      // A string, not a boolean, because of the add-on's schema. It is off by default, and then
      // network policies are accepted and ignored.
      configuration: { enableNetworkPolicy: "true" },
      identity: { serviceAccount: "aws-node", statements: CNI },
      after: [identityAgent],
    },
    options,
  );
  const proxy = addon(name, "kube-proxy", args, {}, options);
  return { identityAgent, all: [identityAgent, network, proxy] };
}

const DNS = {
  autoScaling: { enabled: true, minReplicas: 2, maxReplicas: 10 },
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: "topology.kubernetes.io/zone",
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
  ],
};

/** These run as Deployments: without nodes they stay degraded until they time out. */
export function createLastAddons(
  name: string,
  args: AddonArguments & {
    readonly keyArn: pulumi.Output<string>;
    readonly after: readonly pulumi.Resource[];
  },
  options: pulumi.CustomResourceOptions,
): readonly eks.Addon[] {
  return [
    addon(name, "coredns", args, { configuration: DNS, after: args.after }, options),
    addon(
      name,
      "aws-ebs-csi-driver",
      args,
      {
        // The default class is created here, with the environment's key.
        configuration: { defaultStorageClass: { enabled: false } },
        identity: {
          serviceAccount: "ebs-csi-controller-sa",
          statements: storagePolicy(args.keyArn),
        },
        after: args.after,
      },
      options,
    ),
  ];
}

function addon(
  name: string,
  addonName: AddonName,
  { cluster, version }: AddonArguments,
  { configuration, identity, after = [] }: Settings,
  options: pulumi.CustomResourceOptions,
): eks.Addon {
  const addonVersion = EKS[version]?.addons[addonName];
  const rights = identity === undefined ? undefined : rightsOf(name, addonName, identity, options);
  return new eks.Addon(
    `${name}-${addonName}`,
    {
      clusterName: cluster.name,
      addonName,
      ...(addonVersion === undefined ? {} : { addonVersion }),
      ...(configuration === undefined
        ? {}
        : { configurationValues: JSON.stringify(configuration) }),
      ...(rights === undefined ? {} : { podIdentityAssociations: [rights.association] }),
      // Overwrites manual changes.
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
    },
    pulumi.mergeOptions(options, {
      customTimeouts: SLOW,
      dependsOn: [...after, ...(rights === undefined ? [] : [rights.policy])],
    }),
  );
}

/** The add-on creates the association itself, because it starts its own pods. */
function rightsOf(
  name: string,
  addonName: AddonName,
  { serviceAccount, statements }: NonNullable<Settings["identity"]>,
  options: pulumi.CustomResourceOptions,
) {
  const { role, policy } = podRole(
    `${name}-${addonName}`,
    { account: { namespace: "kube-system", serviceAccount }, statements },
    options,
  );
  return { policy, association: { serviceAccount, roleArn: role.arn } };
}
