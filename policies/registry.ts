/**
 * Turns our policies into the arguments of `@pulumi/policy`'s PolicyPack.
 */
import type {
  PolicyPackArgs,
  PolicyResource,
  ReportViolation,
  ResourceValidation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { isProduction, type Surroundings } from "./environment";
import { readExemptions } from "./exemptions";
import type {
  Context,
  Pack,
  Policy,
  ResourceCheck,
  Setting,
  Stack,
  StackCheck,
  StackResource,
  Subject,
  Widened,
} from "./policy";
import { typeKey } from "./policy";
import { startTally } from "./tally";
import { Value } from "./values";

export const PACK_NAME = "runstack";

/** @param day today in UTC, `YYYY-MM-DD`; default: the clock. */
export function packArguments(
  policies: readonly Policy[],
  surroundings: Surroundings,
  day?: string,
): PolicyPackArgs {
  const names = new Set(policies.map((policy) => policy.name));
  if (names.size !== policies.length) {
    throw new Error(`Two policies of the pack have the same name: ${twice(policies)}. Rename one.`);
  }
  const pack: Pack = {
    names,
    exemptions: readExemptions(surroundings.exemptions, day),
    exempted: startTally(),
    undecided: startTally(),
  };
  return {
    description: "Runbook rules, Pod Security Standards and cloud controls of Runstack.",
    displayName: "Runstack",
    enforcementLevel: "mandatory",
    policies: policies.map((policy) => registered(policy, surroundings, pack)),
  };
}

function registered(
  policy: Policy,
  surroundings: Surroundings,
  pack: Pack,
): ResourceValidationPolicy | StackValidationPolicy {
  const metadata = describe(policy, surroundings);
  const { check } = policy;
  const begin: Begin = (ends) => contextOf(policy.name, { ...ends, surroundings, pack });
  return check.kind === "resource"
    ? { ...metadata, validateResource: resourceValidation(check, begin) }
    : { ...metadata, validateStack: stackValidation(check, begin) };
}

function describe(
  policy: Policy,
  surroundings: Surroundings,
): Omit<ResourceValidationPolicy, "validateResource"> {
  const { production, staging } = policy.enforcement;
  return {
    name: policy.name,
    displayName: policy.title,
    description: policy.description,
    enforcementLevel: isProduction(surroundings) ? production : staging,
    severity: policy.severity,
    framework: {
      name: "Runstack",
      version: "1",
      reference: policy.clause.reference,
      specification: policy.prevents,
    },
    tags: [...policy.themes],
    remediationSteps: policy.remediation,
    ...(policy.clause.url === undefined ? {} : { url: policy.clause.url }),
    ...(policy.configuration === undefined ? {} : { configSchema: policy.configuration }),
  };
}

type Arguments = Pick<ResourceValidationArgs, "getConfig">;

interface Ends {
  readonly args: Arguments;
  readonly report: ReportViolation;
  /** What a violation is of where the check does not say. */
  readonly urn: string;
}
type Begin = (ends: Ends) => Context;

function resourceValidation(check: ResourceCheck, begin: Begin): ResourceValidation {
  const types = check.types === "every" ? undefined : new Set(check.types);
  const validate: ResourceValidation = (args, report) => {
    if (types?.has(typeKey(args.type)) === false) args.notApplicable();
    const subject: Subject = {
      urn: args.urn,
      name: args.name,
      type: args.type,
      protect: args.opts.protect,
      props: Value.of(args.props),
    };
    const context = begin({ args, report, urn: args.urn });
    guarded(context, () => {
      check.run(subject, context);
    });
  };
  const [only, ...others] = check.types === "every" ? [] : check.types;
  // The library skips a policy by this mark before it decodes anything; it compares whole tokens.
  return others.length === 0 && only !== undefined && !only.startsWith("kubernetes:")
    ? Object.assign(validate, { __pulumiType: only })
    : validate;
}

function stackValidation(
  check: StackCheck,
  begin: Begin,
): (args: StackValidationArgs, report: ReportViolation) => void {
  return (args, report) => {
    // What is said of the stack as a whole is said of its root, under which the engine shows it.
    const root = args.resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    const context = begin({ args, report, urn: root?.urn ?? "" });
    guarded(context, () => {
      check.run(stackOf(args.resources), context);
    });
  };
}

/** A check that fails is a fault of the pack; it must neither stop the others nor pass for consent. */
function guarded(context: Context, run: () => void): void {
  try {
    run();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.report(`The policy could not be evaluated, which is a fault of the pack: ${reason}`);
  }
}

interface Scope extends Ends {
  readonly surroundings: Surroundings;
  readonly pack: Pack;
}

function contextOf(policy: string, { args, report, urn, surroundings, pack }: Scope): Context {
  return {
    surroundings,
    pack,
    setting: <T extends Setting>(name: string, fallback: T): Widened<T> => {
      const value = args.getConfig<Record<string, unknown>>()[name];
      return (typeof value === typeof fallback ? value : fallback) as Widened<T>;
    },
    report: (what, about = urn) => {
      const message = typeof what === "string" ? what : what.message;
      if (pack.exemptions.cover(policy, about)) pack.exempted.note(policy, about, message);
      else report(message, about === "" ? undefined : about);
    },
    unsure: (value, about = urn) => {
      if (value.isUnknown) pack.undecided.note(policy, about, value.path);
      return value.isUnknown;
    },
  };
}

function stackOf(given: readonly PolicyResource[]): Stack {
  const resources = given.map(stackResource);
  const byKey = new Map<string, StackResource[]>();
  for (const resource of resources) {
    const key = typeKey(resource.type);
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [resource]);
    else same.push(resource);
  }
  return { resources, of: (...keys) => keys.flatMap((key) => byKey.get(key) ?? []) };
}

function stackResource(given: PolicyResource): StackResource {
  const urns = (list: readonly PolicyResource[]): readonly string[] => list.map(({ urn }) => urn);
  return {
    urn: given.urn,
    name: given.name,
    type: given.type,
    protect: given.opts.protect,
    props: Value.of(given.props),
    ...(given.parent === undefined ? {} : { parent: given.parent.urn }),
    ...(given.provider === undefined ? {} : { provider: given.provider.urn }),
    dependencies: urns(given.dependencies),
    propertyDependencies: Object.fromEntries(
      Object.entries(given.propertyDependencies).map(([key, list]) => [key, urns(list)]),
    ),
  };
}

function twice(policies: readonly Policy[]): string {
  const seen = new Set<string>();
  return policies.map(({ name }) => name).find((name) => seen.size === seen.add(name).size) ?? "";
}
