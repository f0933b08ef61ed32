import { quantity } from "../../systems/units";
import type { Cpu, Size } from "../../systems/units";

/**
 * Kubernetes' recommended labels for an object of this program. Selectors use a fixed subset (see
 * the workload); more labels may be added here.
 */
export function commonLabels(
  system: string,
  component: string,
): { readonly [label: string]: string } {
  return {
    "app.kubernetes.io/part-of": system,
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/** The namespace labels that Pod Security Admission and network policies use. */
export const NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name";

/** `resources` of a container, in Kubernetes' notation. */
export function containerResources(resources: {
  readonly requests: { readonly cpu: Cpu; readonly memory: Size };
  readonly limits: { readonly cpu?: Cpu; readonly memory: Size };
}): { requests: Record<string, string>; limits: Record<string, string> } {
  return {
    requests: {
      cpu: quantity(resources.requests.cpu),
      memory: quantity(resources.requests.memory),
    },
    limits: {
      ...(resources.limits.cpu === undefined ? {} : { cpu: quantity(resources.limits.cpu) }),
      memory: quantity(resources.limits.memory),
    },
  };
}
