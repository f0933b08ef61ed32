import type * as k8s from "@pulumi/kubernetes";

type Constraint = k8s.types.input.core.v1.TopologySpreadConstraint;

/** Labels of nodes. */
export const ZONE_LABEL = "topology.kubernetes.io/zone";
export const HOST_LABEL = "kubernetes.io/hostname";

/**
 * Spreads the pods with these labels over zones and nodes. Preferred, not required: pods must also
 * start with one zone, or while a node is drained.
 *
 * Without zones, over nodes only: the scheduler leaves a node that lacks the label of one preferred
 * constraint out of the scores of all of them, so that a constraint by zone would undo the one by
 * node (`IgnoredNodes` in kubernetes/pkg/scheduler/framework/plugins/podtopologyspread/scoring.go).
 *
 * @param zones of the cluster; empty if its nodes have no zone label
 * @param matchLabelKeys labels whose values the counted pods share with the new one. @default none
 */
export const spreadPods = (
  matchLabels: Readonly<Record<string, string>>,
  zones: readonly string[],
  matchLabelKeys: readonly string[] = [],
): Constraint[] =>
  [...(zones.length === 0 ? [] : [ZONE_LABEL]), HOST_LABEL].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { ...matchLabels } },
    ...(matchLabelKeys.length === 0 ? {} : { matchLabelKeys: [...matchLabelKeys] }),
  }));
