import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings";
import type { Range, System } from "../../systems/model";
import { hours } from "../../systems/units";
import { COMPATIBLE_KUBERNETES } from "../../versions";
import type { Cluster } from "./contract";
import { DoksCluster } from "../clouds/digitalocean/doks";
import { EksCluster } from "../clouds/aws/eks/eks";
import { ExistingCluster } from "../clouds/existing/existing";
import { GkeCluster } from "../clouds/gcp/gke/gke";
import type { ImageRepository } from "../clouds/gcp/gke/arguments";

export interface ClusterContext {
  readonly settings: Settings;
  readonly tags: readonly string[];
  /** Secret: the text of a kubeconfig, where an existing cluster is not in the engine's own. */
  readonly kubeconfig: pulumi.Output<string> | undefined;
}

/** Chooses the cluster's implementation: the one place that knows them all. */
export function createCluster(
  name: string,
  context: ClusterContext,
  options: pulumi.ComponentResourceOptions,
): Cluster {
  switch (context.settings.cloud) {
    case "digitalocean":
      return doks(name, context, options);
    case "aws":
      return eks(name, context, options);
    case "gcp":
      return gke(name, context, options);
    case "existing":
      return existing(name, context, options);
  }
}

/** What all clouds are told alike. */
function shared({ settings }: ClusterContext) {
  const { system, environment } = settings;
  return {
    // Production keeps the runbook's own name, which its commands use.
    clusterName:
      environment === "prod" ? system.cluster.name : `${system.cluster.name}-${environment}`,
    region: settings.region,
    version: settings.kubernetesVersion,
    maintenance: system.maintenance,
    highlyAvailable: settings.production,
    controlPlaneAccess: settings.controlPlaneAccess,
    protect: settings.protection.cluster,
  };
}

/** Prometheus, the gateway and the control planes of Dapr and KEDA: one more than they need, for one to drain. */
const systemPool = ({ systemNodeSize, production }: Settings) => ({
  size: systemNodeSize,
  nodes: production ? 3 : 2,
});

interface Pool {
  readonly name: string;
  readonly nodes: Range;
  readonly instanceTypes: readonly string[];
}

/** The runbook's pools; the stack sizes the first, which carries everything that names no pool. */
function pools({ system, nodes, production }: Settings): readonly Pool[] {
  const [first, ...others] = system.cluster.pools;
  return [
    { name: first?.name ?? "default", nodes, instanceTypes: first?.instanceTypes ?? [] },
    ...others.map(({ name, nodes: range, instanceTypes = [] }) => ({
      name,
      nodes: production ? range : { min: 0, max: Math.min(range.max, 2) },
      instanceTypes,
    })),
  ];
}

/** DigitalOcean has one size a pool and no empty pools: everything runs in the first. */
function doks(
  name: string,
  context: ClusterContext,
  options: pulumi.ComponentResourceOptions,
): Cluster {
  const { settings, tags } = context;
  const [pool] = pools(settings);
  return new DoksCluster(
    name,
    {
      ...shared(context),
      network: settings.network,
      systemPool: systemPool(settings),
      pool: {
        name: pool?.name ?? "default",
        size: settings.nodeSize,
        nodes: settings.nodes,
        protect: settings.protection.nodes,
      },
      registryIntegration: settings.registryIntegration,
      tags,
    },
    options,
  );
}

function eks(
  name: string,
  context: ClusterContext,
  options: pulumi.ComponentResourceOptions,
): Cluster {
  const { settings } = context;
  return new EksCluster(
    name,
    {
      ...shared(context),
      zones: settings.zones,
      network: settings.network,
      systemPool: systemPool(settings),
      pools: pools(settings).map(({ name: pool, nodes, instanceTypes }) => ({
        name: pool,
        nodes,
        sizes: instanceTypes.length === 0 ? [settings.nodeSize] : instanceTypes,
      })),
      administrators: settings.administrators,
      chartMirror: settings.chartMirror,
    },
    options,
  );
}

function gke(
  name: string,
  context: ClusterContext,
  options: pulumi.ComponentResourceOptions,
): Cluster {
  const { settings } = context;
  const { system, environment, project } = settings;
  return new GkeCluster(
    name,
    {
      ...shared(context),
      // Google counts no shorter window, and would upgrade outside of it.
      maintenance: {
        ...system.maintenance,
        duration: hours(Math.max(4, system.maintenance.duration.seconds / 3600)),
      },
      project,
      protectNodes: settings.protection.nodes,
      zones: settings.zones,
      network: settings.network,
      systemPool: systemPool(settings),
      pools: pools(settings).map(({ name: pool, nodes }) => ({
        name: pool,
        nodes,
        size: settings.nodeSize,
      })),
      imageRepositories: imageRepositories(settings).map((repository) => ({
        ...repository,
        exists: settings.imageRepository === "adopt",
      })),
      labels: { system: system.id, environment },
    },
    options,
  );
}

/** The repositories of the stack's own project from which its images come. Pure. */
export function imageRepositories({
  images,
  project,
}: Pick<Settings, "images" | "project">): readonly ImageRepository[] {
  const found = Object.values(images).flatMap((image): ImageRepository[] => {
    const [host = "", owner, repository] = image.split("/");
    if (owner !== project) return [];
    // The old registry's hosts are answered by repositories of that name in these locations.
    const old = { "gcr.io": "us", "us.gcr.io": "us", "eu.gcr.io": "europe", "asia.gcr.io": "asia" };
    if (host in old) return [{ name: host, location: old[host as keyof typeof old] }];
    const location = /^([a-z0-9-]+)-docker\.pkg\.dev$/.exec(host)?.[1];
    return location === undefined || repository === undefined
      ? []
      : [{ name: repository, location }];
  });
  return [...new Map(found.map((one) => [`${one.location}/${one.name}`, one])).values()];
}

/** What the platform's charts bring as part of their releases: a second installation would fail. */
const HELM_OWNED = [
  { definition: "certificates.cert-manager.io", namespace: "cert-manager" },
  { definition: "scaledobjects.keda.sh", namespace: "keda" },
];

function existing(
  name: string,
  { settings, kubeconfig }: ClusterContext,
  options: pulumi.ComponentResourceOptions,
): Cluster {
  return new ExistingCluster(
    name,
    {
      context: settings.kubeContext,
      kubeconfig,
      region: settings.region,
      storageClass: settings.storageClass,
      loadBalancerAnnotations: settings.loadBalancerAnnotations,
      podCidr: settings.network.pods,
      serviceCidr: settings.network.services,
      hasMetricsServer: settings.metricsServer === "adopt",
      workloadNodes: {},
      versions: COMPATIBLE_KUBERNETES,
      helmOwned: HELM_OWNED,
    },
    options,
  );
}

/** Instance types are Amazon's words: elsewhere a runbook's are a size that the stack has chosen. */
export const instanceTypesOf = (
  { cloud }: Pick<Settings, "cloud">,
  { instanceTypes }: System["services"][number],
): readonly string[] => (cloud === "aws" ? (instanceTypes ?? []) : []);
