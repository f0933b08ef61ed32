import { createHash } from "node:crypto";
import * as container from "@pulumi/gcp/container";
import * as projects from "@pulumi/gcp/projects";
import * as serviceaccount from "@pulumi/gcp/serviceaccount";
import type * as pulumi from "@pulumi/pulumi";
import type { NodePool } from "../../../cluster/contract";
import { kept, type GkeArguments } from "./arguments";
import { POOL_LABEL, SYSTEM_POOL } from "../../../cluster/pools";

/** The nodes' own account may log, report metrics and pull images: pods have their own accounts. */
export interface NodeAccount {
  readonly account: serviceaccount.Account;
  readonly logs: projects.IAMMember;
}

export function createNodeAccount(
  name: string,
  { clusterName, project }: Pick<GkeArguments, "clusterName" | "project">,
  options: pulumi.CustomResourceOptions,
): NodeAccount {
  const account = new serviceaccount.Account(
    `${name}-node-account`,
    {
      accountId: nodeAccountId(clusterName),
      project,
      displayName: `Nodes of ${clusterName}`,
    },
    options,
  );
  const logs = new projects.IAMMember(
    `${name}-node-role`,
    { project, role: "roles/container.defaultNodeServiceAccount", member: account.member },
    options,
  );
  return { account, logs };
}

/** Google allows 30 characters; a longer name is shortened and gets a hash. */
export function nodeAccountId(clusterName: string): string {
  const whole = `${clusterName}-nodes`;
  if (whole.length <= 30) return whole;
  const hash = createHash("sha256").update(clusterName).digest("hex").slice(0, 6);
  return `${clusterName.slice(0, 17)}-${hash}-nodes`;
}

/** The common arguments of all pools. */
export interface PoolArguments extends Pick<
  GkeArguments,
  "clusterName" | "project" | "zones" | "labels"
> {
  readonly protect: boolean;
  readonly cluster: container.Cluster;
  readonly account: serviceaccount.Account;
}

/** Creation and upgrade work node by node. */
const SLOW = { create: "60m", update: "120m", delete: "120m" };

export function createSystemPool(
  name: string,
  { size, nodes }: GkeArguments["systemPool"],
  args: PoolArguments,
  options: pulumi.CustomResourceOptions,
): container.NodePool {
  const zones = args.zones.slice(0, nodes);
  return new container.NodePool(
    `${name}-${SYSTEM_POOL}`,
    {
      ...poolInputs(SYSTEM_POOL, size, args),
      nodeLocations: [...zones],
      // Google counts it per zone.
      nodeCount: nodes / zones.length,
    },
    { ...options, ...poolOptions(args) },
  );
}

export function createPool(
  name: string,
  { name: label, size, nodes }: NodePool,
  args: PoolArguments,
  options: pulumi.CustomResourceOptions,
): container.NodePool {
  // It starts with a node in each zone, which must not exceed its maximum.
  const zones = args.zones.slice(0, nodes.max);
  return new container.NodePool(
    `${name}-pool-${label}`,
    {
      ...poolInputs(label, size, args),
      nodeLocations: [...zones],
      // Counted per zone, and only used at creation.
      ...(nodes.min === 0
        ? {}
        : { initialNodeCount: Math.max(1, Math.floor(nodes.min / zones.length)) }),
      autoscaling: {
        totalMinNodeCount: nodes.min,
        totalMaxNodeCount: nodes.max,
        locationPolicy: "BALANCED",
      },
      ignoreNodeCountChanges: true,
    },
    {
      ...options,
      ...poolOptions(args),
      // A change would replace the pool, and Google returns the current number of a resized pool.
      ignoreChanges: ["initialNodeCount"],
    },
  );
}

/** On replacement the new pool comes first, which its generated name allows. */
const poolOptions = ({ protect }: PoolArguments) => ({
  protect,
  customTimeouts: SLOW,
  deleteBeforeReplace: false,
});

/**
 * Google's limit is 40 characters. The suffix changes with everything that would replace the pool,
 * so that the new one never clashes with the old one's name; pods select their pool by its label.
 */
export function poolName(label: string, clusterName: string): string {
  const { oauthScopes, metadata, shieldedInstanceConfig } = hardened("");
  const replacing = [nodeAccountId(clusterName), oauthScopes, metadata, shieldedInstanceConfig];
  const hash = createHash("sha256").update(JSON.stringify(replacing)).digest("hex");
  return `${label}-${hash.slice(0, 6)}`;
}

function poolInputs(label: string, size: string, args: PoolArguments) {
  return {
    name: poolName(label, args.clusterName),
    project: args.project,
    cluster: args.cluster.id,
    management: { autoRepair: true, autoUpgrade: true },
    upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
    nodeDrainConfigs: [{ respectPdbDuringNodePoolDeletion: true }],
    nodeConfig: {
      ...hardened(args.account.email),
      machineType: size,
      diskType: "pd-balanced",
      diskSizeGb: 100,
      labels: { [POOL_LABEL]: label },
      resourceLabels: { ...args.labels },
    },
    ...kept(args.protect),
  };
}

/** Common to all nodes, including those of the initial pool. */
export function hardened(serviceAccount: pulumi.Input<string>) {
  return {
    serviceAccount,
    // The account's roles decide what a node may do; a scope can only restrict them.
    oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
    imageType: "COS_CONTAINERD",
    metadata: { "disable-legacy-endpoints": "true" },
    // Pods get their own identity from it, never the node's.
    workloadMetadataConfig: { mode: "GKE_METADATA" },
    shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
    kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
  };
}
