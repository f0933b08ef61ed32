/**
 * Default providers, which the engine registers for resources without an explicit one
 * (pulumi/pulumi, `pkg/resource/deploy/default_providers.go` and `providers/provider.go`).
 */
import type { StackConfig } from "./stack-files";
import { providerType } from "./urn";
import { secretOf } from "./properties";
import { UNKNOWN_VALUE, type Wire, type WireObject } from "./wire";

/** The provider that a resource requests. */
export interface ProviderRequest {
  /** The plugin's name; the resource's package unless the package is parameterised. */
  readonly plugin: string;
  readonly version: string;
  readonly url: string;
  readonly parameterization?: {
    readonly name: string;
    readonly version: string;
    /** Base64. */
    readonly value: string;
  };
}

/** What the host registers for a request. */
export interface DefaultProvider {
  readonly type: string;
  readonly name: string;
  readonly inputs: WireObject;
}

const SEMVER =
  /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/u;

export function checkVersion(version: string, what: string): void {
  if (version !== "" && !SEMVER.test(version)) {
    throw new Error(`${what}: "${version}" is not a semantic version, for example 4.80.1`);
  }
}

export const requestedPackage = (request: ProviderRequest): string =>
  request.parameterization?.name ?? request.plugin;

/** Requests with the same key share one provider. */
export function requestKey(request: ProviderRequest): string {
  const version = request.parameterization?.version ?? request.version;
  return [requestedPackage(request), version, request.url].filter((part) => part !== "").join("-");
}

/** `default`, then the version's parts and the download URL, all joined by underscores. */
export function defaultName(request: ProviderRequest): string {
  const match = SEMVER.exec(request.parameterization?.version ?? request.version);
  const parts = match === null ? [] : match.slice(1, 4);
  for (const group of [match?.[4], match?.[5]])
    if (group !== undefined) parts.push(...group.split("."));
  if (request.url !== "") parts.push(request.url.replace(/[^A-Za-z0-9_.]/gu, "_"));
  return ["default", ...parts].join("_");
}

export function defaultProvider(request: ProviderRequest, config: StackConfig): DefaultProvider {
  const pkg = requestedPackage(request);
  return {
    type: providerType(pkg),
    name: defaultName(request),
    inputs: withPlugin(packageConfig(pkg, config), request),
  };
}

/** The provider's configuration comes from the stack: all keys in the package's namespace. */
function packageConfig(pkg: string, config: StackConfig): WireObject {
  const inputs: Record<string, Wire> = {};
  for (const [key, value] of Object.entries(config.values)) {
    const [namespace = "", name = ""] = key.split(":");
    // Dynamic providers receive all configuration with full key names.
    if (pkg === "pulumi-nodejs") inputs[key] = inputOf(value);
    else if (namespace === pkg) inputs[name] = inputOf(value);
  }
  return inputs;
}

/**
 * An encrypted value configures the provider all the same: as an unknown, it would make every output of
 * the provider's resources unknown.
 */
const inputOf = (value: string): Wire =>
  value.includes(UNKNOWN_VALUE) ? secretOf("[encrypted]") : value;

/** Adds version and download URL, and the parameterisation of a package. */
export function withPlugin(inputs: WireObject, request: ProviderRequest): WireObject {
  const internal: Record<string, Wire> = {};
  if (request.url !== "") internal["pluginDownloadURL"] = request.url;
  let version = request.version;
  if (request.parameterization !== undefined) {
    internal["name"] = request.plugin;
    internal["version"] = version;
    internal["parameterization"] = request.parameterization.value;
    version = request.parameterization.version;
  }
  return {
    ...inputs,
    ...(version === "" ? {} : { version }),
    ...(Object.keys(internal).length === 0 ? {} : { __internal: internal }),
  };
}

/** Packages whose default provider `pulumi:disable-default-providers` disables; `*` means all. */
export function deniedPackages(config: StackConfig): readonly string[] {
  const text = config.values["pulumi:disable-default-providers"] ?? "";
  if (text === "") return [];
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list) || !list.every((item) => typeof item === "string")) {
    throw new Error('pulumi:disable-default-providers must be a list of package names, or of "*"');
  }
  return list.map((item) => item.trim());
}
