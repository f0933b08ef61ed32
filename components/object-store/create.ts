import type * as pulumi from "@pulumi/pulumi";
import type { AwsPlacement, Placement } from "../cluster/contract";
import { ComponentError } from "../kit/component";
import type { BucketArguments } from "./arguments";
import type { ObjectStore } from "./contract";
import { ExternalObjectStore, type ExternalObjectStoreArguments } from "./external";
import { GcsObjectStore } from "../clouds/gcp/gcs";
import { S3ObjectStore } from "../clouds/aws/s3/s3";
import type { S3PrimaryArguments } from "../clouds/aws/s3/primary";
import { SpacesObjectStore } from "../clouds/digitalocean/spaces";

/** Where a bucket is made: in the cluster's cloud, unless there is one elsewhere. */
export interface StorePlace {
  readonly placement: Placement;
  /**
   * A bucket that exists already; of `BucketArguments` nothing is then used.
   * @default none: needed where the cluster belongs to no cloud
   */
  readonly external?: ExternalObjectStoreArguments;
  /**
   * Another region in which a copy of every object is kept. Amazon only.
   * @default no copy
   */
  readonly replicaRegion?: string;
  /**
   * Buckets of other environments that pods with a grant may read too. Amazon only.
   * @default none
   */
  readonly reads?: readonly S3PrimaryArguments[];
}

/** The one place that knows all of the clouds' object storages. */
export function createObjectStore(
  name: string,
  where: StorePlace,
  args: BucketArguments,
  options: pulumi.ComponentResourceOptions,
): ObjectStore {
  checkPlace(name, where);
  const { placement, external } = where;
  if (external !== undefined) return new ExternalObjectStore(name, external, options);
  switch (placement.cloud) {
    case "digitalocean":
      return new SpacesObjectStore(name, args, options);
    case "aws":
      return createS3(name, placement, where, args, options);
    case "gcp":
      return new GcsObjectStore(name, { ...args, placement }, options);
    case "existing":
      return refuseExisting(name);
  }
}

/** The environment's key is of the cluster's region: elsewhere the bucket gets one of its own. */
function createS3(
  name: string,
  placement: AwsPlacement,
  { replicaRegion, reads }: StorePlace,
  args: BucketArguments,
  options: pulumi.ComponentResourceOptions,
): ObjectStore {
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

function refuseExisting(name: string): never {
  throw new ComponentError(
    `Object store ${name}`,
    "external",
    "missing",
    "a bucket that exists already, where the cluster belongs to no cloud",
    "Give its endpoint, name, region and keys.",
  );
}

/** Pure. */
export function checkPlace(name: string, { placement, external, replicaRegion }: StorePlace): void {
  if (placement.cloud === "existing" && external === undefined) refuseExisting(name);
  if (replicaRegion === undefined) return;
  if (placement.cloud === "aws" && external === undefined) return;
  throw new ComponentError(
    `Object store ${name}`,
    "replicaRegion",
    `"${replicaRegion}"`,
    "left out, except for a bucket on Amazon",
    "Put the bucket itself into another region than the cluster's.",
  );
}
