/** The context of a check, the same for the engine's requests and for manifests. */
import type { PolicyContext } from "./policy-context";
import type {
  CheckContext,
  Finding,
  Pack,
  Policy,
  Property,
  Stack,
  StackResource,
  Widened,
} from "./policy";
import { fullNameOf, typeKey } from "./policy";
import type { Key } from "./values";

export interface Scope {
  readonly policyContext: PolicyContext;
  readonly pack: Pack;
  /** The policy's configuration. */
  readonly properties: () => Readonly<Record<string, unknown>>;
  /** The default subject of a violation; read when it is reported. */
  readonly urn: string;
  /** Called for violations without an exemption; `at` is the path, if the check gives one. */
  readonly report: (
    message: string,
    urn: string,
    at: readonly Key[] | undefined,
    isCertain: boolean,
  ) => void;
}

export function checkContext(
  { name: policy, configuration }: Pick<Policy, "name" | "configuration">,
  scope: Scope,
): CheckContext {
  const { policyContext, pack, properties, report } = scope;
  return {
    ...policyContext,
    pack,
    setting: <T extends Property>(name: string, fallback: T): Widened<T> => {
      const declared = configuration?.properties[name];
      const byDefault = typeof declared === "object" ? (declared.default as unknown) : undefined;
      if (byDefault !== fallback && JSON.stringify(byDefault) !== JSON.stringify(fallback)) {
        throw new Error(
          `it reads ${JSON.stringify(name)} with the default ${JSON.stringify(fallback)}, which its configuration does not declare.`,
        );
      }
      const value = properties()[name];
      return (isLike(value, fallback) ? value : fallback) as Widened<T>;
    },
    report: (what, about = scope.urn) => {
      const { message, at, of, isCertain }: Finding =
        typeof what === "string" ? { message: what } : what;
      const reason = pack.exemptions.spare(policy, about, of);
      if (reason === undefined) report(message, about, at, isCertain === true);
      else pack.exempted.note(`${policy}: ${reason}`, about, message);
    },
    leaveOpen: ({ message, at = [] }, cause, about = scope.urn) => {
      const by = fullNameOf(cause);
      pack.undecided.note({ policy, urn: about, message, at, cause: by });
    },
    leaveUndecided: ({ message, at = [] }, about = scope.urn) => {
      pack.undecided.note({ policy, urn: about, message, at });
    },
    noteUnknown: (value, about = scope.urn) => {
      if (value.isUnknown) pack.unknown.note(policy, about, value.path);
      return value.isUnknown;
    },
  };
}

/** Of the same type; an empty list counts as a list of strings. */
function isLike(value: unknown, fallback: unknown): boolean {
  if (!Array.isArray(fallback)) return typeof value === typeof fallback;
  const [one = ""] = fallback as readonly unknown[];
  return Array.isArray(value) && value.every((item) => typeof item === typeof one);
}

/** The beginning of what is said of a check that throws; tests look for it. */
export const BROKEN = "The policy could not be evaluated, which is a bug in the policy pack: ";

/**
 * A check that throws is a bug in the pack; it must neither stop the other checks nor count as
 * passed.
 */
export function runSafely(context: CheckContext, run: () => void): void {
  try {
    run();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.report(`${BROKEN}${reason}`);
  }
}

/** Resources as a stack, with an index by type that is built once. */
export function stackFrom(resources: readonly StackResource[]): Stack {
  const byKey = new Map<string, StackResource[]>();
  for (const resource of resources) {
    const key = typeKey(resource.type);
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [resource]);
    else same.push(resource);
  }
  return { resources, of: (...keys) => keys.flatMap((key) => byKey.get(key) ?? []) };
}
