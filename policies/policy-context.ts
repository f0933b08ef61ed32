/**
 * The stack configuration that the pack reads: its environment, its system, and what it restores.
 *
 * The engine passes the stack's configuration to the pack's process, so the keys are the program's
 * own: `runstack:environment`, `runstack:system`, `runstack:policyExemptions`, those of a restore
 * (`replace`, `restoreFrom`, `replicaOf`, `incarnations`, `incarnation`), and
 * `runstack:podSecurityVersion` (a Kubernetes minor version such as `v1.34`, or `latest`). The last
 * defaults to the version of the stack's cluster: `runstack:kubernetesVersion`, or its cloud's
 * default.
 */
import type { EnvironmentName, System } from "../systems/model";
import { KUBERNETES } from "../versions";

export interface PolicyContext {
  readonly environment: EnvironmentName;
  /** Absent if the stack names no system, or an unknown one. */
  readonly system?: System;
  /** `policyExemptions` as written: parsed JSON, or the text if it is not JSON. */
  readonly exemptions: unknown;
  /**
   * The minor version whose Pod Security Standards apply; Infinity for the newest that the pack
   * knows.
   */
  readonly podSecurityMinor: number;
  /**
   * Whether nodes have a zone label, which no node of DigitalOcean has, nor of an existing cluster
   * that names no `runstack:zones`.
   */
  readonly zoned: boolean;
  /**
   * Databases that this update replaces by another incarnation with data from elsewhere, as `runstack:replace` asks
   * together with `runstack:restoreFrom` or `runstack:replicaOf`: by name, the new incarnation's number.
   */
  readonly restored: Readonly<Record<string, number>>;
  /** CustomResourceDefinitions that are not among what is checked, as manifests. @default none */
  readonly definitions?: readonly object[];
  /** Where an object is that is not judged together with these, but may be applied with them. @default nowhere */
  readonly elsewhere?: Elsewhere;
}

/** By type key, namespace (none for a cluster-scoped object) and name, for the object that refers to it. */
export type Elsewhere = (
  to: string,
  namespace: string,
  name: string,
  from: { readonly type: string; readonly namespace: string; readonly name: string },
) => string | undefined;

/** Everything except staging: the recovery environment is production the day it is needed. */
export function isProduction({ environment }: PolicyContext): boolean {
  return environment !== "staging";
}

/** The part of `pulumi.Config` that is used here. */
interface Settings {
  get(key: string): string | undefined;
}

/**
 * A missing or unknown environment is evaluated as production, the strictest one.
 * @param kubernetes the default Kubernetes version of each cloud
 */
export function readPolicyContext(
  systems: Readonly<Record<string, System>>,
  settings: Settings,
  kubernetes: Readonly<Record<string, string>> = KUBERNETES,
): PolicyContext {
  const environment = settings.get("environment");
  const id = settings.get("system");
  const cloud = settings.get("cloud");
  const system = id !== undefined && Object.hasOwn(systems, id) ? systems[id] : undefined;
  return {
    environment: environment === "staging" || environment === "dr" ? environment : "prod",
    ...(system === undefined ? {} : { system }),
    exemptions: parse(settings.get("policyExemptions")),
    podSecurityMinor: podSecurityMinor(settings, defaultVersion(cloud, system, kubernetes)),
    zoned: zoned(settings, cloud ?? system?.home.cloud),
    restored: restored(settings, system),
  };
}

/** A first incarnation replaces nothing. */
function restored(
  settings: Settings,
  system: System | undefined,
): Readonly<Record<string, number>> {
  const [replace, own] = ["replace", "incarnations"].map((key) => parse(settings.get(key)));
  const names = filled(settings, system);
  if (!Array.isArray(replace) || !replace.includes("postgres")) return {};
  const numbers = new Map(isMap(own) ? Object.entries(own) : []);
  const all = names.map((name): readonly [string, number] => [
    name,
    Number(numbers.get(name) ?? settings.get("incarnation") ?? 1),
  ]);
  return Object.fromEntries(all.filter(([, incarnation]) => incarnation > 1));
}

/** Databases that start with data: all of a replica's, otherwise those that `restoreFrom` names. */
function filled(settings: Settings, system: System | undefined): readonly string[] {
  if ((settings.get("replicaOf") ?? "") !== "") {
    return (system?.databases ?? []).map(({ name }) => name);
  }
  const sources = parse(settings.get("restoreFrom"));
  return isMap(sources) ? Object.keys(sources) : [];
}

const isMap = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parse(text: string | undefined): unknown {
  if (text === undefined) return [];
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A program outside this repository is taken to have zones. */
function zoned(settings: Settings, cloud: string | undefined): boolean {
  if (cloud === "existing") return ![undefined, "[]"].includes(settings.get("zones"));
  return cloud !== "digitalocean";
}

/** An invalid version is ignored: it must not stop the pack, and the cluster's own is right. */
function podSecurityMinor(settings: Settings, byDefault: string | undefined): number {
  const configured = settings.get("podSecurityVersion");
  if (configured === "latest") return Infinity;
  return (
    minor(configured) ?? minor(settings.get("kubernetesVersion")) ?? minor(byDefault) ?? Infinity
  );
}

/** Absent for a program outside this repository, whose cluster is unknown. */
function defaultVersion(
  cloud: string | undefined,
  system: System | undefined,
  kubernetes: Readonly<Record<string, string>>,
): string | undefined {
  if (system === undefined) return undefined;
  return Object.hasOwn(kubernetes, cloud ?? "")
    ? kubernetes[cloud ?? ""]
    : kubernetes[system.home.cloud];
}

/** `v1.34`, `1.34`, `1.34.1-do.0` → 34. */
function minor(version: string | undefined): number | undefined {
  const match = /^v?1\.(\d+)(?:[.-]|$)/.exec(version ?? "");
  return match === null ? undefined : Number(match[1]);
}
