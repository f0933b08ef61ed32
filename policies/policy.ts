/** The definition of a policy: its reason and its remediation as data, and one check. */
import type { PolicyConfigSchema } from "@pulumi/policy";
import type { PolicyContext } from "./policy-context";
import type { Exemptions } from "./exemptions";
import type { InManifests } from "./in-manifests";
import type { Counter } from "./counter";
import type { UndecidedList } from "./undecided";
import type { Key, Value } from "./values";

export type Severity = "low" | "medium" | "high" | "critical";
export type Level = "mandatory" | "advisory";

export interface Policy {
  /** Kebab case, unique in the pack; used in exemptions and policy configuration. */
  readonly name: string;
  /** A few words, for lists. */
  readonly title: string;
  /** The runbook requirement or published control that the policy enforces. */
  readonly clause: { readonly reference: string; readonly url?: string };
  readonly severity: Severity;
  readonly themes: readonly string[];
  /** What goes wrong without it, in one sentence. */
  readonly prevents: string;
  /** The rule in one sentence; the engine prints it above every violation. */
  readonly description: string;
  /** How to fix a violation. */
  readonly remediation: string;
  readonly enforcement: { readonly production: Level; readonly staging: Level | "disabled" };
  /** Properties that `--policy-pack-config` may set, with their defaults. */
  readonly configuration?: Configuration;
  /**
   * `program` if it checks something that only a Pulumi program has: options such as protection,
   * providers, secret marks. Plain manifests have none of it, so `check` skips such a policy.
   * `file` if it is about what is written in files, so that it judges neither a program nor what a tool
   * has rendered.
   */
  readonly needs?: "program" | "file";
  /** Why it is only advisory in plain manifests; if left out, the level is the same as in a program. */
  readonly inManifests?: InManifests;
  /**
   * Policies that say the same of a value, and say more: where one of them has a violation at the same path,
   * `check` leaves out this one's.
   */
  readonly coveredBy?: readonly string[];
  readonly check: ResourceCheck | StackCheck;
  /**
   * The changes that make the resource pass, if they are safe and unambiguous; none if it passes.
   * Used if the policy's enforcement level is configured as `remediate`.
   */
  readonly remediate?: (resource: Resource, context: CheckContext) => readonly Change[];
}

/** A value to write at a path; missing parents are created. */
export interface Change {
  readonly path: readonly Key[];
  readonly value: unknown;
}

export type Configuration = PolicyConfigSchema;

/** Blocks a change to production (see `isProduction`); advisory in staging. */
export const STRICT_IN_PRODUCTION = { production: "mandatory", staging: "advisory" } as const;
/** Blocks a change anywhere: what the API server refuses is refused in staging too. */
export const ANYWHERE = { production: "mandatory", staging: "mandatory" } as const;
/** Blocks a change to production; off in staging, which may be small and easy to remove. */
export const ONLY_IN_PRODUCTION = { production: "mandatory", staging: "disabled" } as const;
/** Never blocks. */
export const ADVICE = { production: "advisory", staging: "advisory" } as const;

/** Checks the inputs of one resource. */
export interface ResourceCheck {
  readonly kind: "resource";
  /** Type keys (see `typeKey`) of the resources it applies to. */
  readonly types: readonly string[] | "every";
  readonly run: (resource: Resource, context: CheckContext) => void;
}

/** Checks all resources of the stack, after their registration. */
export interface StackCheck {
  readonly kind: "stack";
  readonly run: (stack: Stack, context: CheckContext) => void;
}

/** Resource options that the engine shows to policies. */
export interface ResourceOptions {
  readonly ignoreChanges: readonly string[];
  /** Absent if the program leaves it to the provider. */
  readonly deleteBeforeReplace?: boolean;
  /** 0 for the provider's default. */
  readonly customTimeouts: { readonly createSeconds: number };
}

/** The resource that is being evaluated. */
export interface Resource {
  readonly urn: string;
  /** The Pulumi name. */
  readonly name: string;
  readonly type: string;
  readonly protect: boolean;
  /** Absent without a program, as in manifests. */
  readonly options?: ResourceOptions;
  readonly props: Value;
}

/** A resource among the others of its stack; relations are URNs. */
export interface StackResource extends Resource {
  readonly parent?: string;
  readonly provider?: string;
  readonly dependencies: readonly string[];
  /** Property → the resources its value came from; known even if the value is not. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

export interface Stack {
  readonly resources: readonly StackResource[];
  /** Resources of these type keys, in the order of registration. */
  readonly of: (...typeKeys: readonly string[]) => readonly StackResource[];
}

export type Setting = string | number | boolean;
/** The value of a policy option. */
export type Property = Setting | readonly string[] | readonly number[];
/** A default of `2` means any number, a list of strings any such list. */
export type Widened<T extends Property> = T extends readonly string[]
  ? readonly string[]
  : T extends readonly number[]
    ? readonly number[]
    : T extends string
      ? string
      : T extends number
        ? number
        : boolean;

/** A policy option that is a list of strings. */
export const listSetting = (
  entries: readonly string[],
  description: string,
): NonNullable<Configuration["properties"]>[string] => ({
  type: "array",
  items: { type: "string" },
  default: entries,
  description,
});

/** The context of a check. */
export interface CheckContext extends PolicyContext {
  /**
   * A policy option, which the configuration must declare with `fallback` as its default; the
   * default applies if it is not set or of another type.
   */
  readonly setting: <T extends Property>(name: string, fallback: T) => Widened<T>;
  /** Reports a violation, unless an exemption covers it. Stack checks pass the resource. */
  readonly report: (what: string | Finding, urn?: string) => void;
  /** Whether the value is unknown; if so, it is counted for the policy. */
  readonly noteUnknown: (value: Value, urn?: string) => boolean;
  /**
   * Leaves a reference open that cannot be judged, because `cause` may create what it names. It is
   * reported as undecided, never as a violation.
   */
  readonly leaveOpen: (what: Finding, cause: Resource, urn?: string) => void;
  /** Leaves a value undecided that cannot be judged here; the message says why. */
  readonly leaveUndecided: (what: Finding, urn?: string) => void;
  readonly pack: Pack;
}

/** Data for the policies about the pack. */
export interface Pack {
  readonly names: ReadonlySet<string>;
  readonly exemptions: Exemptions;
  /** Violations that an exemption covers. */
  readonly exempted: Counter;
  /** Values that a policy could not check. */
  readonly unknown: Counter;
  /** References that a policy could not judge. */
  readonly undecided: UndecidedList;
}

/**
 * A type token without the API version: `kubernetes:apps:Deployment` is the key of
 * `kubernetes:apps/v1:Deployment` and every other version. Other tokens are unchanged.
 */
export function typeKey(type: string): string {
  const known = typeKeys.get(type);
  if (known !== undefined) return known;
  const key = type.startsWith("kubernetes:") ? type.replace(/\/[^:/]+:/, ":") : type;
  typeKeys.set(type, key);
  return key;
}

/** By type: each resource's is asked for again and again. */
const typeKeys = new Map<string, string>();

/** `Deployment "todo/api"` by its Kubernetes name, `Vpc "prod-network"` by its Pulumi name. */
export function nameOf(resource: Resource): string {
  const kind = resource.type.slice(resource.type.lastIndexOf(":") + 1);
  if (!resource.type.startsWith("kubernetes:")) return `${kind} "${resource.name}"`;
  const name = resource.props.get("metadata", "name").string ?? resource.name;
  const namespace = resource.props.get("metadata", "namespace").string;
  return `${kind} "${namespace === undefined ? name : `${namespace}/${name}`}"`;
}

/** `VirtualService "shop/web" (networking.istio.io/v1)`: for a kind that readers may not know. */
export function fullNameOf(resource: Resource): string {
  const [, version = ""] = /^kubernetes:(.*):[^:]*$/.exec(resource.type) ?? [];
  return version === "" ? nameOf(resource) : `${nameOf(resource)} (${version})`;
}

/** A message, and the path of the value. */
export interface Finding {
  readonly message: string;
  /** The path of the offending value: `check` shows its line. */
  readonly at?: readonly Key[];
  /** The runbook element that it is about, for exceptions from the runbook. */
  readonly of?: string;
  /** Whether it is what `inManifests.except` says. */
  readonly isCertain?: boolean;
}

/** One sentence with the resource, the path, the value and what is expected. */
export function finding(resource: Resource, value: Value, expected: string, part = ""): Finding {
  const where = part === "" ? nameOf(resource) : `${nameOf(resource)}, ${part}`;
  return {
    message: `${where}: ${value.path} is ${value.show()}; ${expected}.`,
    at: value.keys,
  };
}
