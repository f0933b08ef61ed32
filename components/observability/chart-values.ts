/** Names and building blocks that the values of several charts share. */

/** Helm releases, which are also the names of their main objects. */
export const CHART = {
  metrics: "monitoring",
  grafana: "grafana",
  traces: "tempo",
} as const;

/** `resources` of a container; without a processor limit it may use what its node has left. */
export const chartResources = (cpu: string, memory: string, memoryLimit: string) => ({
  requests: { cpu, memory },
  limits: { memory: memoryLimit },
});

/** A volume that outlives its pod, as the operator's custom resources want it. */
export const volumeClaim = (storageClassName: string, gib: number) => ({
  volumeClaimTemplate: {
    spec: {
      storageClassName,
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: `${String(gib)}Gi` } },
    },
  },
});

/** Over nodes, strictly or as far as there are nodes, and evenly over zones where the cloud has them. */
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
