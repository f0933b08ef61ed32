/** Questions to every pod, and to every container of one, whatever kind of object holds it. */
import type { Check } from "../expect";
import { each } from "../expect";
import type { ResourceCheck } from "../policy";
import type { Value } from "../values";
import type { Pod } from "./objects";
import { CUSTOM_POD_KINDS, POD_KINDS, containersOf, podIsVisible, podOf } from "./objects";

type ContainerKinds = NonNullable<Parameters<typeof containersOf>[1]>;

export interface Scope {
  /** @default every kind that holds a pod, custom ones too */
  readonly types?: readonly string[];
  /** @default all containers of a pod */
  readonly kinds?: ContainerKinds;
}

/** Type keys of all that holds a pod. */
export const HOLDERS: readonly string[] = [...POD_KINDS, ...CUSTOM_POD_KINDS];

/** Containers that the scheduler makes room for; ephemeral ones have no resources. */
export const PLANNED: ContainerKinds = ["initContainers", "containers"];

/** A check of the pod in each holder. */
export function eachPod(
  run: (check: Check, pod: Pod) => void,
  types: readonly string[] = HOLDERS,
): ResourceCheck {
  return each(types, (check) => {
    const pod = podOf(check.resource);
    // A Rollout may point to a Deployment instead, and then holds none.
    if (!pod.spec.isMissing && podIsVisible(pod, check.context)) run(check, pod);
  });
}

/** A check of each container; unknown ones are left open. */
export function eachContainer(
  run: (check: Check, container: Value, pod: Pod) => void,
  { types, kinds }: Scope = {},
): ResourceCheck {
  return eachPod((check, pod) => {
    for (const { part, container } of partsOf(check, pod, kinds)) run(part, container, pod);
  }, types);
}

/** The known containers of a pod, each with the question that names it. */
export function partsOf(
  check: Check,
  pod: Pod,
  kinds?: ContainerKinds,
): readonly { readonly part: Check; readonly container: Value }[] {
  return containersOf(pod, kinds)
    .filter(({ value }) => !value.isUnknown)
    .map(({ title, value }) => ({ part: { ...check, part: title }, container: value }));
}
