/**
 * From paths to a report: finds and reads files, evaluates policies, and looks up the line of each
 * finding.
 */
import { readFileSync, realpathSync } from "node:fs";
import { basename } from "node:path";
import type { Configured } from "../../lib/policy-configuration";
import type { PolicyContext } from "../../policies/policy-context";
import { evaluateManifests, type Found, type Result } from "../../policies/manifests/evaluate";
import { inNamespace } from "../../policies/manifests/namespaces";
import { fullName } from "../../policies/manifests/resource";
import type { Policy } from "../../policies/policy";
import { pathOf } from "../../policies/values";
import type { CheckFinding, CheckReport } from "../../reports/check";
import { NO_PLACE, type AboutPolicy, type Place } from "../../reports/findings";
import { duplicates, withoutCopies } from "./copies";
import { STDIN, findFiles, reasonOf, type Found as FoundFiles, type InputFile } from "./files";
import { KUSTOMIZATION } from "./kustomization";
import { kustomizationsOf } from "./kustomizations";
import { placeOf, type Located } from "./located";
import { readSource, templateAbove, type Contents } from "./read";
import { renderChart, renderKustomization, filesFrom, type Rendering } from "./render";
import type { Tools } from "./tools";

export interface CheckOptions {
  readonly policies: readonly Policy[];
  readonly policyContext: PolicyContext;
  readonly configured: ReadonlyMap<string, Configured>;
  /** The namespace for objects that have none; default: they stay without one. */
  readonly namespace?: string | undefined;
  /** What renders kustomizations and charts; default: nothing does, and they are named. */
  readonly tools?: Tools | undefined;
  /** Reads standard input. */
  readonly stdin: () => Uint8Array;
  /** The file of the exemptions, for messages. */
  readonly exemptionsIn?: string;
  /** Today's date, `YYYY-MM-DD`; default: from the clock. */
  readonly day?: string;
}

/** Bytes. The largest bundles of CustomResourceDefinitions have about ten million. */
const LARGEST_FILE = 64 * 1024 * 1024;

export function check(paths: readonly string[], cwd: string, options: CheckOptions): CheckReport {
  const search = findFiles(paths, cwd);
  const { files, renderings, unrendered } = rendered(search, cwd, options);
  const contents = files.map((file) => read(file, options.stdin));
  const written = contents.flatMap((one) => one.objects);
  const groups = groupsOf(written, renderings, options.namespace);
  const results = groups.map((group) => evaluateManifests(options.policies, group, options));
  const objects = groups.flat();
  const named = [...unrendered, ...renderings].flatMap((one) => one.errors ?? []);
  const problems = [...search.errors, ...named, ...contents.flatMap((one) => one.errors)];
  const nothing = { ...NO_PLACE, message: `${paths.join(", ")}: there is nothing to check` };
  const sum = (count: (result: Result) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  return {
    findings: inOrder(withoutCopies(located(together(results), options.exemptionsIn))),
    evaluated: sum((one) => one.evaluated),
    files: [
      ...new Set([
        ...contents.flatMap((one) => one.objects[0]?.file ?? []),
        ...renderings.flatMap((one) => one.objects?.[0]?.source.file ?? []),
      ]),
    ],
    objects: objects.length,
    skipped: contents.filter(isSkipped).length,
    exempted: sum((one) => one.exempted),
    undecided: sum((one) => one.unknown),
    errors: objects.length + problems.length === 0 ? [nothing] : problems,
    notes: [
      ...[...unrendered, ...renderings].flatMap((one) => one.notes),
      ...contents.flatMap((one) => one.notes),
      ...groups.flatMap(duplicates),
    ],
  };
}

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

interface Input {
  /** What is judged as it is written. */
  readonly files: readonly InputFile[];
  readonly renderings: readonly Rendering[];
  readonly unrendered: readonly Rendering[];
}

/** Renders kustomizations and charts, and leaves the files that are no objects by themselves. */
function rendered(search: FoundFiles, cwd: string, options: CheckOptions): Input {
  const { tools = {}, namespace } = options;
  const real = new Map(search.files.map((file) => [realPath(file.path), file]));
  const isKustomization = ({ path }: InputFile): boolean => KUSTOMIZATION.test(basename(path));
  const given = search.files.filter((file) => file.path !== STDIN && isKustomization(file));
  const { roots, unused, parts } = kustomizationsOf(given.map(({ path }) => path));
  const names = filesFrom(cwd, new Map([...real].map(([path, file]) => [path, file.shown])));
  const done = roots.map((root) => {
    const rendering = renderKustomization(root, names, tools);
    const isNamed = real.get(realPath(root.kustomization.file))?.isNamed === true;
    const used = rendering.objects === undefined ? [] : root.resources;
    // What is named must be judged.
    const asked = isNamed && rendering.objects === undefined;
    return { ...(asked ? { notes: [], errors: rendering.notes } : rendering), used };
  });
  const charts = search.charts.map((chart) => renderChart(chart, namespace, tools));
  const covered = new Set(done.flatMap(({ used }) => used));
  const all: readonly Rendering[] = [...charts, ...done];
  return {
    files: search.files.filter(
      (file) =>
        !given.includes(file) &&
        (file.isNamed || !(parts.has(realPath(file.path)) || covered.has(realPath(file.path)))),
    ),
    renderings: all.filter(({ objects }) => objects !== undefined),
    unrendered: [
      ...all.filter(({ objects }) => objects === undefined),
      ...unused.map(({ file }) => ({
        notes: [{ ...NO_PLACE, file: names.shown(file), message: UNUSED }],
      })),
    ],
  };
}

const UNUSED =
  "is a component that no kustomization here uses, so that it was not rendered; the files of objects that it lists are judged as they are written";

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

const isSkipped = ({ objects, errors, notes }: Contents): boolean =>
  objects.length + errors.length + notes.length === 0;

function read({ path, shown, size, isNamed }: InputFile, stdin: () => Uint8Array): Contents {
  try {
    if (size > LARGEST_FILE) {
      throw new Error(`it is larger than ${LARGEST_FILE / 1024 / 1024} MiB`);
    }
    const bytes = path === STDIN ? stdin() : readFileSync(path);
    const isRendered = path === STDIN;
    return readSource({ file: shown, text: decoded(bytes), isNamed, isRendered });
  } catch (error) {
    const message = `cannot be read: ${reasonOf(error)}`;
    return { objects: [], errors: [{ ...NO_PLACE, file: shown, message }], notes: [] };
  }
}

/** Without the byte order mark that some editors add; UTF-16 is recognized by its mark. */
function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe
      ? "utf-16le"
      : first === 0xfe && second === 0xff
        ? "utf-16be"
        : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`it is not ${encoding.toUpperCase()}`);
  }
}

/** Findings with their lines. */
function located(
  found: readonly Found[],
  exemptionsIn: string | undefined,
): readonly CheckFinding[] {
  return found.map((one) => {
    // The manifests passed in all come from files.
    const manifest = one.manifest as Located | undefined;
    if (manifest === undefined) {
      const file = one.policy.name === "exemption-valid" ? (exemptionsIn ?? "") : "";
      return finding(one, { ...NO_PLACE, file }, "");
    }
    const place = placeOf(manifest, one.at.length === 0 ? ["kind"] : one.at);
    const above = templateAbove(manifest.source.text, place.line);
    return finding(
      one,
      place,
      manifest.origin ?? (manifest.placed === undefined ? above : "") ?? "",
    );
  });
}

function finding(found: Found, place: Place, template: string): CheckFinding {
  const { policy, level, at, message } = found;
  const { apiVersion = "", kind = "", namespace = "", name = "" } = found.manifest ?? {};
  const path = pathOf(at);
  const subjectId = `${kind} ${fullName({ namespace, name })}`.trim();
  const origin = template === "" ? "" : ` (${template})`;
  return {
    about: aboutOf(policy),
    enforcement: level,
    place,
    subject: subjectId === "" ? "all objects together" : subjectId + origin,
    subjectId,
    message,
    identity: [place.file, apiVersion, subjectId, path],
    object: { apiVersion, kind, namespace, name, template },
    path,
  };
}

function aboutOf({ clause: { reference, url = "" }, ...policy }: Policy): AboutPolicy {
  const { name, title, description, remediation, severity } = policy;
  return { name, title, description, remediation, severity, clause: reference, url };
}

/** Findings of one object sorted by line; objects in the order of the files. */
function inOrder(findings: readonly CheckFinding[]): readonly CheckFinding[] {
  const ofObject = ({ place, object }: CheckFinding): string =>
    JSON.stringify([place.file, object.apiVersion, object.kind, object.namespace, object.name]);
  const ranks = new Map<string, number>();
  for (const one of findings) {
    const key = ofObject(one);
    if (!ranks.has(key)) ranks.set(key, ranks.size);
  }
  const rank = (one: CheckFinding): number => ranks.get(ofObject(one)) ?? 0;
  return findings
    .map((one) => ({ one, place: one.place, rank: rank(one) }))
    .sort(
      (a, b) => a.rank - b.rank || a.place.line - b.place.line || a.place.column - b.place.column,
    )
    .map(({ one }) => one);
}
