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
import { behind, copied, valueOf } from "./wire";

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
    policies: policies
      .filter(({ needs }) => needs !== "file")
      .map((policy) => registered(policy, policyContext, pack)),
  };
}

function registered(
  policy: Policy,
  policyContext: PolicyContext,
  pack: Pack,
): ResourceValidationPolicy | StackValidationPolicy {
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
  return {
    ...metadata,
    validateResource: resourceValidation(check, begin),
    ...(remediate === undefined
      ? {}
      : { remediateResource: remediation({ policy, check, remediate }, begin) }),
  };
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
  const validate: ResourceValidation = (args, report) => {
    if (!applies(args.type)) notApplicable(args);
    const subject = resourceOf(args);
    const context = begin({ args, report, urn: args.urn });
    runSafely(context, () => {
      check.run(subject, context);
    });
  };
  return marked(validate, check.types);
}

function applicability({ types }: ResourceCheck): (type: string) => boolean {
  if (types === "every") return () => true;
  const keys = new Set(types);
  return (type) => keys.has(typeKey(type));
}

/** The library uses this mark to skip a function before decoding; it compares whole tokens. */
function marked<Validate extends object>(
  validate: Validate,
  types: readonly string[] | "every",
): Validate {
  const [only, ...others] = types === "every" ? [] : types;
  return others.length === 0 && only !== undefined && !only.startsWith("kubernetes:")
    ? Object.assign(validate, { __pulumiType: only })
    : validate;
}

interface Leaving {
  readonly notApplicable: () => never;
}

/** What the library's function throws, which is the same for every policy and resource. */
const thrown = new WeakMap<object, unknown>();

/** Most policies do not apply to most resources, so the error is made once, and without a stack trace. */
function notApplicable({ notApplicable: leave }: Leaving): never {
  if (thrown.has(leave)) throw thrown.get(leave);
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return leave();
  } catch (error) {
    thrown.set(leave, error);
    throw error;
  } finally {
    Error.stackTraceLimit = limit;
  }
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
    // Violations of the whole stack are reported on its root resource, where the engine shows them.
    const root = args.resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    const context = begin({ args, report, urn: root?.urn ?? "" });
    runSafely(context, () => {
      check.run(stackOf(args.resources), context);
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
