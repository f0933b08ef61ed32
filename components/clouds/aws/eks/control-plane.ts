import * as eks from "@pulumi/aws/eks";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, trust } from "../identity";
import { accessOf, createAccessGroup } from "./access";
import type { EksArguments } from "./arguments";
import type { EksNetwork } from "./network";

/** Creation took 13 to 16 minutes; a version upgrade takes longer. */
const SLOW = { create: "60m", update: "120m", delete: "60m" };

const LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

export interface Surroundings {
  readonly network: EksNetwork;
  readonly keyArn: pulumi.Output<string>;
  /** What exists before the cluster and outlives it. */
  readonly before: readonly pulumi.Resource[];
}

/**
 * The control plane. Its name, Service range, bootstrap settings (no add-ons, no permissions for
 * its creator) and encryption can only be changed by replacing it. EKS' own deletion protection
 * must be turned off in an earlier update.
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
      // EKS upgrades it when standard support ends, instead of charging for extended support.
      upgradePolicy: { supportType: "STANDARD" },
      zonalShiftConfig: { enabled: true },
      deletionProtection: args.protect,
    },
    pulumi.mergeOptions(options, {
      protect: args.protect,
      customTimeouts: SLOW,
      // Two clusters of the same name cannot exist at once.
      deleteBeforeReplace: true,
      // Without the role's permissions, EKS would leave interfaces and groups behind.
      dependsOn: [...rights, ...before],
    }),
  );
}

/** Always reachable from the network, and from the given ranges outside. */
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

/** Access entries for the administrators: nobody else has permissions at first. */
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
