/** A stack as seen by the real engine and by the offline plan in a common form, and the differences. */
import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { Preview } from "../../offline/host";
import type { PlannedResource } from "../../offline/plan";
import { differences, normalise } from "../../reports/preview/normalise";

/** A resource as an object of facts. Facts that a side does not report are absent. */
type Facts = Readonly<Record<string, unknown>>;

export interface Observed {
  readonly resources: ReadonlyMap<string, Facts>;
  /** What the program exports. */
  readonly outputs: unknown;
  readonly verdicts: ReadonlySet<string>;
  /** Default providers are internal to the engine: only its goals show them, not its events. */
  readonly showsDefaults: boolean;
}

/** Of the engine's plan file (pulumi/pulumi, `sdk/go/common/apitype/plan.go`), what is compared. */
export interface Goal {
  readonly parent?: string;
  readonly provider?: string;
  readonly protect: boolean;
  readonly inputDiff: { readonly adds?: Readonly<Record<string, unknown>> };
  readonly dependencies?: readonly string[];
  readonly additionalSecretOutputs?: readonly string[];
  readonly ignoreChanges?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  readonly customTimeouts?: Readonly<Record<string, number>>;
}

type Registered = Pick<Goal, "parent" | "provider" | "protect">;

const STACK = "pulumi:pulumi:Stack";
const DEFAULT_PROVIDER = /::(?:[^:]+\$)?pulumi:providers:[^:]+::default(?:_|$)/u;

export function fromEngine(
  events: readonly EngineEvent[],
  goals: ReadonlyMap<string, Goal>,
): Observed {
  const resources = new Map<string, Facts>();
  const verdicts = new Set<string>();
  let outputs: unknown = {};
  for (const { resourcePreEvent, resOutputsEvent, policyEvent } of events) {
    const created = resourcePreEvent?.metadata.new;
    if (created !== undefined) {
      const facts = { ...placeOf(created), inputs: normalise(created.inputs) };
      resources.set(created.urn, { ...facts, ...optionsOf(goals.get(created.urn)) });
    }
    const done = resOutputsEvent?.metadata.new;
    if (done?.type === STACK) outputs = normalise(done.outputs);
    if (policyEvent !== undefined) {
      const { policyName, resourceUrn = "", enforcementLevel, message } = policyEvent;
      verdicts.add(verdict(policyName, resourceUrn, enforcementLevel, message));
    }
  }
  for (const [urn, goal] of goals) {
    if (resources.has(urn)) continue;
    const inputs = normalise(goal.inputDiff.adds ?? {});
    resources.set(urn, { ...placeOf(goal), inputs, ...optionsOf(goal) });
  }
  return { resources, outputs, verdicts, showsDefaults: goals.size > 0 };
}

const placeOf = ({ parent, provider, protect }: Partial<Registered>): Facts => ({
  parent: parent ?? "",
  // A provider is referenced by its URN and an id.
  provider: (provider ?? "").replace(/::[^:]*$/u, ""),
  protect: protect ?? false,
});

const optionsOf = (goal: Goal | undefined): Facts =>
  goal === undefined
    ? {}
    : {
        dependencies: setOf(goal.dependencies ?? []),
        additionalSecretOutputs: setOf(goal.additionalSecretOutputs ?? []),
        ignoreChanges: setOf(goal.ignoreChanges ?? []),
        deleteBeforeReplace: goal.deleteBeforeReplace,
        customTimeouts: nonZero(goal.customTimeouts ?? {}),
      };

export function fromPlan({ resources, outputs, policies }: Preview): Observed {
  const stack = resources.find(({ type }) => type === STACK)?.urn;
  return {
    resources: new Map(resources.map((resource) => [resource.urn, plannedFacts(resource, stack)])),
    outputs: normalise(outputs),
    verdicts: new Set(
      policies.violations.map(({ policy, urn, enforcement, message }) =>
        verdict(policy, urn, enforcement, message),
      ),
    ),
    showsDefaults: true,
  };
}

function plannedFacts(
  { urn, parent, provider, protect, inputs, dependencies, options }: PlannedResource,
  stack: string | undefined,
): Facts {
  return {
    // The plan puts a default provider under the stack; the engine gives it no parent.
    parent: DEFAULT_PROVIDER.test(urn) && parent === stack ? "" : (parent ?? ""),
    provider: provider ?? "",
    protect,
    inputs: normalise(inputs),
    dependencies: setOf(dependencies),
    additionalSecretOutputs: setOf(options?.additionalSecretOutputs ?? []),
    ignoreChanges: setOf(options?.ignoreChanges ?? []),
    deleteBeforeReplace: options?.deleteBeforeReplace,
    customTimeouts: nonZero({ ...options?.customTimeouts }),
  };
}

/** Lists without a meaningful order. As an object, each element is compared separately. */
const setOf = (list: readonly string[]): Facts =>
  Object.fromEntries(list.map((element) => [element, true]));

const nonZero = (numbers: Readonly<Record<string, number>>): Facts =>
  Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== 0));

const verdict = (policy: string, urn: string, enforcement: string, message: string): string =>
  `${enforcement} ${policy} ${urn}: ${message.trim()}`;

/** One line for each item that only one side has or that differs. */
export function compare(engine: Observed, plan: Observed): readonly string[] {
  const shown = [...plan.resources.keys()].filter(
    (urn) => engine.showsDefaults || !DEFAULT_PROVIDER.test(urn),
  );
  return [
    ...missing(engine.resources.keys(), plan.resources, "only the engine registers"),
    ...missing(shown, engine.resources, "only the plan registers"),
    ...[...engine.resources].flatMap(([urn, facts]) => {
      const planned = plan.resources.get(urn);
      if (planned === undefined) return [];
      // Facts that the engine does not report are not compared.
      const told = Object.fromEntries(Object.keys(facts).map((key) => [key, planned[key]]));
      return differences(facts, told).map((one) => `${urn} ${one}`);
    }),
    ...differences(engine.outputs, plan.outputs, "output "),
    ...missing(engine.verdicts, plan.verdicts, "only the engine's policies report"),
    ...missing(plan.verdicts, engine.verdicts, "only the plan's policies report"),
  ];
}

const missing = (
  from: Iterable<string>,
  other: { has(one: string): boolean },
  text: string,
): readonly string[] => [...from].filter((one) => !other.has(one)).map((one) => `${text}: ${one}`);
