/** Resources as the Analyzer service receives them. */
import {
  AnalyzeRequest,
  AnalyzerPropertyDependencies,
  AnalyzerProviderResource,
  AnalyzerResource,
  AnalyzerResourceOptions,
} from "@pulumi/pulumi/proto/analyzer_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { policyView, withoutInternal } from "./properties";
import type { Registry, State } from "./registry";
import { nameOf, parseReference } from "./urn";
import { mapObject, toStruct, type WireObject } from "./wire";

/** Only a remediation receives internal properties, because it must return them. */
export function analyzeRequest(
  state: State,
  registry: Registry,
  hideInternal: boolean,
): AnalyzeRequest {
  const request = new AnalyzeRequest()
    .setUrn(state.urn)
    .setType(state.type)
    .setName(nameOf(state.urn))
    .setProperties(properties(hideInternal ? withoutInternal(state.inputs) : state.inputs))
    .setOptions(optionsOf(state));
  const provider = providerOf(state, registry);
  if (provider !== undefined) request.setProvider(provider);
  return request;
}

/**
 * A stack policy sees the resources' planned state. The engine shows it nothing of a resource whose provider
 * cannot be configured yet; here it always sees the inputs.
 */
export function stackResource(state: State, registry: Registry): AnalyzerResource {
  const shown = state.custom ? { ...state.inputs, ...state.outputs } : state.outputs;
  const resource = new AnalyzerResource()
    .setUrn(state.urn)
    .setType(state.type)
    .setName(nameOf(state.urn))
    .setProperties(properties(withoutInternal(shown)))
    .setOptions(optionsOf(state))
    .setParent(state.parent)
    .setDependenciesList([...state.dependencies]);
  for (const [key, urns] of state.propertyDependencies) {
    if (urns.length === 0) continue;
    resource
      .getPropertydependenciesMap()
      .set(key, new AnalyzerPropertyDependencies().setUrnsList([...urns]));
  }
  const provider = providerOf(state, registry);
  if (provider !== undefined) resource.setProvider(provider);
  return resource;
}

const properties = (object: WireObject): Struct => toStruct(mapObject(object, policyView));

function optionsOf(state: State): AnalyzerResourceOptions {
  const { options } = state;
  const timeouts = new AnalyzerResourceOptions.CustomTimeouts()
    .setCreate(options.customTimeouts.create)
    .setUpdate(options.customTimeouts.update)
    .setDelete(options.customTimeouts.delete);
  return new AnalyzerResourceOptions()
    .setProtect(state.protect ?? false)
    .setIgnorechangesList([...options.ignoreChanges])
    .setDeletebeforereplace(options.deleteBeforeReplace ?? false)
    .setDeletebeforereplacedefined(options.deleteBeforeReplace !== undefined)
    .setAdditionalsecretoutputsList([...options.additionalSecretOutputs])
    .setCustomtimeouts(timeouts)
    .setParent(state.parent);
}

function providerOf(state: State, registry: Registry): AnalyzerProviderResource | undefined {
  if (state.provider === "") return undefined;
  const provider = registry.get(parseReference(state.provider).urn);
  if (provider === undefined) return undefined;
  return new AnalyzerProviderResource()
    .setUrn(provider.urn)
    .setType(provider.type)
    .setName(nameOf(provider.urn))
    .setProperties(properties(withoutInternal(provider.inputs)));
}
