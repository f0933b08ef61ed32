/**
 * For tests: runs the policies on the resources of a plan, in this process, and records what they read.
 *
 * A preview knows less than an update. Each property that a policy reads is made unknown in turn,
 * and the policy must not find more than before: an unknown value is not a violation. Then the property
 * gets all wrong types, and the policy must not throw.
 */
import type { Plan, PlannedResource } from "../offline/plan";
import { BROKEN, checkContext, stackFrom, runSafely } from "../policies/context";
import { readExemptions } from "../policies/exemptions";
import type { PolicyContext } from "../policies/policy-context";
import type { CheckContext, Pack, Policy, Stack, StackResource } from "../policies/policy";
import { typeKey } from "../policies/policy";
import { startCounter } from "../policies/counter";
import { startUndecided } from "../policies/undecided";
import { Value, type Key } from "../policies/values";
import { SYSTEMS, type SystemId } from "../systems";

/** Represents a value that only the cloud knows, or a secret that a preview hides. */
const UNKNOWN = Symbol("unknown");

type Node = Record<Key, unknown>;

/** A violation. Its message contains the resource's name. */
interface Said {
  readonly about: string;
  readonly message: string;
}

interface Read {
  readonly urn: string;
  readonly path: readonly Key[];
}

interface Reader {
  readonly policy: Policy;
  readonly before: readonly Said[];
}

interface Readers {
  readonly read: Read;
  readonly by: readonly Reader[];
}

/** Wrong types that a property can have. */
const STRANGE: readonly unknown[] = [null, "", -1.5, true, [null], {}, { "": [""] }];

/** A changed property, and the violations that appear only because of it. */
export interface Lapse {
  readonly policy: string;
  readonly type: string;
  readonly path: string;
  readonly message: string;
}

const marks = {
  isUnknown: (raw: unknown): boolean => raw === UNKNOWN,
  isSecret: (): boolean => false,
  holdsSecret: (): boolean => false,
};

/** A path without list positions. */
const shapeOf = (path: readonly Key[]): string =>
  path.filter((key) => typeof key !== "number").join(".");

function isObject(raw: unknown): raw is Node {
  return typeof raw === "object" && raw !== null;
}

/** The inputs of a plan as policies get them. */
function opened(raw: unknown): unknown {
  if (Array.isArray(raw)) return raw.map(opened);
  if (!isObject(raw)) return raw;
  if (raw["$unknown"] === true || raw["$secret"] === true) return UNKNOWN;
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, opened(value)]));
}

function holdsUnknown(raw: unknown): boolean {
  return raw === UNKNOWN || (isObject(raw) && Object.values(raw).some(holdsUnknown));
}

/** The same object, which records what is read. */
function watched<Watched>(
  raw: Watched,
  path: readonly Key[],
  told: (path: readonly Key[]) => void,
): Watched {
  if (!isObject(raw)) return raw;
  return new Proxy(raw, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof key === "symbol" || !Object.hasOwn(target, key)) return value;
      const at = [...path, Array.isArray(target) ? Number(key) : key];
      if (Number.isNaN(at.at(-1))) return value;
      told(at);
      return watched(value, at, told);
    },
  });
}

const inside = (raw: unknown, key: Key): unknown => (isObject(raw) ? raw[key] : undefined);

function changedAt(props: Node, [first, ...rest]: readonly Key[], value: unknown): Node {
  if (first === undefined) return props;
  const copy = (Array.isArray(props) ? [...(props as unknown[])] : { ...props }) as Node;
  copy[first] = rest.length === 0 ? value : changedAt(copy[first] as Node, rest, value);
  return copy;
}

/** Violations of a resource that are new compared with before. */
function more(before: readonly Said[], after: readonly Said[]): readonly Said[] {
  const about = (said: readonly Said[], urn: string): number =>
    said.filter((one) => one.about === urn).length;
  return after.filter(({ about: urn }) => about(after, urn) > about(before, urn));
}

export class Judged {
  private readonly inputs: ReadonlyMap<string, Node>;
  private readonly resources: ReadonlyMap<string, StackResource>;
  readonly context: PolicyContext;

  /** @param about differs from a production stack of the plan's system */
  constructor(plan: Plan, about: Partial<PolicyContext> = {}) {
    this.context = {
      environment: "prod",
      system: SYSTEMS[plan.system as SystemId],
      exemptions: [],
      podSecurityMinor: Infinity,
      restored: {},
      zoned: !plan.resources.some(({ type }) => type === "pulumi:providers:digitalocean"),
      ...about,
    };
    this.inputs = new Map(plan.resources.map(({ urn, inputs }) => [urn, opened(inputs) as Node]));
    this.resources = new Map(
      plan.resources.map((planned) => [
        planned.urn,
        resourceOf(planned, this.propsOf(planned.urn)),
      ]),
    );
  }

  /**
   * Violations that a policy reports only while one of the properties that it reads is unknown. Of many
   * resources with the same structure, two are tried.
   */
  lapses(policies: readonly Policy[]): readonly Lapse[] {
    // What is unknown already is judged before.
    const isNew = (_: Policy, { urn, path }: Read): boolean =>
      path.reduce<unknown>(inside, this.propsOf(urn)) !== UNKNOWN;
    return this.readers(policies, isNew).flatMap(({ read, by }) => {
      const changed = this.changed(read, UNKNOWN);
      return by.flatMap(({ policy, before }) =>
        more(before, changed(policy)).map(({ message }) => this.lapse(policy, read, message)),
      );
    });
  }

  /**
   * Where a policy throws because of a value of an unexpected type.
   *
   * @param tried what was already tried, also in other plans: a policy throws for a shape wherever it
   * occurs. What is tried here is added.
   */
  faults(policies: readonly Policy[], tried: Set<string>): readonly Lapse[] {
    const isNew = ({ name }: Policy, { urn, path }: Read): boolean => {
      const key = `${name} ${this.typeOf(urn)} ${shapeOf(path)}`;
      return !tried.has(key) && tried.add(key).has(key);
    };
    return this.readers(policies, isNew).flatMap(({ read, by }) =>
      STRANGE.flatMap((value) => {
        const changed = this.changed(read, value);
        return by.flatMap(({ policy }) =>
          changed(policy)
            .filter(({ message }) => message.startsWith(BROKEN))
            .map(({ message }) => this.lapse(policy, read, message)),
        );
      }),
    );
  }

  /** What a policy says of the plan. */
  judge(policy: Policy): readonly Said[] {
    return this.said(policy, [...this.resources.values()]);
  }

  /** A policy's violations in the plan, and the properties that it reads. */
  private watching(policy: Policy): { before: readonly Said[]; reads: readonly Read[] } {
    const reads = new Map<string, Read>();
    const all = [...this.resources.values()].map((resource) => {
      const told = (path: readonly Key[]): void => {
        this.representative({ urn: resource.urn, path }, reads);
      };
      return withProps(resource, watched(this.propsOf(resource.urn), [], told));
    });
    return { before: this.said(policy, all), reads: [...reads.values()] };
  }

  /** Each property that is read, with the policies that read it and their violations before. */
  private readers(
    policies: readonly Policy[],
    counts: (policy: Policy, read: Read) => boolean = () => true,
  ): readonly Readers[] {
    const readers = new Map<string, { read: Read; by: Reader[] }>();
    for (const policy of policies) {
      const { before, reads } = this.watching(policy);
      for (const read of reads.filter((one) => counts(policy, one))) {
        const key = [read.urn, ...read.path].join("\n");
        const known = readers.get(key) ?? { read, by: [] };
        known.by.push({ policy, before });
        readers.set(key, known);
      }
    }
    return [...readers.values()];
  }

  /**
   * Policies' violations with one changed property, of the resource or of the whole stack. The stack is the same for all
   * of them, so that what several need of it is made once.
   */
  private changed({ urn, path }: Read, value: unknown): (policy: Policy) => readonly Said[] {
    const before = this.resources.get(urn);
    if (before === undefined) return () => [];
    const after = withProps(before, changedAt(this.propsOf(urn), path, value));
    const stack = stackFrom([...new Map([...this.resources, [urn, after]]).values()]);
    return (policy) => this.said(policy, [after], stack);
  }

  private said(
    policy: Policy,
    resources: readonly StackResource[],
    stack: Stack = stackFrom(resources),
  ): readonly Said[] {
    const { check } = policy;
    const messages: Said[] = [];
    const context = (urn: string): CheckContext =>
      checkContext(policy, {
        policyContext: this.context,
        pack: emptyPack(),
        properties: () => ({}),
        urn,
        report: (message, about) => messages.push({ about, message }),
      });
    if (check.kind === "stack") {
      const ours = context("");
      runSafely(ours, () => {
        check.run(stack, ours);
      });
      return messages;
    }
    for (const resource of resources) {
      if (check.types !== "every" && !check.types.includes(typeKey(resource.type))) continue;
      const ours = context(resource.urn);
      runSafely(ours, () => {
        check.run(resource, ours);
      });
    }
    return messages;
  }

  private representative(read: Read, reads: Map<string, Read>): void {
    const shape = shapeOf(read.path);
    for (const number of ["first", "second"]) {
      const key = `${this.typeOf(read.urn)} ${shape} ${number}`;
      const known = reads.get(key);
      if (known !== undefined && known.urn !== read.urn) continue;
      reads.set(key, known ?? read);
      return;
    }
  }

  private lapse({ name }: Policy, { urn, path }: Read, message: string): Lapse {
    return { policy: name, type: this.typeOf(urn), path: path.join("."), message };
  }

  private typeOf(urn: string): string {
    return this.resources.get(urn)?.type ?? "";
  }

  private propsOf(urn: string): Node {
    return this.inputs.get(urn) ?? {};
  }
}

function resourceOf(planned: PlannedResource, props: Node): StackResource {
  const { urn, name, type, protect, dependencies, parent, provider } = planned;
  // The plan does not record which property has a dependency, so any unknown one may.
  const unknown = Object.keys(props).filter((key) => holdsUnknown(props[key]));
  return {
    urn,
    name,
    type,
    protect,
    props: Value.marked(props, marks),
    dependencies,
    propertyDependencies: Object.fromEntries(unknown.map((key) => [key, dependencies])),
    ...(parent === null ? {} : { parent }),
    ...(provider === null ? {} : { provider }),
  };
}

const withProps = (resource: StackResource, props: Node): StackResource => ({
  ...resource,
  props: Value.marked(props, marks),
});

const emptyPack = (): Pack => ({
  names: new Set(),
  exemptions: readExemptions([], { day: "2026-03-01" }),
  exempted: startCounter(),
  unknown: startCounter(),
  undecided: startUndecided(),
});
