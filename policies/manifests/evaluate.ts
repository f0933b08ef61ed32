/**
 * Runs the pack on plain manifests, in this process and without the engine: the same checks as in a
 * preview, except for those that need a Pulumi program.
 */
import { COUNTING_POLICIES } from "../../lib/counting-policies";
import type { Configured, ConfiguredLevel } from "../../lib/policy-configuration";
import { checkContext, stackFrom, runSafely } from "../context";
import type { PolicyContext } from "../policy-context";
import { readExemptions } from "../exemptions";
import type { CheckContext, Level, Pack, Policy, ResourceCheck } from "../policy";
import { typeKey } from "../policy";
import { startCounter } from "../counter";
import { startUndecided } from "../undecided";
import type { Key } from "../values";
import { withoutCovered, withoutRepeats } from "./once";
import { stackResourceOf, resourceOf, urnsOf, type Manifest } from "./resource";

export interface Found {
  readonly policy: Policy;
  readonly level: Level;
  /** Undefined if the violation is about all objects together. */
  readonly manifest: Manifest | undefined;
  readonly message: string;
  /** The path, if the policy gives one. */
  readonly at: readonly Key[];
}

export interface Result {
  /** In manifest order; violations about all objects come last. */
  readonly found: readonly Found[];
  /** How often a policy evaluated an object, or all of them. */
  readonly evaluated: number;
  /** Violations that an exemption covers. */
  readonly exempted: number;
  /** Values that a policy could not check. */
  readonly unknown: number;
  /** References that a policy could not judge, in manifest order, each with its cause. */
  readonly undecided: readonly Found[];
}

export interface Options {
  readonly policyContext: PolicyContext;
  /** Every policy's level and properties. */
  readonly configured: ReadonlyMap<string, Configured>;
  /** The same for what is certain (see `InManifests.except`). @default configured */
  readonly certain?: ReadonlyMap<string, Configured>;
  /** Where the exemptions are written, for messages. @default the stack's configuration */
  readonly exemptionsIn?: string;
  /** Today in UTC, `YYYY-MM-DD`; default: the clock. */
  readonly day?: string;
}

/** A policy as it runs on these manifests. */
interface Active<Check> {
  readonly check: Check;
  /** Whether it judges only what is written in files. */
  readonly needsFile: boolean;
  /** Created once, because policies run for each of many objects. */
  readonly context: CheckContext;
  /** What the policy applies to. */
  readonly scope: { urn: string };
}

export function evaluateManifests(
  policies: readonly Policy[],
  manifests: readonly Manifest[],
  options: Options,
): Result {
  const session = new Session(policies, manifests, options);
  const evaluated = session.evaluateEach() + session.evaluateTogether();
  return { ...session.result(), evaluated };
}

class Session {
  private readonly pack: Pack;
  private readonly urns: readonly string[];
  private readonly places: ReadonlyMap<string, number>;
  /** By the manifest's position. */
  private readonly found: (Found[] | undefined)[] = [];
  private readonly ofAll: Found[] = [];

  constructor(
    private readonly policies: readonly Policy[],
    private readonly manifests: readonly Manifest[],
    private readonly options: Options,
  ) {
    const { policyContext, exemptionsIn, day } = options;
    this.pack = {
      names: new Set(policies.map(({ name }) => name)),
      exemptions: readExemptions(policyContext.exemptions, { day, key: exemptionsIn }),
      exempted: startCounter(),
      unknown: startCounter(),
      undecided: startUndecided(),
    };
    this.urns = urnsOf(manifests);
    this.places = new Map(this.urns.map((urn, index) => [urn, index]));
  }

  /** Object by object, so that cached reads of one are dropped before the next. */
  evaluateEach(): number {
    const byType = byTypeOf(this.active("resource"));
    let evaluated = 0;
    for (const [index, manifest] of this.manifests.entries()) {
      const subject = resourceOf(manifest, this.urns[index] ?? "");
      const own = byType(typeKey(subject.type));
      for (const { check, context, scope, needsFile } of own) {
        if (needsFile && manifest.isRendered === true) continue;
        scope.urn = subject.urn;
        runSafely(context, () => {
          check.run(subject, context);
        });
      }
      evaluated += own.length;
    }
    return evaluated;
  }

  evaluateTogether(): number {
    const stack = stackFrom(
      this.manifests.map((manifest, index) => stackResourceOf(manifest, this.urns[index] ?? "")),
    );
    const all = this.active("stack");
    for (const { check, context } of all) {
      runSafely(context, () => {
        check.run(stack, context);
      });
    }
    return all.length;
  }

  result(): Omit<Result, "evaluated"> {
    return {
      found: [
        ...this.found.flatMap((list) => withoutCovered(withoutRepeats(list ?? []))),
        ...this.ofAll,
      ],
      exempted: this.pack.exempted.take()?.total ?? 0,
      unknown: this.pack.unknown.take()?.total ?? 0,
      undecided: this.undecided(),
    };
  }

  private undecided(): readonly Found[] {
    const byName = new Map(this.policies.map((policy) => [policy.name, policy]));
    return this.pack.undecided
      .take()
      .map((one) => ({ ...one, place: this.places.get(one.urn) ?? Infinity }))
      .sort((a, b) => a.place - b.place)
      .flatMap(({ policy: name, message, at, place }) => {
        const policy = byName.get(name);
        const manifest = this.manifests[place];
        return policy === undefined ? [] : [{ policy, level: "advisory", manifest, message, at }];
      });
  }

  /** The policies of one kind that run on manifests. */
  private active<Kind extends Policy["check"]["kind"]>(kind: Kind): readonly Active<Check<Kind>>[] {
    return this.policies.flatMap((policy) => {
      const { name, check, needs } = policy;
      const { level, properties } = this.options.configured.get(name) ?? {};
      // What those count in a preview, the result here has as numbers.
      const isLeftOut = needs === "program" || COUNTING_POLICIES.has(name);
      if (isLeftOut || !isOfKind(check, kind)) return [];
      if (level === undefined || level === "disabled") return [];
      // Manifests are not modified, so a violation that would be remediated is reported.
      const asLevel = (one: ConfiguredLevel): Level => (one === "advisory" ? one : "mandatory");
      const certain = this.options.certain?.get(name)?.level ?? level;
      const scope = {
        policyContext: this.options.policyContext,
        pack: this.pack,
        urn: "",
        properties: () => properties ?? {},
        report: (message: string, about: string, at: readonly Key[] = [], isCertain = false) => {
          const here = asLevel(isCertain ? certain : level);
          this.keep({ policy, level: here, message, at }, about);
        },
      };
      return [{ check, needsFile: needs === "file", scope, context: checkContext(policy, scope) }];
    });
  }

  private keep(reported: Omit<Found, "manifest">, urn: string): void {
    const place = this.places.get(urn);
    if (place === undefined) this.ofAll.push({ ...reported, manifest: undefined });
    else (this.found[place] ??= []).push({ ...reported, manifest: this.manifests[place] });
  }
}

type Check<Kind extends Policy["check"]["kind"]> = Extract<Policy["check"], { kind: Kind }>;

function isOfKind<Kind extends Policy["check"]["kind"]>(
  check: Policy["check"],
  kind: Kind,
): check is Check<Kind> {
  return check.kind === kind;
}

/** The policies for a type, in pack order; looked up once per type. */
function byTypeOf(
  all: readonly Active<ResourceCheck>[],
): (key: string) => readonly Active<ResourceCheck>[] {
  const known = new Map<string, readonly Active<ResourceCheck>[]>();
  return (key) => {
    const own =
      known.get(key) ??
      all.filter(({ check: { types } }) => types === "every" || types.includes(key));
    known.set(key, own);
    return own;
  };
}
