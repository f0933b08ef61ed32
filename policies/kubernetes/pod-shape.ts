/**
 * Whether a pod is written in the shape that the API server takes: a forgotten dash turns a list into a
 * mapping, and every other policy on pods looks at the elements of lists.
 */
import type { Asked } from "../demands";
import { each, must } from "../demands";
import type { Policy } from "../policy";
import { STRICT_IN_PRODUCTION, typeKey } from "../policy";
import type { Value } from "../values";
import type { Pod } from "./objects";
import { CUSTOM_POD_KINDS, containersOf, podOf } from "./objects";
import { HOLDERS } from "./pods";

const IN_POD = ["initContainers", "ephemeralContainers", "volumes", "imagePullSecrets"] as const;
const IN_CONTAINER = ["env", "envFrom", "ports", "volumeMounts"] as const;

const isList = (value: Value): boolean => value.isEmptyList || value.list().length > 0;

function mustBeList(asked: Asked, value: Value): void {
  const isRight = (it: Value): boolean => it.isMissing || isList(it);
  must(asked, value, isRight, "it must be a list: begin each entry with a dash");
}

/** A Rollout may point to a Deployment instead; and what is only read has no inputs at all. */
function holdsNone({ resource: { type, props } }: Asked): boolean {
  if (props.entries().length === 0) return true;
  return CUSTOM_POD_KINDS.includes(typeKey(type)) && props.get("spec", "template").isMissing;
}

function judgeContainers(asked: Asked, pod: Pod): void {
  must(
    asked,
    pod.spec.get("containers"),
    (list) => list.list().length > 0,
    "it must be a list of at least one container: begin each with a dash",
  );
  for (const { title, value } of containersOf(pod)) {
    const part = { ...asked, part: title };
    const isMapping = (it: Value): boolean => it.entries().length > 0;
    must(part, value, isMapping, "it must be a mapping with a name and an image");
    for (const key of IN_CONTAINER) mustBeList(part, value.get(key));
  }
}

function judgePod(asked: Asked): void {
  if (holdsNone(asked)) return;
  const pod = podOf(asked.resource);
  if (pod.spec.isMissing || pod.spec.isUnknown) {
    must(asked, pod.spec, () => false, "write the spec of the pod there");
    return;
  }
  judgeContainers(asked, pod);
  for (const key of IN_POD) mustBeList(asked, pod.spec.get(key));
}

export const podShape: readonly Policy[] = [
  {
    name: "pod-containers-listed",
    title: "Pods list their containers",
    clause: {
      reference: "PO-03",
      url: "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec",
    },
    severity: "high",
    themes: ["workloads"],
    prevents:
      "The API server refuses the object; until then no policy has looked at what a mapping holds instead of a list.",
    description:
      "A pod lists at least one container; its other containers, volumes, pull secrets, and the variables, ports and mounts of its containers are lists where they are written.",
    remediation:
      "Write containers as a list under the pod's spec: a dash before the first key of each; the same for the other lists.",
    enforcement: STRICT_IN_PRODUCTION,
    check: each(HOLDERS, judgePod),
  },
];
