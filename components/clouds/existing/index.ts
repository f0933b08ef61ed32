import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACES } from "../../../lib/namespaces";
import { COMPATIBLE_KUBERNETES } from "../../../versions";
import type { Cluster } from "../../cluster/contract";
import { ComponentError } from "../../kit/component";
import type { Cloud, ClusterContext } from "../contract";
import { ExistingCluster } from "./existing";

/** A cluster outside of all supported clouds: there are no managed services next to it. */
export const EXISTING: Cloud = {
  name: "existing",
  providers: () => ({}),
  cluster: createCluster,
  instanceTypes: () => [],
  postgres: (_name, { name }) => refuseManaged(`Database ${name}`),
  redis: (_name, { name }) => refuseManaged(`Cache ${name}`),
  kafka: (_name, { name }) => refuseManaged(`Event bus ${name}`),
  copiesBuckets: false,
  objectStore: (name) => {
    throw new ComponentError(
      `Object store ${name}`,
      "external",
      "missing",
      "an existing bucket, because an existing cluster has no cloud to create one in",
      "Give its endpoint, name, region and keys.",
    );
  },
  foreignStore: () => undefined,
  secretStore: () => undefined,
  dns: (name, { settings }) => {
    throw new ComponentError(
      `Platform ${name}`,
      "dns",
      `"${settings.dns}"`,
      '"manual" on an existing cluster',
      "Set runstack:dns.",
    );
  },
};

/** `parseSettings` refuses this first; repeated for users of a component without it. */
function refuseManaged(component: string): never {
  throw new ComponentError(
    component,
    "runs",
    '"managed"',
    '"operator" or "external" on an existing cluster',
    "Set runstack:postgres, runstack:redis or runstack:kafka.",
  );
}

/** CRDs in the releases of the platform's charts: a second installation would fail. */
const HELM_OWNED = [
  { definition: "certificates.cert-manager.io", namespace: NAMESPACES.certManager },
  { definition: "scaledobjects.keda.sh", namespace: NAMESPACES.keda },
];

function createCluster(
  name: string,
  { settings, kubeconfig }: ClusterContext,
  options: pulumi.ComponentResourceOptions,
): Cluster {
  return new ExistingCluster(
    name,
    {
      context: settings.kubeContext,
      kubeconfig,
      region: settings.region,
      zones: settings.zones,
      storageClass: settings.storageClass,
      loadBalancerAnnotations: settings.loadBalancerAnnotations,
      podCidr: settings.network.pods,
      serviceCidr: settings.network.services,
      hasMetricsServer: settings.metricsServer === "adopt",
      workloadNodes: {},
      versions: COMPATIBLE_KUBERNETES,
      helmOwned: HELM_OWNED,
    },
    options,
  );
}
