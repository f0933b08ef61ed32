/** From paths to a report: finds, reads and judges, and looks up the lines of what was found. */
import { readFileSync } from "node:fs";
import type { Configured } from "../../policies/configuration";
import type { PolicyContext } from "../../policies/policy-context";
import { evaluateManifests, type Found } from "../../policies/manifests/evaluate";
import { inNamespace } from "../../policies/manifests/namespaces";
import { fullName } from "../../policies/manifests/resource";
import type { Policy } from "../../policies/policy";
import { pathOf } from "../../policies/values";
import type { CheckMessage, CheckReport, CheckViolation } from "../../reports/check";
import { STDIN, findFiles, reasonOf, type InputFile } from "./files";
import { Positions } from "./positions";
import { chartNote, readSource, templateAbove, type Contents, type Located } from "./read";

export interface CheckOptions {
  readonly policies: readonly Policy[];
  readonly policyContext: PolicyContext;
  readonly configured: ReadonlyMap<string, Configured>;
  /** Where objects lie that name no namespace; default: they stay without. */
  readonly namespace?: string | undefined;
  /** The file of the exemptions, for messages. */
  readonly exemptionsIn?: string;
  /** Today, `YYYY-MM-DD`; default: the clock. */
  readonly day?: string;
}

/** Bytes; the largest bundles of CustomResourceDefinitions have some ten million. */
const LARGEST_FILE = 64 * 1024 * 1024;
/** Beyond that, notes say only how many more there are. */
const MOST_NOTES = 10;

export function check(paths: readonly string[], cwd: string, options: CheckOptions): CheckReport {
  const { files, charts, errors } = findFiles(paths, cwd);
  const contents = files.map(read);
  const written = contents.flatMap((one) => one.objects);
  const objects =
    options.namespace === undefined ? written : inNamespace(written, options.namespace);
  const evaluated = evaluateManifests(options.policies, objects, options);
  const violated = new Set(evaluated.found.map(({ policy }) => policy));
  const whole = { line: 0, column: 0 };
  const problems = [
    ...errors.map((error) => ({ ...error, ...whole })),
    ...contents.flatMap((one) => one.errors),
  ];
  const nothing = {
    file: "",
    ...whole,
    message: `${paths.join(", ")}: there is nothing to check`,
  };
  return {
    violations: inOrder(located(evaluated.found, options.exemptionsIn)),
    policies: options.policies
      .filter((policy) => violated.has(policy))
      .map(({ clause: { reference, url = "" }, ...policy }) => ({
        name: policy.name,
        title: policy.title,
        description: policy.description,
        remediation: policy.remediation,
        severity: policy.severity,
        clause: reference,
        url,
      })),
    evaluated: evaluated.evaluated,
    files: contents.filter((one) => one.objects.length > 0).length,
    objects: objects.length,
    skipped: contents.filter(isSkipped).length,
    exempted: evaluated.exempted,
    undecided: evaluated.unknown,
    errors: objects.length + problems.length === 0 ? [nothing] : problems,
    notes: [
      ...charts.map((file) => ({ file, ...whole, message: chartNote(file) })),
      ...contents.flatMap((one) => one.notes),
      ...duplicates(objects),
    ],
  };
}

const isSkipped = ({ objects, errors, notes }: Contents): boolean =>
  objects.length + errors.length + notes.length === 0;

function read({ path, shown, size, isNamed }: InputFile): Contents {
  try {
    if (size > LARGEST_FILE) {
      throw new Error(`it is larger than ${LARGEST_FILE / 1024 / 1024} MiB`);
    }
    const bytes = readFileSync(path === STDIN ? 0 : path);
    return readSource({ file: shown, text: decoded(bytes), isNamed });
  } catch (error) {
    const message = `cannot be read: ${reasonOf(error)}`;
    return { objects: [], errors: [{ file: shown, line: 0, column: 0, message }], notes: [] };
  }
}

/** Without the mark that some editors put in front. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("it is not UTF-8");
  }
}

/** Findings with their lines, file by file, so that positions are worked out once for each. */
function located(
  found: readonly Found[],
  exemptionsIn: string | undefined,
): readonly CheckViolation[] {
  let latest: { readonly text: string; readonly positions: Positions } | undefined;
  return found.map((one) => {
    // The manifests that were handed in are those that came from files.
    const manifest = one.manifest as Located | undefined;
    if (manifest === undefined) return violation(one, exemptionsIn);
    const { text } = manifest.source;
    if (latest?.text !== text) latest = { text, positions: new Positions(text) };
    const { document, base } = manifest;
    const at = one.at.length === 0 ? ["kind"] : one.at;
    const place = latest.positions.find(document, [...base, ...at]);
    const template = templateAbove(text, place.line) ?? "";
    return { ...violation(one, exemptionsIn), ...place, file: manifest.file, template };
  });
}

function violation(
  { policy, level, manifest, at, message }: Found,
  exemptionsIn: string | undefined,
): CheckViolation {
  return {
    policy: policy.name,
    enforcement: level,
    severity: policy.severity,
    file: policy.name === "exemption-valid" ? (exemptionsIn ?? "") : "",
    line: 0,
    column: 0,
    apiVersion: manifest?.apiVersion ?? "",
    kind: manifest?.kind ?? "",
    namespace: manifest?.namespace ?? "",
    name: manifest?.name ?? "",
    template: "",
    path: pathOf(at),
    message,
    remediation: policy.remediation,
    clause: policy.clause.reference,
  };
}

/** Neighbours of one object by line; the order of objects is that of the files. */
function inOrder(violations: readonly CheckViolation[]): readonly CheckViolation[] {
  const ofObject = (one: CheckViolation): string =>
    JSON.stringify([one.file, one.apiVersion, one.kind, one.namespace, one.name]);
  const ranks = new Map<string, number>();
  for (const one of violations) {
    const key = ofObject(one);
    if (!ranks.has(key)) ranks.set(key, ranks.size);
  }
  const rank = (one: CheckViolation): number => ranks.get(ofObject(one)) ?? 0;
  return violations
    .map((one) => ({ one, rank: rank(one) }))
    .sort((a, b) => a.rank - b.rank || a.one.line - b.one.line || a.one.column - b.one.column)
    .map(({ one }) => one);
}

/** Objects that are written more than once: the last one applied would win. */
function duplicates(objects: readonly Located[]): readonly CheckMessage[] {
  const groups = new Map<string, Located[]>();
  for (const object of objects) {
    const { apiVersion, kind, name } = object;
    if (name === "" || name.endsWith("*")) continue;
    const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
    const key = JSON.stringify([group, kind, fullName(object)]);
    groups.set(key, [...(groups.get(key) ?? []), object]);
  }
  const twice = [...groups.values()].filter(({ length }) => length > 1);
  const notes = twice.slice(0, MOST_NOTES).map(([first, ...others]) => {
    const title = first === undefined ? "" : `${first.kind} ${fullName(first)}`;
    const places = others.map(placeOf).join(", ");
    const { file = "", line = 0, column = 0 } = first === undefined ? {} : startOf(first);
    return { file, line, column, message: `${title} is written again in ${places}` };
  });
  const more = twice.length - notes.length;
  if (more === 0) return notes;
  const message = `${more} more objects are written more than once`;
  return [...notes, { file: "", line: 0, column: 0, message }];
}

function startOf({ source, document, base, file }: Located): Omit<CheckMessage, "message"> {
  return { file, ...new Positions(source.text).find(document, [...base, "kind"]) };
}

function placeOf(object: Located): string {
  const { file, line, column } = startOf(object);
  return `${file}:${line}:${column}`;
}
