import { ComponentError } from "../kit/component";
import type { ObjectStorePlace } from "../object-store/provider";

/** Of a cloud whose buckets are not copied to another region here. */
export function refuseReplica(
  name: string,
  { replicaRegion }: Pick<ObjectStorePlace, "replicaRegion">,
): void {
  if (replicaRegion === undefined) return;
  throw new ComponentError(
    `Object store ${name}`,
    "replicaRegion",
    `"${replicaRegion}"`,
    "left out, except for a bucket on Amazon",
    "Put the bucket itself into another region than the cluster's.",
  );
}
