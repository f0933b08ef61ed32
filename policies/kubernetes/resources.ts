/** What a pod asks of its node. */
import { POD_KINDS, containersOf, podIsVisible, podOf } from "./objects";
import type { Context, Policy, ResourceCheck, Subject } from "../policy";
import { STRICT_IN_PRODUCTION, finding } from "../policy";
import type { Value } from "../values";

interface Part {
  readonly title: string;
  readonly container: Value;
}

/** Looks at the containers of the first start and of the serving time; sidecars are init containers. */
function eachContainer(
  types: readonly string[],
  run: (resource: Subject, part: Part, context: Context) => void,
  kinds: readonly ("containers" | "initContainers")[],
): ResourceCheck {
  return {
    kind: "resource",
    types,
    run: (resource, context) => {
      const pod = podOf(resource);
      if (!podIsVisible(pod, context)) return;
      for (const { title, value } of containersOf(pod, kinds)) {
        if (!value.isUnknown) run(resource, { title, container: value }, context);
      }
    },
  };
}

function demand(resource: Subject, value: Value, part: Part, context: Context): void {
  if (context.unsure(value) || value.isKnown) return;
  const wanted = 'it must be set, as a quantity such as "250m" or "512Mi"';
  context.report(finding(resource, value, wanted, part.title));
}

export const resources: readonly Policy[] = [
  {
    name: "container-resources",
    title: "Containers say what they need",
    clause: {
      reference: "PO-01; ALL-04",
      url: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    },
    severity: "medium",
    themes: ["resources"],
    prevents:
      "Nodes are filled beyond what they hold, and one container's leak evicts its neighbours.",
    description:
      "Every container requests processor time and memory, and has a memory limit; a processor limit is left to the team.",
    remediation:
      "Set resources.requests.cpu, resources.requests.memory and resources.limits.memory in every container and init container.",
    enforcement: STRICT_IN_PRODUCTION,
    configuration: {
      properties: {
        processorLimit: {
          type: "boolean",
          default: false,
          description: "Whether containers need a processor limit too",
        },
      },
    },
    check: eachContainer(
      POD_KINDS,
      (resource, part, context) => {
        const wants = part.container.get("resources");
        demand(resource, wants.get("requests", "cpu"), part, context);
        demand(resource, wants.get("requests", "memory"), part, context);
        demand(resource, wants.get("limits", "memory"), part, context);
        if (context.setting("processorLimit", false)) {
          demand(resource, wants.get("limits", "cpu"), part, context);
        }
      },
      ["initContainers", "containers"],
    ),
  },
];
