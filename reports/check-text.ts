/** The results of `check` for a terminal or a log: by file, then by object. */
import { checkSummary, mandatoryIn, placeText } from "./check";
import type { CheckMessage, CheckReport, CheckViolation, CheckedPolicy } from "./check";
import { paint, type Paint } from "./colour";
import { visible, visibleLines } from "./escape";
import { wrapIndented } from "./width";

interface CheckTextOptions {
  readonly colour?: boolean;
  /** @default 100 */
  readonly width?: number;
}

/** Paragraphs indented by so many columns; what does not fit goes on below. */
function indented(text: string, columns: number, width: number): readonly string[] {
  const indent = " ".repeat(columns);
  return visibleLines(text).flatMap((line) => wrapIndented(`${indent}${line}`, width));
}

/** Lists of what belongs together, in the order in which each first comes. */
function grouped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): readonly (readonly [first: Item, all: readonly Item[]])[] {
  const groups = new Map<string, [Item, Item[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item, [item]]);
    else group[1].push(item);
  }
  return [...groups.values()];
}

function objectTitle({ kind, namespace, name, template }: CheckViolation): string {
  const full = namespace === "" ? name : `${namespace}/${name}`;
  const origin = template === "" ? "" : ` (${template})`;
  return kind === "" ? "All objects together" : `${kind} ${full}`.trimEnd() + origin;
}

function violation(one: CheckViolation, width: number, p: Paint): readonly string[] {
  const { enforcement, severity, policy } = one;
  const mark = enforcement === "mandatory" ? p.red : p.yellow;
  const place = one.line === 0 ? [] : [`${visible(placeText(one))}:`];
  const head = [...place, mark(`${enforcement}, ${visible(severity)}:`), visible(policy)].join(" ");
  return [`    ${head}`, ...indented(one.message, 6, width)];
}

/** The same object may be written twice in a file; the line of the first finding does not tell them apart. */
const objectKey = ({ apiVersion, kind, namespace, name }: CheckViolation): string =>
  JSON.stringify([apiVersion, kind, namespace, name]);

/** What is of no object is said under the heading of all of them, wherever it is written. */
const fileKey = ({ file, kind }: CheckViolation): string => (kind === "" ? "" : file);

function byFile(report: CheckReport, width: number, p: Paint): readonly string[] {
  return grouped(report.violations, fileKey).flatMap(([first, inFile]) => [
    ...(fileKey(first) === "" ? [] : [p.bold(visible(first.file))]),
    ...grouped(inFile, objectKey).flatMap(([one, ofObject]) => [
      ...indented(objectTitle(one), 2, width),
      ...ofObject.flatMap((each) => violation(each, width, p)),
    ]),
    "",
  ]);
}

function remedy(policy: CheckedPolicy, width: number, p: Paint): readonly string[] {
  const { name, title, remediation, clause, url } = policy;
  const enforces = [`enforces ${clause}`, ...(url === "" ? [] : [url])].join(", ");
  return [
    ...indented(`${name}: ${title}`, 2, width),
    ...indented(remediation, 4, width),
    ...indented(enforces, 4, width).map(p.dim),
  ];
}

function remedies(report: CheckReport, width: number, p: Paint): readonly string[] {
  if (report.policies.length === 0) return [];
  return [p.bold("To mend"), ...report.policies.flatMap((one) => remedy(one, width, p)), ""];
}

/** `file:line:column: message`, in lines of at most `width` columns where they can be broken. */
export function messageLines(one: CheckMessage, width = 100): readonly string[] {
  const place = placeText(one);
  return indented(`${place}${place === "" ? "" : ": "}${one.message}`, 0, width);
}

function notes(report: CheckReport, width: number, p: Paint): readonly string[] {
  if (report.notes.length === 0) return [];
  const lines = report.notes.flatMap((one) =>
    indented(messageLines(one, Infinity).join(" "), 2, width),
  );
  return [p.bold("Notes"), ...lines, ""];
}

/** Violations, remedies, notes and one line of summary; ends with a line break. Errors are not in it. */
export function renderCheckText(report: CheckReport, options: CheckTextOptions = {}): string {
  const width = options.width ?? 100;
  const p = paint(options.colour ?? false);
  const fails = mandatoryIn(report) > 0 || report.errors.length > 0;
  const verdict = fails ? p.red : report.violations.length > 0 ? p.yellow : p.green;
  return [
    ...byFile(report, width, p),
    ...remedies(report, width, p),
    ...notes(report, width, p),
    ...wrapIndented(checkSummary(report), width).map(verdict),
    "",
  ].join("\n");
}
