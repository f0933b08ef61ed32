/** What the cluster says of its workloads. */
import type { Rehearsal } from "../rehearsal";

interface Workload {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly replicas?: number };
  readonly status: {
    readonly readyReplicas?: number;
    readonly numberReady?: number;
    readonly desiredNumberScheduled?: number;
  };
}

/** Workloads of the cluster that lack ready pods, and parts of it that ended or cannot go on, a sentence each. */
export async function unready(rehearsal: Rehearsal): Promise<readonly string[]> {
  const { items } = await rehearsal.objects("deployments,statefulsets,daemonsets");
  const workloads = (items as readonly Workload[]).flatMap(({ kind, metadata, spec, status }) => {
    const wanted = status.desiredNumberScheduled ?? spec.replicas ?? 1;
    const ready = status.numberReady ?? status.readyReplicas ?? 0;
    return ready >= wanted
      ? []
      : [`${kind} ${metadata.namespace}/${metadata.name} has ${ready} of ${wanted} pods ready`];
  });
  return [...workloads, ...rehearsal.clusters.latest.complaints()];
}
