/** Questions to every pod, and to every container of one, whatever kind of object holds it. */
import type { Asked } from "../demands";
import { each } from "../demands";
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
  run: (asked: Asked, pod: Pod) => void,
  types: readonly string[] = HOLDERS,
): ResourceCheck {
  return each(types, (asked) => {
    const pod = podOf(asked.resource);
    // A Rollout may point to a Deployment instead, and then holds none.
    if (!pod.spec.isMissing && podIsVisible(pod, asked.context)) run(asked, pod);
  });
}

/** A check of each container; unknown ones are left open. */
export function eachContainer(
  run: (asked: Asked, container: Value, pod: Pod) => void,
  { types, kinds }: Scope = {},
): ResourceCheck {
  return eachPod((asked, pod) => {
    for (const { part, container } of partsOf(asked, pod, kinds)) run(part, container, pod);
  }, types);
}

/** The known containers of a pod, each with the question that names it. */
export function partsOf(
  asked: Asked,
  pod: Pod,
  kinds?: ContainerKinds,
): readonly { readonly part: Asked; readonly container: Value }[] {
  return containersOf(pod, kinds)
    .filter(({ value }) => !value.isUnknown)
    .map(({ title, value }) => ({ part: { ...asked, part: title }, container: value }));
}

/** The elements of a list that may be unknown, which then counts as undecided. */
export function listed({ resource, context }: Asked, value: Value): readonly Value[] {
  context.unsure(value, resource.urn);
  return value.list();
}
