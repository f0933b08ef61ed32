/** What is lost while the engine's state is kept: the cluster, or one namespace. */
import type { Rehearsal } from "../rehearsal";
import { changed, faultsOf, missing, recover, type Scenario } from "./scenario";
import { unready } from "./objects";

/** After a recovery everything is back, and another `up` finds nothing to do. */
async function whole(rehearsal: Rehearsal): Promise<readonly string[]> {
  const again = await recover(rehearsal, "Rebuild from nothing");
  return [
    ...(await missing(rehearsal)),
    ...(await unready(rehearsal)),
    ...faultsOf(again),
    ...changed(again),
  ];
}

export const CLUSTER_LOST: Scenario = {
  name: "cluster-lost",
  summary: "the cluster is gone, the state is kept: everything in it comes back",
  needs: "environment",
  leaves: "environment",
  unfit: ({ plan }) =>
    plan.cloud === "existing" ? "the stack does not create its cluster" : undefined,
  play: async (rehearsal) => {
    await rehearsal.loseCluster();
    const faults = faultsOf(await recover(rehearsal, "The cluster is lost"));
    return faults.length > 0 ? faults : whole(rehearsal);
  },
};

export const NAMESPACE_DELETED: Scenario = {
  name: "namespace-deleted",
  summary: "the system's namespace is deleted by hand: everything in it comes back",
  needs: "environment",
  leaves: "environment",
  play: async (rehearsal) => {
    const lost = await rehearsal.run("lose", 'kubectl delete namespace "$NAMESPACE" --timeout=5m');
    const faults = faultsOf(lost);
    if (faults.length > 0) return faults;
    const recovered = faultsOf(await recover(rehearsal, "A namespace is deleted"));
    return recovered.length > 0 ? recovered : whole(rehearsal);
  },
};
