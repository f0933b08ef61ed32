/**
 * The pack on a plan in this process, without the program: first on the unbroken plan, while it is recorded which policy
 * reads which value, and then on each change, by the policies that read what is changed.
 */
import type { Plan, PlannedResource } from "../../offline/plan";
import { POLICIES } from "../../policies/catalog";
import { checkContext, runSafely, stackFrom } from "../../policies/context";
import { startCounter } from "../../policies/counter";
import { exceptionsOf } from "../../policies/exceptions";
import { readExemptions } from "../../policies/exemptions";
import { isProduction, readPolicyContext, type PolicyContext } from "../../policies/policy-context";
import type { CheckContext, Pack, Policy, Stack, StackResource } from "../../policies/policy";
import { typeKey } from "../../policies/policy";
import { startUndecided } from "../../policies/undecided";
import { Value, type Key } from "../../policies/values";
import { recoveryTimes } from "../../reports/assemble";
import { SYSTEMS } from "../../systems";
import type { Change, Outcome } from "./plans";
import { isObject } from "./plans-names";

const UNKNOWN = Symbol("unknown");
const marks = {
  isUnknown: (raw: unknown): boolean => raw === UNKNOWN,
  isSecret: (): boolean => false,
  holdsSecret: (): boolean => false,
};

/** These look at the findings of the others. */
const GOVERNANCE = /^(exempt|undecided$)/;

interface Planned {
  readonly resource: StackResource;
  readonly inputs: object;
}

/** Values that a plan does not show are unknown to the policies too. */
function opened(raw: unknown): unknown {
  if (Array.isArray(raw)) return raw.map(opened);
  if (!isObject(raw)) return raw;
  if (raw["$unknown"] === true || raw["$secret"] === true) return UNKNOWN;
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, opened(value)]));
}

function watched<Raw>(raw: Raw, path: string, told: (path: string) => void): Raw {
  if (!isObject(raw)) return raw;
  return new Proxy<object>(raw, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof key === "symbol" || !Object.hasOwn(target, key)) return value;
      const at = `${path}\n${key}`;
      if (!isObject(value)) told(at);
      return watched(value, at, told);
    },
  }) as Raw;
}

function changedAt(raw: unknown, [first, ...rest]: readonly Key[], value: unknown): unknown {
  if (first === undefined || !isObject(raw)) return value;
  if (Array.isArray(raw))
    return raw.map((item: unknown, index) =>
      index === first ? changedAt(item, rest, value) : item,
    );
  return { ...raw, [first]: changedAt(raw[first], rest, value) };
}

export class PlanJudge {
  private readonly planned: ReadonlyMap<string, Planned>;
  private readonly policies: readonly Policy[];
  private readonly context: PolicyContext;
  private readonly facts: Readonly<Record<string, object>>;
  /** Value → the policies that read it. */
  private readonly readers = new Map<string, Set<Policy>>();
  private readonly before = new Map<Policy, ReadonlySet<string>>();
  private readonly pack: Pack;

  /** @param config of the plan's stack */
  constructor(
    plan: Plan,
    config: Readonly<Record<string, string | undefined>>,
    policies: readonly Policy[] = POLICIES,
  ) {
    this.context = readPolicyContext(SYSTEMS, { get: (key) => config[`runstack:${key}`] });
    this.facts = recoveryTimes(plan.resources, this.context.system);
    const level = isProduction(this.context) ? "production" : "staging";
    this.policies = policies.filter(
      ({ name, enforcement }) => !GOVERNANCE.test(name) && enforcement[level] !== "disabled",
    );
    this.pack = {
      names: new Set(policies.map(({ name }) => name)),
      exemptions: readExemptions(this.context.exemptions, {
        exceptions: exceptionsOf(this.context),
      }),
      exempted: startCounter(),
      unknown: startCounter(),
      undecided: startUndecided(),
    };
    this.planned = new Map(
      plan.resources.map((resource) => {
        const inputs = opened(resource.inputs) as object;
        return [resource.urn, { inputs, resource: resourceOf(resource, inputs) }];
      }),
    );
    for (const policy of this.policies) this.record(policy);
  }

  /** What the pack says of the unbroken plan. */
  get baseline(): readonly string[] {
    return [...this.before].flatMap(([{ name }, said]) =>
      [...said].map((one) => `${name}: ${one}`),
    );
  }

  judge(change: Change): Outcome {
    const { urn, path } = change;
    const old = this.planned.get(urn);
    const readers = this.readers.get([urn, ...path].join("\n"));
    if (old === undefined || readers === undefined) return { change, by: [] };
    const props = Value.marked(changedAt(old.inputs, path, change.to) as object, marks);
    const changed = { ...old.resource, props };
    const stack = [...this.planned.values()].map(({ resource }) =>
      resource.urn === urn ? changed : resource,
    );
    // One for all policies, so that what several need of it is made once.
    const whole = stackFrom(stack);
    const noticing = [...readers].filter((policy) => {
      const before = this.before.get(policy);
      return [...this.said(policy, [changed], whole)].some((one) => before?.has(one) !== true);
    });
    return { change, by: noticing.map(({ name }) => name) };
  }

  private record(policy: Policy): void {
    const resources = [...this.planned.values()].map(({ resource, inputs }) => ({
      ...resource,
      props: Value.marked(
        watched(inputs, resource.urn, (at) => {
          const known = this.readers.get(at);
          if (known === undefined) this.readers.set(at, new Set([policy]));
          else known.add(policy);
        }),
        marks,
      ),
    }));
    this.before.set(policy, this.said(policy, resources, stackFrom(resources)));
  }

  private said(
    policy: Policy,
    resources: readonly StackResource[],
    stack: Stack,
  ): ReadonlySet<string> {
    const { check } = policy;
    const found = new Set<string>();
    const context = (urn: string): CheckContext =>
      checkContext(policy, {
        policyContext: this.context,
        pack: this.pack,
        properties: () => ({ ...this.facts[policy.name] }),
        urn,
        report: (message, about) => found.add(`${about} ${message}`),
      });
    if (check.kind === "stack") {
      const ours = context("");
      runSafely(ours, () => {
        check.run(stack, ours);
      });
      return found;
    }
    for (const resource of resources) {
      if (check.types !== "every" && !check.types.includes(typeKey(resource.type))) continue;
      const ours = context(resource.urn);
      runSafely(ours, () => {
        check.run(resource, ours);
      });
    }
    return found;
  }
}

function resourceOf(planned: PlannedResource, inputs: object): StackResource {
  const { urn, name, type, protect, dependencies, parent, provider, options } = planned;
  // The plan does not record which property has a dependency, so any unknown one may.
  const unknown = Object.entries(inputs).flatMap(([key, value]) =>
    holdsUnknown(value) ? [key] : [],
  );
  return {
    ...{ urn, name, type, protect, dependencies },
    props: Value.marked(inputs, marks),
    options: {
      ignoreChanges: options?.ignoreChanges ?? [],
      ...(options?.deleteBeforeReplace === true ? { deleteBeforeReplace: true } : {}),
      customTimeouts: { createSeconds: options?.customTimeouts?.["create"] ?? 0 },
    },
    propertyDependencies: Object.fromEntries(unknown.map((key) => [key, dependencies])),
    ...(parent === null ? {} : { parent }),
    ...(provider === null ? {} : { provider }),
  };
}

function holdsUnknown(raw: unknown): boolean {
  return raw === UNKNOWN || (isObject(raw) && Object.values(raw).some(holdsUnknown));
}
