/** Resource limits of namespaces: ResourceQuotas and LimitRanges. */
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, nameOf } from "../policy";
import { inCluster, namespaceOf } from "./objects";

const NAMESPACE = "kubernetes:core:Namespace";
const LIMITS = "kubernetes:core:LimitRange";
const QUOTA = "kubernetes:core:ResourceQuota";

/** The namespaces, by cluster, that contain one of these; an unknown one leaves the rest open. */
function placesOf(resources: readonly StackResource[], context: CheckContext): ReadonlySet<string> {
  const places = new Set<string>();
  for (const resource of resources) {
    context.noteUnknown(resource.props.get("metadata", "namespace"), resource.urn);
    places.add(inCluster(resource, namespaceOf(resource) ?? ""));
  }
  return places;
}

function bounded(stack: Stack, context: CheckContext): void {
  const quotas = placesOf(stack.of(QUOTA), context);
  const needsQuota = context.setting("quota", false);
  const bounds = needsQuota ? quotas : new Set([...quotas, ...placesOf(stack.of(LIMITS), context)]);
  const expected = needsQuota ? "a ResourceQuota" : "a LimitRange or a ResourceQuota";
  for (const namespace of stack.of(NAMESPACE)) {
    const name = namespace.props.get("metadata", "name");
    if (context.noteUnknown(name, namespace.urn) || name.string === undefined) continue;
    // One of them may be in this namespace.
    if ([name.string, ""].some((place) => bounds.has(inCluster(namespace, place)))) continue;
    context.report(
      `${nameOf(namespace)} has no resource limits; add ${expected} to it.`,
      namespace.urn,
    );
  }
}

export const quotas: readonly Policy[] = [
  {
    name: "namespace-bounded",
    title: "Namespaces have a LimitRange or a ResourceQuota",
    clause: {
      reference: "PO-01",
      url: "https://kubernetes.io/docs/concepts/policy/resource-quotas/",
    },
    severity: "low",
    themes: ["resources"],
    prevents: "One namespace's pods, or one pod without limits, use up the whole cluster.",
    description:
      "Every namespace that the stack creates has a LimitRange or a ResourceQuota in the stack.",
    remediation:
      "Add a LimitRange with default and defaultRequest for containers, or a ResourceQuota with requests.cpu and requests.memory, to the namespace.",
    enforcement: ADVICE,
    configuration: {
      properties: {
        quota: {
          type: "boolean",
          default: false,
          description: "Whether a ResourceQuota is required, not only a LimitRange",
        },
      },
    },
    check: { kind: "stack", run: bounded },
  },
];
