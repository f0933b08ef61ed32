/** Pods without a controller. */
import { each } from "../expect";
import { WEIGHED } from "../in-manifests";
import type { Policy } from "../policy";
import { STRICT_IN_PRODUCTION, nameOf, typeKey } from "../policy";

const WHY: Readonly<Record<string, string>> = {
  "kubernetes:core:Pod": "nothing replaces it when its node is lost",
  "kubernetes:core:ReplicationController": "nothing rolls out its changes",
  "kubernetes:apps:ReplicaSet": "nothing rolls out its changes",
  "kubernetes:extensions:ReplicaSet": "nothing rolls out its changes",
};

export const nakedPods: readonly Policy[] = [
  {
    name: "pod-controlled",
    title: "Pods belong to a controller",
    clause: {
      reference: "PO-01; Pulumi kubernetes-core-v1-pod-disallow-pod",
      url: "https://kubernetes.io/docs/concepts/configuration/overview/#naked-pods-vs-replicasets-deployments-and-jobs",
    },
    severity: "high",
    themes: ["workloads", "availability"],
    prevents: "A pod that is evicted, or whose node fails, is gone until someone notices.",
    description:
      "Pods are created by a Deployment, StatefulSet, DaemonSet, Job or CronJob, not directly by the program.",
    remediation:
      "Use a Deployment for long-running pods and a Job for pods that finish, with the pod's metadata and spec as its template.",
    enforcement: STRICT_IN_PRODUCTION,
    inManifests: WEIGHED,
    check: each(Object.keys(WHY), ({ resource, context }) => {
      // As in the output of kubectl get: its controller made it.
      const owners = resource.props.get("metadata", "ownerReferences");
      if (context.noteUnknown(owners) || owners.list().length > 0) return;
      const why = WHY[typeKey(resource.type)] ?? "";
      context.report({
        message: `${nameOf(resource)}: ${why}; use a Deployment or a Job.`,
        at: [],
      });
    }),
  },
];
