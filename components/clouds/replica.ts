import { enforce, quoted } from "../kit/validation";
import type { ObjectStorePlace } from "../object-store/provider";

/** For a cloud whose buckets are not replicated to another region. */
export function refuseReplica(
  name: string,
  { replicaRegion }: Pick<ObjectStorePlace, "replicaRegion">,
): void {
  enforce(`Object store ${name}`, [
    {
      holds: replicaRegion === undefined,
      key: "replicaRegion",
      value: quoted(replicaRegion ?? ""),
      allowed: "unset, except for a bucket on Amazon",
      next: "Put the bucket itself into a region other than the cluster's.",
    },
  ]);
}
