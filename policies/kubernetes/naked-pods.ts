/** Pods without somebody who replaces them. */
import { each } from "../expect";
import type { Policy } from "../policy";
import { STRICT_IN_PRODUCTION, nameOf, typeKey } from "../policy";

const WHY: Readonly<Record<string, string>> = {
  "kubernetes:core:Pod": "nothing replaces it when its node goes",
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
    prevents: "A pod that is evicted, or whose node fails, is gone until somebody notices.",
    description:
      "Pods are made by a Deployment, StatefulSet, DaemonSet, Job or CronJob, not by the program itself.",
    remediation:
      "Write a Deployment for what serves, a Job for what ends, with the pod's metadata and spec as its template.",
    enforcement: STRICT_IN_PRODUCTION,
    check: each(Object.keys(WHY), ({ resource, context }) => {
      const why = WHY[typeKey(resource.type)] ?? "";
      context.report({
        message: `${nameOf(resource)}: ${why}; write a Deployment or a Job.`,
        at: [],
      });
    }),
  },
];
