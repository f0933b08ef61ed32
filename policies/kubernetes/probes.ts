/** How Kubernetes learns whether a container is alive, and whether it may be asked. */
import { SERVING_KINDS, containersOf, podIsVisible, podOf } from "./objects";
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

export const probes: readonly Policy[] = [
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
