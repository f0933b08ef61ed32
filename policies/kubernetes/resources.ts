/** What a pod asks of its node, and how Kubernetes learns whether it is alive. */
import { SERVING_KINDS, POD_KINDS, containersOf, podIsVisible, podOf } from "./objects";
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

/** A container beside the one that answers: nobody sends it traffic, and it has nothing to ask. */
function servesNothing(resource: Subject, { container, title }: Part): boolean {
  const ports = container.get("ports");
  const silent = !ports.isUnknown && !ports.isKnown;
  return (
    silent &&
    containersOf(podOf(resource), ["containers"]).some(
      (other) =>
        other.title !== title &&
        !other.value.isUnknown &&
        other.value.get("readinessProbe").isKnown,
    )
  );
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
  {
    name: "container-probes",
    title: "Serving containers have probes",
    clause: {
      reference: "PO-01; ALL-04",
      url: "https://kubernetes.io/docs/concepts/workloads/pods/probes/",
    },
    severity: "medium",
    themes: ["availability"],
    prevents:
      "Traffic reaches a pod that cannot answer, and a process that hangs is never restarted.",
    description:
      "Containers that serve have a readiness probe and a liveness probe; one without ports beside one with probes serves nothing.",
    remediation:
      "Add readinessProbe and livenessProbe to every container of the Deployment, StatefulSet or DaemonSet.",
    enforcement: STRICT_IN_PRODUCTION,
    check: eachContainer(
      SERVING_KINDS,
      (resource, part, context) => {
        if (servesNothing(resource, part)) return;
        for (const name of ["readinessProbe", "livenessProbe"]) {
          const probe = part.container.get(name);
          if (context.unsure(probe) || probe.isKnown) continue;
          const wanted = "write a probe with httpGet, tcpSocket, grpc or exec";
          context.report(finding(resource, probe, wanted, part.title));
        }
      },
      ["containers"],
    ),
  },
];
