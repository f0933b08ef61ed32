/**
 * What a policy is: its reason and its remedy as data, and one check.
 */
import type { PolicyConfigSchema } from "@pulumi/policy";
import type { PolicyContext } from "./policy-context";
import type { Exemptions } from "./exemptions";
import type { Counter } from "./counter";
import type { Key, Value } from "./values";

export type Severity = "low" | "medium" | "high" | "critical";
export type Level = "mandatory" | "advisory";

export interface Policy {
  /** Kebab case, unique in the pack: what exemptions and policy configuration refer to. */
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
  /** What to write, and where. */
  readonly remediation: string;
  readonly enforcement: { readonly production: Level; readonly staging: Level | "disabled" };
  /** Properties that `--policy-pack-config` may set, with their defaults. */
  readonly configuration?: Configuration;
  /**
   * What only a Pulumi program has: options such as protection, providers, secrets by their mark. Plain
   * manifests have none of it, so `check` leaves such a policy out.
   */
  readonly needs?: "program";
  /**
   * The most that it is in plain manifests, where what it looks for may be made by hand or by others;
   * left out where it is there what it is in a program.
   */
  readonly inManifests?: "advisory";
  readonly check: ResourceCheck | StackCheck;
  /**
   * What makes the resource pass, where that is safe and there is one answer; none where it passes.
   * Used where the policy's enforcement level is configured as `remediate`.
   */
  readonly remediate?: (resource: Resource, context: CheckContext) => readonly Change[];
}

/** A value to be written at a path, whose parents are made where they are missing. */
export interface Change {
  readonly path: readonly Key[];
  readonly value: unknown;
}

export type Configuration = PolicyConfigSchema;

/** Blocks a change to production (see `isProduction`); in staging it is only said. */
export const STRICT_IN_PRODUCTION = { production: "mandatory", staging: "advisory" } as const;
/** Blocks a change to production; a copy for trials may be small, and easy to remove. */
export const ONLY_IN_PRODUCTION = { production: "mandatory", staging: "disabled" } as const;
/** Never blocks. */
export const ADVICE = { production: "advisory", staging: "advisory" } as const;

/** Looks at the inputs of one resource. */
export interface ResourceCheck {
  readonly kind: "resource";
  /** Type keys (see `typeKey`) of the resources it applies to. */
  readonly types: readonly string[] | "every";
  readonly run: (resource: Resource, context: CheckContext) => void;
}

/** Looks at all resources of the stack, after their registration. */
export interface StackCheck {
  readonly kind: "stack";
  readonly run: (stack: Stack, context: CheckContext) => void;
}

/** What a program asks of the engine for a resource, as far as policies are shown it. */
export interface ResourceOptions {
  readonly ignoreChanges: readonly string[];
  /** Absent where the program leaves it to the provider. */
  readonly deleteBeforeReplace?: boolean;
  /** 0 where the provider's own holds. */
  readonly customTimeouts: { readonly createSeconds: number };
}

/** The resource that is being evaluated. */
export interface Resource {
  readonly urn: string;
  /** The Pulumi name. */
  readonly name: string;
  readonly type: string;
  readonly protect: boolean;
  /** Absent where there is no program: in manifests. */
  readonly options?: ResourceOptions;
  readonly props: Value;
}

/** A resource among the others of its stack; relations are URNs. */
export interface StackResource extends Resource {
  readonly parent?: string;
  readonly provider?: string;
  readonly dependencies: readonly string[];
  /** Property → the resources its value came from; known even where the value is not. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

export interface Stack {
  readonly resources: readonly StackResource[];
  /** Resources of these type keys, in the order of registration. */
  readonly of: (...typeKeys: readonly string[]) => readonly StackResource[];
}

export type Setting = string | number | boolean;
/** What a property of a policy's configuration holds. */
export type Property = Setting | readonly string[] | readonly number[];
/** `2` as a default stands for any number, a list of texts for every such list. */
export type Widened<T extends Property> = T extends readonly string[]
  ? readonly string[]
  : T extends readonly number[]
    ? readonly number[]
    : T extends string
      ? string
      : T extends number
        ? number
        : boolean;

/** For the configuration of a policy: a list of texts. */
export const listSetting = (
  entries: readonly string[],
  description: string,
): NonNullable<Configuration["properties"]>[string] => ({
  type: "array",
  items: { type: "string" },
  default: entries,
  description,
});

/** What a check may ask and say. */
export interface CheckContext extends PolicyContext {
  /**
   * A property of the policy's configuration, which must declare it with `fallback` as its default; that
   * is taken where it is not set or of another type.
   */
  readonly setting: <T extends Property>(name: string, fallback: T) => Widened<T>;
  /** Reports a violation, unless an exemption covers it. Stack checks say of which resource. */
  readonly report: (what: string | Finding, urn?: string) => void;
  /** Whether the value is unknown; if so, the policy is noted as unknown about it. */
  readonly noteUnknown: (value: Value, urn?: string) => boolean;
  readonly pack: Pack;
}

/** What the policies about policies look at. */
export interface Pack {
  readonly names: ReadonlySet<string>;
  readonly exemptions: Exemptions;
  /** Violations that an exemption covers. */
  readonly exempted: Counter;
  /** Values that a policy had to leave open. */
  readonly unknown: Counter;
}

/**
 * A type token without what changes from version to version: `kubernetes:apps:Deployment` stands for
 * `kubernetes:apps/v1:Deployment` and every other version of it. Other tokens stay as they are.
 */
export function typeKey(type: string): string {
  return type.startsWith("kubernetes:") ? type.replace(/\/[^:/]+:/, ":") : type;
}

/** `Deployment "todo/api"` by its Kubernetes name, `Vpc "prod-network"` by its Pulumi name. */
export function nameOf(resource: Resource): string {
  const kind = resource.type.slice(resource.type.lastIndexOf(":") + 1);
  if (!resource.type.startsWith("kubernetes:")) return `${kind} "${resource.name}"`;
  const name = resource.props.get("metadata", "name").string ?? resource.name;
  const namespace = resource.props.get("metadata", "namespace").string;
  return `${kind} "${namespace === undefined ? name : `${namespace}/${name}`}"`;
}

/** What is wrong, and where it is written. */
export interface Finding {
  readonly message: string;
  /** The path of the offending value: `check` shows its line. */
  readonly at?: readonly Key[];
  /** The runbook's element that it is about: exceptions that the runbook decides refer to it. */
  readonly of?: string;
}

/** One sentence that names the resource, the path, what was found and what is wanted. */
export function finding(resource: Resource, value: Value, expected: string, part = ""): Finding {
  const where = part === "" ? nameOf(resource) : `${nameOf(resource)}, ${part}`;
  return {
    message: `${where}: ${value.path} is ${value.show()}; ${expected}.`,
    at: value.keys,
  };
}
