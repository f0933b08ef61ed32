import type * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../cluster/contract";
import type { BucketArguments } from "./arguments";
import type { ObjectStore } from "./contract";

type Options = pulumi.ComponentResourceOptions;

/** A bucket of another environment in the same account. */
export interface ForeignBucket {
  readonly bucket: string;
  readonly region: string;
}

export interface ObjectStorePlace {
  readonly placement: Placement;
  /**
   * Another region with a copy of every object, if the cloud supports it.
   * @default no copy
   */
  readonly replicaRegion?: string;
  /**
   * Buckets of other environments that pods with a grant may also read, if the cloud supports it.
   * @default none
   */
  readonly reads?: readonly ForeignBucket[];
}

/** One cloud's object storage. */
export interface ObjectStoreProvider {
  objectStore(
    name: string,
    place: ObjectStorePlace,
    args: BucketArguments,
    options: Options,
  ): ObjectStore;
  /** A bucket of another environment, to read from; undefined if the cloud cannot grant that. */
  foreignStore(name: string, bucket: ForeignBucket, options: Options): ObjectStore | undefined;
}
