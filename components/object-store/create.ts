import type * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../cluster/contract";
import { ComponentError } from "../component";
import type { BucketArguments } from "./arguments";
import type { ObjectStore } from "./contract";
import { SpacesObjectStore } from "./spaces";

/** Where a bucket is made: beside the cluster, in the cluster's cloud. */
export interface StorePlace {
  readonly placement: Placement;
}

/** The cluster's cloud decides whose object storage it is. */
export function createObjectStore(
  name: string,
  { placement }: StorePlace,
  args: BucketArguments,
  options: pulumi.ComponentResourceOptions,
): ObjectStore {
  switch (placement.cloud) {
    case "digitalocean":
      return new SpacesObjectStore(name, args, options);
    default:
      throw new ComponentError(
        `Object store ${name}`,
        "cloud",
        `"${placement.cloud}"`,
        '"digitalocean"',
        "Set runstack:cloud.",
      );
  }
}
