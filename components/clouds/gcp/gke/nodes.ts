import { createHash } from "node:crypto";
import * as container from "@pulumi/gcp/container";
import * as projects from "@pulumi/gcp/projects";
import * as serviceaccount from "@pulumi/gcp/serviceaccount";
import type * as pulumi from "@pulumi/pulumi";
import type { NodePool } from "../../../cluster/contract";
import { kept, type GkeArguments } from "./arguments";
import { POOL_LABEL, SYSTEM_POOL } from "../../../cluster/pools";

/** A node's own account may log, measure and pull images: pods have accounts of their own. */
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

/** Google allows 30 characters; a longer name is cut and told apart by a hash. */
export function nodeAccountId(clusterName: string): string {
  const whole = `${clusterName}-nodes`;
  if (whole.length <= 30) return whole;
  const hash = createHash("sha256").update(clusterName).digest("hex").slice(0, 6);
  return `${clusterName.slice(0, 17)}-${hash}-nodes`;
}

/** What all of the pools have in common. */
export interface PoolArguments extends Pick<
  GkeArguments,
  "clusterName" | "project" | "zones" | "labels"
> {
  readonly protect: boolean;
  readonly cluster: container.Cluster;
  readonly account: serviceaccount.Account;
}

/** Creation and upgrade go node by node. */
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
      // Counted by zone.
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
  // It begins with a node in each, which must not be more than it may have.
  const zones = args.zones.slice(0, nodes.max);
  return new container.NodePool(
    `${name}-pool-${label}`,
    {
      ...poolInputs(label, size, args),
      nodeLocations: [...zones],
      // Counted by zone, and only where the pool begins.
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
      // It replaces the pool, and Google reports a resized pool's own number.
      ignoreChanges: ["initialNodeCount"],
    },
  );
}

/** In a replacement the new pool stands before the old one is drained, which its name allows. */
const poolOptions = ({ protect }: PoolArguments) => ({
  protect,
  customTimeouts: SLOW,
  deleteBeforeReplace: false,
});

/**
 * Google's limit is 40 characters. The end changes with whatever would replace the pool, so that the new
 * one never meets the old one's name; pods find their pool by its label.
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

/** What every node has, also those of the pool with which Google begins. */
export function hardened(serviceAccount: pulumi.Input<string>) {
  return {
    serviceAccount,
    // The account's roles say what a node may do; a scope only ever narrows them.
    oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
    imageType: "COS_CONTAINERD",
    metadata: { "disable-legacy-endpoints": "true" },
    // Pods meet their own identity there, never the node's.
    workloadMetadataConfig: { mode: "GKE_METADATA" },
    shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
    kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
  };
}
