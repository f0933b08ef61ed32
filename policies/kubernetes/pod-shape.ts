/**
 * Whether a pod has the structure that the API server expects: a missing dash turns a list into a
 * mapping, and every other pod policy looks at list elements.
 */
import type { Check } from "../expect";
import { each, expectThat } from "../expect";
import type { Policy } from "../policy";
import { STRICT_IN_PRODUCTION, typeKey } from "../policy";
import type { Value } from "../values";
import type { Pod } from "./objects";
import { CUSTOM_POD_KINDS, containersOf, podOf } from "./objects";
import { HOLDERS } from "./pods";

const IN_POD = ["initContainers", "ephemeralContainers", "volumes", "imagePullSecrets"] as const;
const IN_CONTAINER = ["env", "envFrom", "ports", "volumeMounts"] as const;

const isList = (value: Value): boolean => value.isEmptyList || value.list().length > 0;

function expectList(check: Check, value: Value): void {
  const isRight = (it: Value): boolean => it.isMissing || isList(it);
  expectThat(check, value, isRight, "it must be a list: start each entry with a dash");
}

/** A Rollout may refer to a Deployment instead, and a resource that is only read has no inputs. */
function holdsNone({ resource: { type, props } }: Check): boolean {
  if (props.entries().length === 0) return true;
  return CUSTOM_POD_KINDS.includes(typeKey(type)) && props.get("spec", "template").isMissing;
}

function evaluateContainers(check: Check, pod: Pod): void {
  expectThat(
    check,
    pod.spec.get("containers"),
    (list) => list.list().length > 0,
    "it must be a list of at least one container: start each with a dash",
  );
  for (const { title, value } of containersOf(pod)) {
    const part = { ...check, part: title };
    const isMapping = (it: Value): boolean => it.entries().length > 0;
    expectThat(part, value, isMapping, "it must be a mapping with a name and an image");
    for (const key of IN_CONTAINER) expectList(part, value.get(key));
  }
}

function evaluatePod(check: Check): void {
  if (holdsNone(check)) return;
  const pod = podOf(check.resource);
  if (pod.spec.isMissing || pod.spec.isUnknown) {
    expectThat(check, pod.spec, () => false, "set it to the pod spec");
    return;
  }
  evaluateContainers(check, pod);
  for (const key of IN_POD) expectList(check, pod.spec.get(key));
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
      "The API server rejects the object; until then no policy has checked what is in a mapping instead of a list.",
    description:
      "A pod lists at least one container; its other containers, volumes, pull secrets, and the variables, ports and mounts of its containers are lists if they are set.",
    remediation:
      "Write containers as a list in the pod spec, with a dash before the first key of each; do the same for the other lists.",
    enforcement: STRICT_IN_PRODUCTION,
    check: each(HOLDERS, evaluatePod),
  },
];
