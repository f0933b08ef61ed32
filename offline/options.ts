/** Converts resource options between requests, transforms and the registry. */
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import {
  TransformResourceOptions,
  type RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { Alias as AliasMessage } from "@pulumi/pulumi/proto/alias_pb";
import type { PlannedOptions } from "./plan";
import type { RecordedOptions } from "./registry";

/** The options as a transform receives them. */
export function transformOptions(
  request: RegisterResourceRequest,
  provider: string,
): TransformResourceOptions {
  const options = new TransformResourceOptions()
    .setDependsOnList(request.getDependenciesList())
    .setIgnoreChangesList(request.getIgnorechangesList())
    .setReplaceOnChangesList(request.getReplaceonchangesList())
    .setVersion(request.getVersion())
    .setAliasesList([...urnAliases(request), ...request.getAliasesList()])
    .setProvider(provider)
    .setPluginDownloadUrl(request.getPlugindownloadurl())
    .setDeletedWith(request.getDeletedwith())
    .setReplaceWithList(request.getReplaceWithList())
    .setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList())
    .setImport(request.getImportid())
    .setHideDiffList(request.getHidediffsList());
  const protect = request.getProtect();
  if (protect !== undefined) options.setProtect(protect);
  const retain = request.getRetainondelete();
  if (retain !== undefined) options.setRetainOnDelete(retain);
  if (request.getDeletebeforereplacedefined())
    options.setDeleteBeforeReplace(request.getDeletebeforereplace());
  const timeouts = request.getCustomtimeouts();
  if (timeouts !== undefined) options.setCustomTimeouts(timeouts);
  const trigger = request.getReplacementTrigger();
  if (trigger !== undefined) options.setReplacementTrigger(trigger);
  const hooks = request.getHooks();
  if (hooks !== undefined) options.setHooks(hooks);
  request
    .getProvidersMap()
    .forEach((reference, pkg) => options.getProvidersMap().set(pkg, reference));
  return options;
}

const urnAliases = (request: RegisterResourceRequest): Alias[] =>
  request.getAliasurnsList().map((urn) => new AliasMessage().setUrn(urn));

/** @throws if a timeout is not a duration, like the engine */
export function recordedOptions(options: TransformResourceOptions): RecordedOptions {
  const timeouts = options.getCustomTimeouts();
  return {
    ignoreChanges: options.getIgnoreChangesList(),
    replaceOnChanges: options.getReplaceOnChangesList(),
    additionalSecretOutputs: options.getAdditionalSecretOutputsList(),
    aliases: options.getAliasesList().map(recordedAlias),
    retainOnDelete: options.getRetainOnDelete() ?? false,
    deleteBeforeReplace: options.hasDeleteBeforeReplace()
      ? options.getDeleteBeforeReplace()
      : undefined,
    customTimeouts: {
      create: seconds(timeouts?.getCreate() ?? ""),
      update: seconds(timeouts?.getUpdate() ?? ""),
      delete: seconds(timeouts?.getDelete() ?? ""),
      read: seconds(timeouts?.getRead() ?? ""),
    },
    deletedWith: options.getDeletedWith(),
    replaceWith: options.getReplaceWithList(),
    importId: options.getImport(),
    version: options.getVersion(),
  };
}

/** Only what is set, as the plan shows it. */
export function plannedOptions(recorded: RecordedOptions): PlannedOptions {
  const { retainOnDelete, customTimeouts, importId, ...others } = recorded;
  const timeouts = Object.entries(customTimeouts).filter(([, length]) => length !== 0);
  const isSet = (value: unknown): boolean =>
    value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
  const all = {
    ...others,
    retainOnDelete: retainOnDelete || undefined,
    customTimeouts: timeouts.length === 0 ? undefined : Object.fromEntries(timeouts),
    import: importId,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => isSet(value)));
}

function recordedAlias(alias: Alias): RecordedOptions["aliases"][number] {
  const spec = alias.getSpec();
  if (spec === undefined) return alias.getUrn();
  const parts: Record<string, string | boolean> = {
    name: spec.getName(),
    type: spec.getType(),
    stack: spec.getStack(),
    project: spec.getProject(),
    parent: spec.getParenturn(),
  };
  const given = Object.entries(parts).filter(([, value]) => value !== "");
  return Object.fromEntries(spec.getNoparent() ? [...given, ["noParent", true]] : given);
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** Parses Go's duration format, for example `1h30m`; empty is zero. */
export function seconds(duration: string): number {
  if (duration === "" || duration === "0") return 0;
  if (!/^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/u.test(duration)) {
    throw new Error(`unable to parse customTimeout Value ${duration}`);
  }
  let total = 0;
  for (const [, amount = "", unit = ""] of duration.matchAll(
    /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/gu,
  )) {
    total += Number(amount) * (UNIT_SECONDS[unit] ?? 0);
  }
  return duration.startsWith("-") ? -total : total;
}
