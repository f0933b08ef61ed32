/** What is lost while the engine's state is kept: the cluster, one namespace, or the state itself. */
import { faultsOf, recover, whole, type Scenario } from "./scenario";

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

export const STATE_LOST: Scenario = {
  name: "state-lost",
  summary: "the state is gone, the environment runs: the newest copy of the state is enough",
  needs: "environment",
  leaves: "environment",
  play: async (rehearsal) => {
    const kept = faultsOf(await recover(rehearsal, "Keep a copy of the state"));
    if (kept.length > 0) return kept;
    rehearsal.loseState();
    const faults = faultsOf(await recover(rehearsal, "The state is lost"));
    return faults.length > 0 ? faults : whole(rehearsal);
  },
};
