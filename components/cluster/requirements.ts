/** What a cluster must provide, independent of the cloud: from the system and the stack's keys. */
import type { Settings } from "../../settings";
import { clusterName } from "../../settings/names";
import type { Range } from "../../systems/model";

/** The common arguments of all clouds. */
export function clusterRequirements(settings: Settings) {
  const { system } = settings;
  return {
    clusterName: clusterName(settings),
    region: settings.region,
    version: settings.kubernetesVersion,
    maintenance: system.maintenance,
    highlyAvailable: settings.production,
    controlPlaneAccess: settings.controlPlaneAccess,
    protect: settings.protection.cluster,
  };
}

/**
 * For Prometheus, the gateway and the control planes of Dapr and KEDA: one more than needed, so
 * that one can be drained.
 */
export const systemPool = ({ systemNodeSize, production }: Settings) => ({
  size: systemNodeSize,
  nodes: production ? 3 : 2,
});

interface Pool {
  readonly name: string;
  readonly nodes: Range;
  readonly instanceTypes: readonly string[];
}

/** The runbook's pools; the stack sizes the first one, which runs everything that names no pool. */
export function workloadPools({ system, nodes, production }: Settings): readonly Pool[] {
  const [first, ...others] = system.cluster.pools;
  return [
    { name: first?.name ?? "default", nodes, instanceTypes: first?.instanceTypes ?? [] },
    ...others.map(({ name, nodes: range, instanceTypes = [] }) => ({
      name,
      nodes: production ? range : { min: 0, max: Math.min(range.max, 2) },
      instanceTypes,
    })),
  ];
}
