/** Turns the policies into the arguments of `@pulumi/policy`'s PolicyPack. */
import type {
  PolicyPackArgs,
  PolicyResource,
  ReportViolation,
  ResourceRemediation,
  ResourceValidation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { checkContext, stackFrom, runSafely } from "./context";
import { isProduction, type PolicyContext } from "./policy-context";
import { exceptionsOf } from "./exceptions";
import { readExemptions } from "./exemptions";
import type {
  CheckContext,
  Pack,
  Policy,
  ResourceCheck,
  Stack,
  StackCheck,
  StackResource,
  Resource,
} from "./policy";
import { typeKey } from "./policy";
import { applyChanges } from "./remediation";
import { startCounter } from "./counter";
import { startUndecided } from "./undecided";
import { behind, copied, listByType, valueOf } from "./wire";

export const PACK_NAME = "runstack";

/** @param day today in UTC, `YYYY-MM-DD`; default: the clock. */
export function packArguments(
  policies: readonly Policy[],
  policyContext: PolicyContext,
  day?: string,
): PolicyPackArgs {
  const names = new Set(policies.map((policy) => policy.name));
  if (names.size !== policies.length) {
    throw new Error(`Two policies of the pack have the same name: ${twice(policies)}. Rename one.`);
  }
  const pack: Pack = {
    names,
    exemptions: readExemptions(policyContext.exemptions, {
      day,
      exceptions: exceptionsOf(policyContext),
    }),
    exempted: startCounter(),
    unknown: startCounter(),
    undecided: startUndecided(),
  };
  return {
    description: "Runbook rules, Pod Security Standards and cloud controls of Runstack.",
    displayName: "Runstack",
    enforcementLevel: "mandatory",
    policies: listByType(
      policies
        .filter(({ needs }) => needs !== "file")
        .map((policy) => registered(policy, policyContext, pack)),
      applied,
    ),
  };
}

type Registered = ResourceValidationPolicy | StackValidationPolicy;

/** What each resource policy applies to. */
const typesOf = new WeakMap<object, ResourceCheck["types"]>();

/** The library compares this mark of a function with the resource's type before anything else. */
function applied(policy: Registered, type: string): Registered {
  const types = typesOf.get(policy) ?? "every";
  if (types === "every" || types.includes(typeKey(type))) return policy;
  const [first = "", ...others] = types;
  // Part of the answer for each policy and resource, so it is short.
  const mark = others.length === 0 ? first : `${first} and ${others.length} others`;
  const skipped = Object.assign(() => undefined, { __pulumiType: mark });
  return { ...policy, validateResource: skipped };
}

function registered(policy: Policy, policyContext: PolicyContext, pack: Pack): Registered {
  const metadata = describe(policy, policyContext);
  const { check, remediate } = policy;
  const begin: Begin = ({ args, report, urn }) =>
    checkContext(policy, {
      policyContext,
      pack,
      urn,
      properties: () => args.getConfig<Record<string, unknown>>(),
      report: (message, about) => {
        report(message, about === "" ? undefined : about);
      },
    });
  if (check.kind === "stack") return { ...metadata, validateStack: stackValidation(check, begin) };
  const resourcePolicy = {
    ...metadata,
    validateResource: resourceValidation(check, begin),
    ...(remediate === undefined
      ? {}
      : { remediateResource: remediation({ policy, check, remediate }, begin) }),
  };
  typesOf.set(resourcePolicy, check.types);
  return resourcePolicy;
}

function describe(
  policy: Policy,
  policyContext: PolicyContext,
): Omit<ResourceValidationPolicy, "validateResource"> {
  const { production, staging } = policy.enforcement;
  return {
    name: policy.name,
    displayName: policy.title,
    description: policy.description,
    enforcementLevel: isProduction(policyContext) ? production : staging,
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
    // Set even without options, so that configuring one is reported.
    configSchema: policy.configuration ?? { properties: {} },
  };
}

type Arguments = Pick<ResourceValidationArgs, "getConfig">;

interface Ends {
  readonly args: Arguments;
  readonly report: ReportViolation;
  /** The default subject of a violation. */
  readonly urn: string;
}
type Begin = (ends: Ends) => CheckContext;

function resourceValidation(check: ResourceCheck, begin: Begin): ResourceValidation {
  const applies = applicability(check);
  return (args, report) => {
    if (!applies(args.type)) args.notApplicable();
    const subject = resourceOf(args);
    const context = begin({ args, report, urn: args.urn });
    runSafely(context, () => {
      check.run(subject, context);
    });
  };
}

function applicability({ types }: ResourceCheck): (type: string) => boolean {
  if (types === "every") return () => true;
  const keys = new Set(types);
  return (type) => keys.has(typeKey(type));
}

/**
 * Keyed by the properties, for as long as the library keeps them: until the resource is evaluated.
 */
const subjects = new WeakMap<object, Resource>();

/** Shared by all policies that evaluate a resource, so that they share cached reads. */
function resourceOf({ props, urn, name, type, opts }: ResourceValidationArgs): Resource {
  const origin = behind(props);
  const known = subjects.get(origin);
  if (known?.urn === urn) return known;
  const subject = { urn, name, type, protect: opts.protect, options: opts, props: valueOf(props) };
  subjects.set(origin, subject);
  return subject;
}

interface Remediable {
  readonly policy: Policy;
  readonly check: ResourceCheck;
  readonly remediate: NonNullable<Policy["remediate"]>;
}

/** Called if the policy is configured as `remediate`, before the resource is evaluated. */
function remediation({ policy, check, remediate }: Remediable, begin: Begin): ResourceRemediation {
  const applies = applicability(check);
  return (args) => {
    const { urn, name, type, opts, props } = args;
    if (!applies(type)) return undefined;
    const context = begin({ args, report: () => undefined, urn });
    if (context.pack.exemptions.cover(policy.name, urn)) return undefined;
    const subject = {
      urn,
      name,
      type,
      protect: opts.protect,
      options: opts,
      props: valueOf(copied(props)),
    };
    return applyChanges(props, remediate(subject, context));
  };
}

function stackValidation(
  check: StackCheck,
  begin: Begin,
): (args: StackValidationArgs, report: ReportViolation) => void {
  return (args, report) => {
    const stack = stackOf(args.resources);
    // Violations of the whole stack are reported on its root resource, where the engine shows them.
    const root = stack.resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    const context = begin({ args, report, urn: root?.urn ?? "" });
    runSafely(context, () => {
      check.run(stack, context);
    });
  };
}

/** The stack evaluated last, keyed by the object behind its first resource. */
let latest: { readonly first: object; readonly stack: Stack } | undefined;

/** The library creates new resources for every policy, from the same properties. */
function stackOf(provided: readonly PolicyResource[]): Stack {
  const first = provided[0] === undefined ? provided : behind(provided[0].props);
  if (latest?.first !== first) latest = { first, stack: stackFrom(provided.map(stackResource)) };
  return latest.stack;
}

function stackResource(provided: PolicyResource): StackResource {
  const urns = (list: readonly PolicyResource[]): readonly string[] => list.map(({ urn }) => urn);
  return {
    urn: provided.urn,
    name: provided.name,
    type: provided.type,
    protect: provided.opts.protect,
    options: provided.opts,
    props: valueOf(provided.props),
    ...(provided.parent === undefined ? {} : { parent: provided.parent.urn }),
    ...(provided.provider === undefined ? {} : { provider: provided.provider.urn }),
    dependencies: urns(provided.dependencies),
    propertyDependencies: Object.fromEntries(
      Object.entries(provided.propertyDependencies).map(([key, list]) => [key, urns(list)]),
    ),
  };
}

function twice(policies: readonly Policy[]): string {
  const seen = new Set<string>();
  return policies.map(({ name }) => name).find((name) => seen.size === seen.add(name).size) ?? "";
}
