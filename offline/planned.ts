/** Converts registered resources to planned ones. */
import { plannedOptions } from "./options";
import { topologicalOrder } from "./order";
import type { PlannedResource, PlanObject } from "./plan";
import { planObject, withoutInternal } from "./properties";
import type { State } from "./registry";
import { parseReference } from "./urn";

const STACK = "pulumi:pulumi:Stack";

type Redact = (text: string) => string;

/** Each resource after its parent, provider and dependencies, and otherwise by URN. */
export function plannedResources(states: readonly State[], redact: Redact): PlannedResource[] {
  const stack = stackOf(states)?.urn ?? null;
  const planned = new Map(
    states.map((state) => [state.urn, plannedResource(state, stack, redact)]),
  );
  const order = topologicalOrder([...planned.keys()], (urn) => {
    const resource = planned.get(urn);
    return resource === undefined
      ? []
      : [resource.parent ?? "", resource.provider ?? "", ...resource.dependencies];
  });
  return order.flatMap((urn) => planned.get(urn) ?? []);
}

/** The outputs that the program exports. */
export function stackOutputs(states: readonly State[], redact: Redact): PlanObject {
  return planObject(stackOf(states)?.outputs ?? {}, redact);
}

const stackOf = (states: readonly State[]): State | undefined =>
  states.find((state) => state.type === STACK);

function plannedResource(state: State, stack: string | null, redact: Redact): PlannedResource {
  const options = plannedOptions(state.options);
  return {
    urn: state.urn,
    type: state.type,
    name: state.name,
    parent: state.parent === "" ? (state.urn === stack ? null : stack) : state.parent,
    provider: state.provider === "" ? null : parseReference(state.provider).urn,
    custom: state.custom,
    protect: state.protect ?? false,
    dependencies: state.dependencies,
    inputs: planObject(withoutInternal(state.inputs), redact),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(state.external ? { external: true } : {}),
  };
}
