import * as aws from "@pulumi/aws/provider";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../../settings";
import { environmentName } from "../../../settings/names";
import { placementOn, type Cluster } from "../../cluster/contract";
import { clusterRequirements, systemPool, workloadPools } from "../../cluster/requirements";
import type { BucketArguments } from "../../object-store/arguments";
import type { ObjectStore } from "../../object-store/contract";
import type { ObjectStorePlace } from "../../object-store/provider";
import type { SecretStore } from "../../secret-store/contract";
import type { Cloud, ClusterContext, SecretStoreContext } from "../contract";
import { secretStoreRequirements } from "../secrets";
import { ownerTags } from "../tags";
import { managedKafka, managedPostgres, managedRedis } from "./data";
import { route53Dns } from "./dns";
import { EksCluster } from "./eks/eks";
import { S3PrimaryStore } from "./s3/primary";
import { S3ObjectStore } from "./s3/s3";
import { AwsSecretStore } from "./secrets-manager";

type Options = pulumi.ComponentResourceOptions;

export const AWS: Cloud = {
  name: "aws",
  providers: (child, settings, options) => ({
    aws: createProvider(child("aws"), settings, options),
  }),
  cluster: createCluster,
  instanceTypes: ({ instanceTypes }) => instanceTypes ?? [],
  postgres: managedPostgres,
  redis: managedRedis,
  kafka: managedKafka,
  copiesBuckets: true,
  objectStore: createObjectStore,
  foreignStore: (name, bucket, options) => new S3PrimaryStore(name, bucket, options),
  secretStore: createSecretStore,
  dns: (_name, { settings, placement }) =>
    route53Dns({ placement: placementOn("aws", placement), zoneId: settings.dnsZoneId }),
};

/** Credentials are the engine's role or profile: a key in the stack would outlive its owner. */
function createProvider(
  name: string,
  settings: Settings,
  options: pulumi.CustomResourceOptions,
): aws.Provider {
  return new aws.Provider(
    name,
    {
      region: settings.region,
      // The accounts of the administrators: credentials for another account cannot create anything.
      allowedAccountIds: accountsOf(settings),
      defaultTags: { tags: ownerTags(settings) },
    },
    options,
  );
}

/** The account id in each principal's ARN, without duplicates. */
const accountsOf = ({ administrators }: Settings): string[] => [
  ...new Set(administrators.flatMap((arn) => arn.split(":")[4] ?? [])),
];

function createCluster(name: string, context: ClusterContext, options: Options): Cluster {
  const { settings } = context;
  return new EksCluster(
    name,
    {
      ...clusterRequirements(settings),
      zones: settings.zones,
      network: settings.network,
      systemPool: systemPool(settings),
      pools: workloadPools(settings).map(({ name: pool, nodes, instanceTypes }) => ({
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

/** The environment's key only exists in the cluster's region: a bucket elsewhere gets its own. */
function createObjectStore(
  name: string,
  { placement: where, replicaRegion, reads }: ObjectStorePlace,
  args: BucketArguments,
  options: Options,
): ObjectStore {
  const placement = placementOn("aws", where);
  return new S3ObjectStore(
    name,
    {
      ...args,
      placement,
      keyArn: args.region === placement.region ? placement.encryptionKeyArn : undefined,
      ...(replicaRegion === undefined ? {} : { replicaRegion }),
      ...(reads === undefined ? {} : { reads }),
    },
    options,
  );
}

/** Production's secrets can also be read in the recovery region, if the first one is lost. */
function replicaOf({ system, environment, region }: Settings) {
  const { recoveryRegion } = system.home;
  return environment === "prod" && recoveryRegion !== undefined && recoveryRegion !== region
    ? { replica: { region: recoveryRegion } }
    : {};
}

function createSecretStore(
  name: string,
  context: SecretStoreContext,
  options: Options,
): SecretStore {
  const { settings } = context;
  return new AwsSecretStore(
    name,
    {
      ...secretStoreRequirements(context),
      placement: placementOn("aws", context.placement),
      prefix: environmentName(settings),
      production: settings.production,
      ...replicaOf(settings),
    },
    options,
  );
}
