/**
 * The pack on plain manifests, in this process and without the engine: the same checks that a preview
 * runs, except for those that need a Pulumi program.
 */
import type { Configured } from "../configuration";
import { contextOf, gathered, guarded } from "../context";
import type { Surroundings } from "../environment";
import { readExemptions } from "../exemptions";
import type { Level, Pack, Policy, ResourceCheck, StackCheck } from "../policy";
import { typeKey } from "../policy";
import { startTally } from "../tally";
import type { Key } from "../values";
import { stackResourceOf, subjectOf, urnsOf, type Manifest } from "./subject";

export interface Found {
  readonly policy: Policy;
  readonly level: Level;
  /** Undefined where the policy speaks of all objects together. */
  readonly manifest: Manifest | undefined;
  readonly message: string;
  /** Where it is written, if the policy says so. */
  readonly at: readonly Key[];
}

export interface Judgement {
  /** In the order of the manifests; what is said of all together comes last. */
  readonly found: readonly Found[];
  /** How often a policy looked at an object, or at all of them. */
  readonly evaluated: number;
  /** Violations that an exemption covers. */
  readonly exempted: number;
  /** Values that a policy had to leave open. */
  readonly undecided: number;
}

export interface Options {
  readonly surroundings: Surroundings;
  /** Every policy's level and properties. */
  readonly configured: ReadonlyMap<string, Configured>;
  /** Where the exemptions are written, for messages; default: the stack's configuration. */
  readonly exemptionsIn?: string;
  /** Today in UTC, `YYYY-MM-DD`; default: the clock. */
  readonly day?: string;
}

interface Active<Check> {
  readonly policy: Policy;
  readonly check: Check;
  readonly level: Level;
  readonly properties: Configured["properties"];
}

/** These two count for a preview what `Judgement` holds as numbers. */
const COUNTERS: ReadonlySet<string> = new Set(["exempted", "undecided"]);

export function judgeManifests(
  policies: readonly Policy[],
  manifests: readonly Manifest[],
  { surroundings, configured, exemptionsIn, day }: Options,
): Judgement {
  const pack: Pack = {
    names: new Set(policies.map(({ name }) => name)),
    exemptions: readExemptions(surroundings.exemptions, day, exemptionsIn),
    exempted: startTally(),
    undecided: startTally(),
  };
  const urns = urnsOf(manifests);
  const places = new Map(urns.map((urn, index) => [urn, index]));
  const found: (readonly Found[] | undefined)[] = [];
  const whole: Found[] = [];
  const run = <Check>(active: Active<Check>, urn: string, check: Run<Check>): void => {
    const { policy, level, properties } = active;
    const context = contextOf(policy.name, {
      surroundings,
      pack,
      urn,
      properties: () => properties,
      report: (message, about, at = []) => {
        const place = places.get(about);
        const manifest = place === undefined ? undefined : manifests[place];
        const one = { policy, level, manifest, message, at };
        if (place === undefined) whole.push(one);
        else found[place] = [...(found[place] ?? []), one];
      },
    });
    guarded(context, () => {
      check(active.check, context);
    });
  };
  const evaluated =
    judgeEach(policies, configured, manifests, urns, run) +
    judgeTogether(policies, configured, manifests, urns, run);
  return {
    found: [...found.flatMap((list) => list ?? []), ...whole],
    evaluated,
    exempted: pack.exempted.take()?.total ?? 0,
    undecided: pack.undecided.take()?.total ?? 0,
  };
}

type Run<Check> = (check: Check, context: Parameters<StackCheck["run"]>[1]) => void;
type Runner = <Check>(active: Active<Check>, urn: string, check: Run<Check>) => void;
type Levels = ReadonlyMap<string, Configured>;

/** Object by object: what policies read of one is forgotten before the next. */
function judgeEach(
  policies: readonly Policy[],
  configured: Levels,
  manifests: readonly Manifest[],
  urns: readonly string[],
  run: Runner,
): number {
  const byType = policiesByType(active(policies, configured, "resource"));
  let evaluated = 0;
  for (const [index, manifest] of manifests.entries()) {
    const subject = subjectOf(manifest, urns[index] ?? "");
    const own = byType(typeKey(subject.type));
    for (const one of own) {
      run(one, subject.urn, (check, context) => {
        check.run(subject, context);
      });
    }
    evaluated += own.length;
  }
  return evaluated;
}

function judgeTogether(
  policies: readonly Policy[],
  configured: Levels,
  manifests: readonly Manifest[],
  urns: readonly string[],
  run: Runner,
): number {
  const stack = gathered(manifests.map((one, index) => stackResourceOf(one, urns[index] ?? "")));
  const all = active(policies, configured, "stack");
  for (const one of all) {
    run(one, "", (check, context) => {
      check.run(stack, context);
    });
  }
  return all.length;
}

/** The policies of one kind that run on manifests, with their level there. */
function active<Kind extends "resource" | "stack">(
  policies: readonly Policy[],
  configured: Levels,
  kind: Kind,
): readonly Active<Extract<ResourceCheck | StackCheck, { kind: Kind }>>[] {
  type Check = Extract<ResourceCheck | StackCheck, { kind: Kind }>;
  return policies.flatMap((policy) => {
    const { name, check, needs } = policy;
    const { level, properties } = configured.get(name) ?? {};
    const isLeftOut = needs === "program" || COUNTERS.has(name) || check.kind !== kind;
    if (isLeftOut || level === undefined || level === "disabled") return [];
    return [
      {
        policy,
        check: check as Check,
        // Nothing is written into manifests, so what would be remedied must be mended.
        level: level === "remediate" ? "mandatory" : level,
        properties: properties ?? {},
      },
    ];
  });
}

/** The policies of a type, in the order of the pack; looked up once for each type. */
function policiesByType(
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
