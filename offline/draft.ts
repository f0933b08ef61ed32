/** A registration during its transforms: what they can change, and what is read back afterwards. */
import type {
  RegisterResourceRequest,
  TransformResourceOptions,
} from "@pulumi/pulumi/proto/resource_pb";
import { transformOptions } from "./options";
import { outputDependencies, transformView, withDependencies } from "./properties";
import { fromStruct, mapObject, type WireObject } from "./wire";

/** Inputs, options and dependencies, before and after transforms. */
export interface Draft {
  props: WireObject;
  options: TransformResourceOptions;
  dependencies: Set<string>;
  propertyDependencies: Map<string, Set<string>>;
}

/** `provider` is the one that the request or its parent names. */
export function draftOf(request: RegisterResourceRequest, provider: string): Draft {
  const props = fromStruct(request.getObject());
  const dependencies = new Set(request.getDependenciesList());
  const propertyDependencies = new Map<string, Set<string>>();
  const given = request.getPropertydependenciesMap();
  if (given.getLength() === 0) {
    for (const key of Object.keys(props)) propertyDependencies.set(key, new Set(dependencies));
  } else {
    given.forEach((urns, key) => propertyDependencies.set(key, new Set(urns.getUrnsList())));
  }
  return {
    props,
    options: transformOptions(request, provider),
    dependencies,
    propertyDependencies,
  };
}

/** The properties as transforms receive them; with `own`, including each property's dependencies. */
export function upgraded(draft: Draft, own: boolean): WireObject {
  return mapObject(draft.props, (value, key) => {
    const view = transformView(value);
    return own ? withDependencies(view, [...(draft.propertyDependencies.get(key) ?? [])]) : view;
  });
}

/** Dependencies are only read again from what a resource's own transforms return. */
export function settledDraft(draft: Draft, own: boolean): Draft {
  const propertyDependencies = new Map(own ? [] : draft.propertyDependencies);
  const dependencies = own ? new Set(draft.options.getDependsOnList()) : draft.dependencies;
  for (const key of Object.keys(draft.props)) {
    const found = outputDependencies(draft.props[key] ?? null);
    const urns = propertyDependencies.get(key) ?? new Set<string>();
    for (const urn of found) {
      urns.add(urn);
      if (own) dependencies.add(urn);
    }
    propertyDependencies.set(key, urns);
  }
  return { ...draft, dependencies, propertyDependencies };
}
