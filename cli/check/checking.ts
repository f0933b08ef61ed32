/**
 * From paths to a report: finds and reads files, evaluates policies, and looks up the line of each
 * finding.
 */
import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Configured } from "../../lib/policy-configuration";
import type { PolicyContext } from "../../policies/policy-context";
import { evaluateManifests, type Found } from "../../policies/manifests/evaluate";
import { inNamespace } from "../../policies/manifests/namespaces";
import { fullName } from "../../policies/manifests/resource";
import { unjudgedPods } from "../../policies/manifests/unjudged";
import type { Policy } from "../../policies/policy";
import { pathOf, type Key } from "../../policies/values";
import type { CheckedObject, CheckFinding, CheckReport, Note } from "../../reports/check";
import { NO_PLACE, placeText, type AboutPolicy, type Place } from "../../reports/findings";
import { STDIN, findFiles, reasonOf, type InputFile } from "./files";
import { Positions } from "./positions";
import { beyond } from "./baseline";
import { ignores, type Project } from "./project";
import { chartNote, readSource, templateAbove, type Contents, type Located } from "./read";
import { suppress, type Judged } from "./suppressions";
import { today } from "../../policies/exemptions";

export interface CheckOptions {
  readonly policies: readonly Policy[];
  readonly policyContext: PolicyContext;
  readonly configured: ReadonlyMap<string, Configured>;
  /** The namespace for objects that have none; default: they stay without one. */
  readonly namespace?: string | undefined;
  /** Reads standard input. */
  readonly stdin: () => Uint8Array;
  /** The file of the exemptions, for messages. */
  readonly exemptionsIn?: string;
  /** Today's date, `YYYY-MM-DD`; default: from the clock. */
  readonly day?: string;
  /** The file whose violations are left out. */
  readonly baseline?: string | undefined;
  readonly project: Project;
}

/** Bytes. The largest bundles of CustomResourceDefinitions have about ten million. */
const LARGEST_FILE = 64 * 1024 * 1024;
/** Beyond this number, a note only gives the count of the rest. */
const MOST_NOTES = 10;

export function check(paths: readonly string[], cwd: string, options: CheckOptions): CheckReport {
  const { files, charts, errors } = findFiles(paths, cwd);
  const contents = withoutIgnored(files, options.project, cwd).map((file) =>
    read(file, options.stdin),
  );
  const written = contents.flatMap((one) => one.objects);
  const objects =
    options.namespace === undefined ? written : inNamespace(written, options.namespace);
  const evaluated = evaluateManifests(options.policies, objects, options);
  const judged = located(evaluated.found, options.exemptionsIn);
  const { count, ...suppressed } = suppress(judged, objects, readingOf(options));
  const fresh = newOf(suppressed.findings, options, cwd);
  const problems = [...errors, ...contents.flatMap((one) => one.errors), ...suppressed.errors];
  const nothing = { ...NO_PLACE, message: `${paths.join(", ")}: there is nothing to check` };
  return {
    findings: inOrder(fresh.findings),
    evaluated: evaluated.evaluated,
    files: contents.flatMap((one) => one.objects[0]?.file ?? []),
    objects: objects.map(subjectOf),
    skipped: contents.filter(isSkipped).length,
    exempted: evaluated.exempted + count,
    baseline: fresh.known,
    undecided: evaluated.unknown + evaluated.undecided.length,
    undecidedList: openOf(evaluated, options),
    settings: options.project.file,
    errors: objects.length + problems.length === 0 ? [nothing] : problems,
    notes: [
      ...charts.map((file) => ({ ...NO_PLACE, file, message: chartNote(file) })),
      ...contents.flatMap((one) => one.notes),
      ...duplicates(objects),
      ...suppressed.notes,
      ...fresh.notes,
      ...unjudgedPods(objects).map(({ manifest, message }) => ({ ...startOf(manifest), message })),
    ],
  };
}

/** The project's file may leave out files of folders, but not those that are named. */
function withoutIgnored(
  files: readonly InputFile[],
  project: Project,
  cwd: string,
): readonly InputFile[] {
  const patterns = project.list("ignore") ?? [];
  if (patterns.length === 0) return files;
  const isIgnored = ignores(patterns);
  const root = resolve(cwd, project.path("."));
  return files.filter(
    ({ path, isNamed }) => isNamed || !isIgnored(relative(root, resolve(cwd, path))),
  );
}

const readingOf = ({ policies, configured, day = today() }: CheckOptions) => ({
  policies: new Set(policies.map(({ name }) => name)),
  day,
  ran: (policy: string): boolean =>
    !["disabled", undefined].includes(configured.get(policy)?.level),
});

const newOf = (
  findings: readonly CheckFinding[],
  { baseline }: CheckOptions,
  cwd: string,
): ReturnType<typeof beyond> =>
  baseline === undefined ? { findings, known: 0, notes: [] } : beyond(findings, baseline, cwd);

const openOf = (
  { undecided }: ReturnType<typeof evaluateManifests>,
  { exemptionsIn }: CheckOptions,
): readonly CheckFinding[] => located(undecided, exemptionsIn).map(({ finding }) => finding);

const subjectOf = ({ file, apiVersion, kind, namespace, name }: Located): CheckedObject => ({
  ...{ file, apiVersion, kind, namespace, name },
});

const isSkipped = ({ objects, errors, notes }: Contents): boolean =>
  objects.length + errors.length + notes.length === 0;

function read({ path, shown, size, isNamed }: InputFile, stdin: () => Uint8Array): Contents {
  try {
    if (size > LARGEST_FILE) {
      throw new Error(`it is larger than ${LARGEST_FILE / 1024 / 1024} MiB`);
    }
    const bytes = path === STDIN ? stdin() : readFileSync(path);
    return readSource({ file: shown, text: decoded(bytes), isNamed });
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

/** Findings with their lines, file by file, so that positions are computed once per file. */
function located(found: readonly Found[], exemptionsIn: string | undefined): readonly Judged[] {
  let latest: { readonly text: string; readonly positions: Positions } | undefined;
  return found.map((one) => {
    // The manifests passed in all come from files.
    const manifest = one.manifest as Located | undefined;
    if (manifest === undefined) {
      const file = one.policy.name === "exemption-valid" ? (exemptionsIn ?? "") : "";
      return { finding: finding(one, { ...NO_PLACE, file }, ""), object: undefined };
    }
    const { file, document, base } = manifest;
    const { text } = manifest.source;
    if (latest?.text !== text) latest = { text, positions: new Positions(text) };
    const at = one.at.length === 0 ? ["kind"] : one.at;
    const place = { file, ...latest.positions.find(document, [...base, ...at]) };
    const template = templateAbove(text, place.line) ?? "";
    return { finding: finding(one, place, template), object: manifest };
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
    identity: [place.file, apiVersion, subjectId, stablePath(found.manifest?.object, at)],
    object: { apiVersion, kind, namespace, name, template },
    path,
  };
}

/** The path with the names of list items instead of their numbers, which change when items are added. */
function stablePath(object: unknown, at: readonly Key[]): string {
  let value = object;
  return at
    .map((key) => {
      value = (value as Readonly<Record<Key, unknown>> | null | undefined)?.[key];
      const name = (value as { readonly name?: unknown } | null | undefined)?.name;
      if (typeof key === "number") return `[${typeof name === "string" ? name : key}]`;
      return `.${key}`;
    })
    .join("")
    .replace(/^\./, "");
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

/** Objects that appear more than once: the last one applied would win. */
function duplicates(objects: readonly Located[]): readonly Note[] {
  const groups = new Map<string, Located[]>();
  for (const object of objects) {
    const { apiVersion, kind, name } = object;
    if (name === "" || name.endsWith("*")) continue;
    const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
    const key = JSON.stringify([group, kind, fullName(object)]);
    groups.set(key, [...(groups.get(key) ?? []), object]);
  }
  const twice = [...groups.values()].filter(({ length }) => length > 1);
  const notes = twice.slice(0, MOST_NOTES).flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const places = others.map((other) => placeText(startOf(other))).join(", ");
    const message = `${first.kind} ${fullName(first)} appears again in ${places}`;
    return [{ ...startOf(first), message }];
  });
  const more = twice.length - notes.length;
  if (more === 0) return notes;
  return [...notes, { ...NO_PLACE, message: `${more} more objects appear more than once` }];
}

const startOf = ({ source, document, base, file }: Located): Place => ({
  file,
  ...new Positions(source.text).find(document, [...base, "kind"]),
});
