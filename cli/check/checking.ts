/** From paths to a report: reads what there is, evaluates policies, and leaves out what does not count. */
import type { Configured } from "../../lib/policy-configuration";
import { today } from "../../policies/exemptions";
import type { PolicyContext } from "../../policies/policy-context";
import { evaluateManifests, type Found, type Result } from "../../policies/manifests/evaluate";
import { inNamespace } from "../../policies/manifests/namespaces";
import { unjudgedPods } from "../../policies/manifests/unjudged";
import type { Policy } from "../../policies/policy";
import type { CheckedObject, CheckFinding, CheckReport } from "../../reports/check";
import { NO_PLACE } from "../../reports/findings";
import { elsewhereOf } from "./elsewhere";
import { beyond } from "./baseline";
import { unjudged } from "./chosen";
import { duplicates, withoutCopies } from "./copies";
import { readInput, type Input, type InputOptions } from "./input";
import { inOrder, located } from "./locate";
import { startOf, type Located } from "./located";
import type { Contents } from "./read";
import type { Rendering } from "./render";
import { withBuiltImages } from "./skaffold";
import { suppress, type Reading, type Suppressed } from "./suppressions";

export interface CheckOptions extends InputOptions {
  readonly policies: readonly Policy[];
  readonly policyContext: PolicyContext;
  readonly configured: ReadonlyMap<string, Configured>;
  /** Of what is certain. @default configured */
  readonly certain?: ReadonlyMap<string, Configured>;
  /** The policies that were chosen by their name. @default none were */
  readonly only?: readonly string[];
  /** The file of the exemptions, for messages. */
  readonly exemptionsIn?: string;
  /** Today's date, `YYYY-MM-DD`; default: from the clock. */
  readonly day?: string;
  /** The file whose violations are left out. */
  readonly baseline?: string | undefined;
  /** Whether copies of an object are reported one by one, as a baseline lists them. @default false */
  readonly withCopies?: boolean;
}

export function check(paths: readonly string[], cwd: string, options: CheckOptions): CheckReport {
  const input = readInput(paths, cwd, options);
  const { contents, renderings } = input;
  const written = contents.flatMap((one) => one.objects);
  const groups = withBuiltImages(groupsOf(written, renderings, options.namespace));
  const elsewhere = elsewhereOf(groups);
  const results = groups.map((group, index) => {
    const policyContext = { ...options.policyContext, elsewhere: elsewhere(index) };
    return evaluateManifests(options.policies, group, { ...options, policyContext });
  });
  const objects = groups.flat();
  const judged = located(together(results), options.exemptionsIn);
  const { count, ...suppressed } = suppress(judged, objects, readingOf(options));
  const fresh = newOf(suppressed.findings, filesOf(input), options, cwd);
  const chosen = unjudged(options.policies, options.configured, objects, options.only);
  const problems = [...problemsOf(input), ...suppressed.errors, ...fresh.errors, ...chosen.errors];
  const nothing = { ...NO_PLACE, message: `${paths.join(", ")}: there is nothing to check` };
  const sum = (amount: (result: Result) => number): number =>
    results.reduce((total, result) => total + amount(result), 0);
  return {
    findings: inOrder(options.withCopies === true ? fresh.findings : withoutCopies(fresh.findings)),
    evaluated: sum((one) => one.evaluated),
    files: filesOf(input),
    objects: objects.map(subjectOf),
    skipped: contents.filter(isSkipped).length,
    exempted: sum((one) => one.exempted) + count,
    baseline: fresh.count,
    undecided: sum((one) => one.unknown + one.undecided.length),
    undecidedList: openOf(results, options),
    settings: options.project?.file ?? "",
    errors: objects.length + problems.length === 0 ? [nothing] : problems,
    notes: [
      ...notesOf(input, groups),
      ...suppressed.notes,
      ...fresh.notes,
      ...chosen.notes,
      ...unjudgedPods(objects).map(({ manifest, message }) => ({ ...startOf(manifest), message })),
    ],
  };
}

const notesOf = (
  { contents, renderings, unrendered }: Input,
  groups: readonly (readonly Located[])[],
): CheckReport["notes"] => [
  ...[...unrendered, ...renderings].flatMap((one) => one.notes),
  ...contents.flatMap((one) => one.notes),
  ...groups.flatMap(duplicates),
];

const problemsOf = ({ contents, renderings, unrendered, errors }: Input): CheckReport["errors"] => [
  ...errors,
  ...[...unrendered, ...renderings].flatMap((one) => one.errors ?? []),
  ...contents.flatMap((one) => one.errors),
];

const filesOf = ({ contents, renderings }: Input): readonly string[] => [
  ...new Set([
    ...contents.flatMap((one) => one.objects[0]?.file ?? []),
    ...renderings.flatMap((one) => one.objects?.[0]?.source.file ?? []),
  ]),
];

const isSkipped = ({ objects, errors, notes }: Contents): boolean =>
  objects.length + errors.length + notes.length === 0;

const subjectOf = ({ file, apiVersion, kind, namespace, name }: Located): CheckedObject => ({
  ...{ file, apiVersion, kind, namespace, name },
});

/**
 * What is judged together as one cluster: everything, or each rendering alone if there are several, because
 * those are variants of the same, or systems of their own.
 */
function groupsOf(
  written: readonly Located[],
  renderings: readonly Rendering[],
  namespace: string | undefined,
): readonly (readonly Located[])[] {
  const made = renderings.flatMap(({ objects = [] }) => (objects.length === 0 ? [] : [objects]));
  const groups = made.length < 2 ? [[...written, ...made.flat()]] : [written, ...made];
  return groups.map((group) => (namespace === undefined ? group : inNamespace(group, namespace)));
}

/** Policies about exemptions: what one group does not use, another may. */
const OF_EXEMPTIONS: ReadonlySet<string> = new Set(["exemption-valid", "exemption-needed"]);

/** The findings of all groups; one about all objects together is said once. */
function together(results: readonly Result[]): readonly Found[] {
  const all = results.flatMap(({ found }) => found);
  const counts = new Map<string, number>();
  const keyOf = ({ policy, message }: Found): string => `${policy.name} ${message}`;
  for (const one of all) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1);
  const said = new Set<string>();
  return all.filter((one) => {
    if (one.manifest !== undefined) return true;
    const key = keyOf(one);
    const isEverywhere = (counts.get(key) ?? 0) >= results.length;
    if (said.has(key) || (OF_EXEMPTIONS.has(one.policy.name) && !isEverywhere)) return false;
    said.add(key);
    return true;
  });
}

const openOf = (
  results: readonly Result[],
  { exemptionsIn }: CheckOptions,
): readonly CheckFinding[] =>
  inOrder(
    withoutCopies(
      located(
        results.flatMap(({ undecided }) => undecided),
        exemptionsIn,
      ).map(({ finding }) => finding),
    ),
  );

const readingOf = ({ policies, configured, day = today() }: CheckOptions): Reading => ({
  policies: new Set(policies.map(({ name }) => name)),
  day,
  ran: (policy) => !["disabled", undefined].includes(configured.get(policy)?.level),
});

const newOf = (
  findings: readonly CheckFinding[],
  files: readonly string[],
  options: CheckOptions,
  cwd: string,
): Suppressed =>
  options.baseline === undefined
    ? { findings, count: 0, notes: [], errors: [] }
    : beyond(findings, options.baseline, { cwd, files, ran: readingOf(options).ran });
