/** Checks of every pod, and of every container, in any kind of object. */
import type { Check } from "../expect";
import { each } from "../expect";
import type { ResourceCheck } from "../policy";
import type { Value } from "../values";
import type { Pod } from "./objects";
import { CUSTOM_POD_KINDS, POD_KINDS, containersOf, podIsVisible, podOf } from "./objects";

type ContainerKinds = NonNullable<Parameters<typeof containersOf>[1]>;

export interface Scope {
  /** @default every kind with a pod, including custom ones */
  readonly types?: readonly string[];
  /** @default all containers of a pod */
  readonly kinds?: ContainerKinds;
}

/** Type keys of every kind with a pod. */
export const HOLDERS: readonly string[] = [...POD_KINDS, ...CUSTOM_POD_KINDS];

/** Containers that count for scheduling; ephemeral ones have no resources. */
export const PLANNED: ContainerKinds = ["initContainers", "containers"];

/** A check of the pod in each such kind. */
export function eachPod(
  run: (check: Check, pod: Pod) => void,
  types: readonly string[] = HOLDERS,
): ResourceCheck {
  return each(types, (check) => {
    const pod = podOf(check.resource);
    // A Rollout may refer to a Deployment instead of containing a pod template.
    if (!pod.spec.isMissing && podIsVisible(pod, check.context)) run(check, pod);
  });
}

/** A check of each container; unknown ones are noted. */
export function eachContainer(
  run: (check: Check, container: Value, pod: Pod) => void,
  { types, kinds }: Scope = {},
): ResourceCheck {
  return eachPod((check, pod) => {
    for (const { part, container } of partsOf(check, pod, kinds)) run(part, container, pod);
  }, types);
}

/** The known containers of a pod, each with a check that names it. */
export function partsOf(
  check: Check,
  pod: Pod,
  kinds?: ContainerKinds,
): readonly { readonly part: Check; readonly container: Value }[] {
  return containersOf(pod, kinds)
    .filter(({ value }) => !value.isUnknown)
    .map(({ title, value }) => ({ part: { ...check, part: title }, container: value }));
}
