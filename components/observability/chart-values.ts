/** Names and values that several charts share. */

/** Helm releases; their main objects have the same names. */
export const CHART = {
  metrics: "monitoring",
  grafana: "grafana",
  traces: "tempo",
} as const;

/** `resources` of a container; without a CPU limit it may use its node's idle capacity. */
export const chartResources = (cpu: string, memory: string, memoryLimit: string) => ({
  requests: { cpu, memory },
  limits: { memory: memoryLimit },
});

/** A volume that outlives its pod, as the operator's custom resources define it. */
export const volumeClaim = (storageClassName: string, gib: number) => ({
  volumeClaimTemplate: {
    spec: {
      storageClassName,
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: `${String(gib)}Gi` } },
    },
  },
});

/**
 * Spreads over nodes, strictly or if possible, and evenly over zones if there are any. The chart's
 * anti-affinity is scored by itself: nodes without zones do not undo it.
 */
export function spread(
  strictly: boolean,
  matchLabels: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return {
    podAntiAffinity: strictly ? "hard" : "soft",
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels },
      },
    ],
  };
}
