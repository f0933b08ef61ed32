import * as eks from "@pulumi/aws/eks";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, trust } from "../identity";
import { accessOf, createAccessGroup } from "./access";
import type { EksArguments } from "./arguments";
import type { EksNetwork } from "./network";

/** Creation was seen to take 13 to 16 minutes; an upgrade of the version takes longer. */
const SLOW = { create: "60m", update: "120m", delete: "60m" };

const LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

export interface Surroundings {
  readonly network: EksNetwork;
  readonly keyArn: pulumi.Output<string>;
  /** What exists before the cluster and outlives it. */
  readonly before: readonly pulumi.Resource[];
}

/**
 * The control plane. Its name, range of Services, bare start (no add-ons, no rights for whoever
 * creates it) and encryption can only be changed by replacing it; EKS' own deletion protection is
 * lifted in an update of its own.
 */
export function createControlPlane(
  name: string,
  args: EksArguments,
  { network, keyArn, before }: Surroundings,
  options: pulumi.CustomResourceOptions,
): eks.Cluster {
  const { role, rights } = createRole(name, args.clusterName, keyArn, options);
  const access = createAccessGroup(name, args, network, options);
  return new eks.Cluster(
    `${name}-cluster`,
    {
      name: args.clusterName,
      version: args.version,
      roleArn: role.arn,
      accessConfig: {
        authenticationMode: "API",
        bootstrapClusterCreatorAdminPermissions: false,
      },
      bootstrapSelfManagedAddons: false,
      vpcConfig: {
        subnetIds: [...network.privateSubnetIds],
        securityGroupIds: [access.id],
        ...endpoints(args),
      },
      kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: args.network.services },
      encryptionConfig: { provider: { keyArn }, resources: ["secrets"] },
      enabledClusterLogTypes: LOGS,
      // Upgraded by EKS when standard support ends, instead of paying for more.
      upgradePolicy: { supportType: "STANDARD" },
      zonalShiftConfig: { enabled: true },
      deletionProtection: args.protect,
    },
    pulumi.mergeOptions(options, {
      protect: args.protect,
      customTimeouts: SLOW,
      // Two of one name cannot stand beside each other.
      deleteBeforeReplace: true,
      // Rights that went first would leave interfaces and security groups of EKS behind.
      dependsOn: [...rights, ...before],
    }),
  );
}

/** Reached from inside always, and from outside by whoever is named. */
function endpoints({ controlPlaneAccess }: EksArguments) {
  const cidrs = accessOf(controlPlaneAccess).public;
  const isPublic = cidrs.length > 0;
  return {
    endpointPrivateAccess: true,
    endpointPublicAccess: isPublic,
    ...(isPublic ? { publicAccessCidrs: [...cidrs] } : {}),
  };
}

function createRole(
  name: string,
  clusterName: string,
  keyArn: pulumi.Output<string>,
  options: pulumi.CustomResourceOptions,
): { readonly role: iam.Role; readonly rights: readonly pulumi.Resource[] } {
  const role = new iam.Role(
    `${name}-role`,
    {
      description: `Control plane of ${clusterName}`,
      assumeRolePolicy: trust("eks.amazonaws.com"),
    },
    options,
  );
  const attachment = new iam.RolePolicyAttachment(
    `${name}-role-cluster`,
    { role: role.name, policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" },
    options,
  );
  const encryption = new iam.RolePolicy(
    `${name}-role-encryption`,
    {
      role: role.name,
      policy: policyDocument([
        {
          actions: ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
          resources: [keyArn],
        },
      ]),
    },
    options,
  );
  return { role, rights: [attachment, encryption] };
}

/** Rights of their own for those who administrate: nobody else has any at the start. */
export function createAdministrators(
  name: string,
  administrators: readonly string[],
  cluster: eks.Cluster,
  options: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  return administrators.map((principalArn) => {
    const suffix = `administrator-${slug(principalArn)}`;
    const entry = new eks.AccessEntry(
      `${name}-${suffix}`,
      { clusterName: cluster.name, principalArn, type: "STANDARD" },
      options,
    );
    return new eks.AccessPolicyAssociation(
      `${name}-${suffix}-policy`,
      {
        clusterName: cluster.name,
        principalArn,
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        accessScope: { type: "cluster" },
      },
      pulumi.mergeOptions(options, { dependsOn: [entry] }),
    );
  });
}

/** `123456789012-role-deployer`: account, kind and name. */
const slug = (arn: string): string =>
  arn
    .replace(/^arn:aws:iam::/, "")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .toLowerCase();
