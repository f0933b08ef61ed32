import * as gcp from "@pulumi/gcp/provider";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../../settings";
import { environmentName } from "../../../settings/names";
import { hours } from "../../../systems/units";
import { placementOn, type Cluster } from "../../cluster/contract";
import { clusterRequirements, systemPool, workloadPools } from "../../cluster/requirements";
import type { SecretStore } from "../../secret-store/contract";
import type { Cloud, ClusterContext, SecretStoreContext } from "../contract";
import { refuseReplica } from "../replica";
import { secretStoreRequirements } from "../secrets";
import { ownerTags } from "../tags";
import { managedKafka, managedPostgres, managedRedis } from "./data";
import { cloudDns } from "./dns";
import { GcsObjectStore } from "./gcs";
import { GkeCluster } from "./gke/gke";
import { imageRepositories } from "./repositories";
import { GoogleSecretStore } from "./secret-manager";

type Options = pulumi.ComponentResourceOptions;

export const GCP: Cloud = {
  name: "gcp",
  providers: (child, settings, options) => ({
    gcp: createProvider(child("gcp"), settings, options),
  }),
  cluster: createCluster,
  instanceTypes: () => [],
  postgres: managedPostgres,
  redis: managedRedis,
  kafka: managedKafka,
  copiesBuckets: false,
  objectStore: (name, place, args, options) => {
    refuseReplica(name, place);
    return new GcsObjectStore(
      name,
      { ...args, placement: placementOn("gcp", place.placement) },
      options,
    );
  },
  foreignStore: () => undefined,
  secretStore: createSecretStore,
  dns: (_name, { settings, placement }) =>
    cloudDns({
      placement: placementOn("gcp", placement),
      zoneId: settings.dnsZoneId,
      accountId: `${environmentName(settings)}-dns`,
      challengeAccountId: `${environmentName(settings)}-acme`,
    }),
};

function createProvider(
  name: string,
  settings: Settings,
  options: pulumi.CustomResourceOptions,
): gcp.Provider {
  return new gcp.Provider(
    name,
    {
      project: settings.project,
      region: settings.region,
      defaultLabels: ownerTags(settings),
      addPulumiAttributionLabel: false,
      // API calls use the quota and billing of the stack's own project.
      userProjectOverride: true,
      billingProject: settings.project,
    },
    options,
  );
}

function createCluster(name: string, context: ClusterContext, options: Options): Cluster {
  const { settings } = context;
  const { system, environment, project } = settings;
  return new GkeCluster(
    name,
    {
      ...clusterRequirements(settings),
      // Google ignores shorter windows, and would upgrade at other times.
      maintenance: {
        ...system.maintenance,
        duration: hours(Math.max(4, system.maintenance.duration.seconds / 3600)),
      },
      project,
      protectNodes: settings.protection.nodes,
      zones: settings.zones,
      network: settings.network,
      systemPool: systemPool(settings),
      pools: workloadPools(settings).map(({ name: pool, nodes }) => ({
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

function createSecretStore(
  name: string,
  context: SecretStoreContext,
  options: Options,
): SecretStore {
  const { environment, incarnation, region } = context.settings;
  const prefix = environmentName(context.settings);
  return new GoogleSecretStore(
    name,
    {
      ...secretStoreRequirements(context),
      placement: placementOn("gcp", context.placement),
      accountId: `${prefix}-secrets`,
      // Production uses the runbook's names, because its commands use them; until it is built again.
      ...(environment === "prod" && incarnation === 1 ? {} : { prefix }),
      locations: [region],
    },
    options,
  );
}
