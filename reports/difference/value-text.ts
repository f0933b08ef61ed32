/** A change of a value as text that shows the difference even if both values are long. */
import type { PlanValue } from "../../offline/plan";
import { visible } from "../escape";
import { resourceLabel } from "../policies";
import { isObject, markOf } from "../values";
import { columns, wrap } from "../width";
import type { ValueChange } from "./values";

const ARROW = " → ";
/** Number of characters shown before and after the difference. */
const CONTEXT = 12;
/** Maximum number of lines shown for a text. */
const MOST_LINES = 12;

/** One printable line. */
export function valueText(value: PlanValue | undefined): string {
  if (value === undefined) return "nothing";
  const mark = markOf(value);
  if (mark === undefined || !isObject(value)) return visible(JSON.stringify(value));
  const inner = value[`$${mark}`];
  switch (mark) {
    case "unknown":
      return "(unknown)";
    case "secret":
      return "(secret)";
    case "plain":
      return "(a plain value, not shown)";
    case "resource":
      return visible(typeof inner === "string" ? resourceLabel(inner) : JSON.stringify(inner));
    default:
      return visible(`${mark} ${JSON.stringify(inner ?? null)}`);
  }
}

/** Lines without indentation: one if path, old and new value fit, otherwise a `-` and a `+` line. */
export function changeLines(change: ValueChange, width: number): readonly string[] {
  const path = visible(change.path);
  if (isText(change.from) && isText(change.to)) {
    const lines = textLines(change.from, change.to, width - 2);
    if (lines !== undefined)
      return [...wrap(`${path}:`, width), ...lines.map((line) => `  ${line}`)];
  }
  const [from, to] = [valueText(change.from), valueText(change.to)];
  const whole = `${path}: ${from}${ARROW}${to}`;
  if (columns(whole) <= width) return [whole];
  const [old, now] = contrast(from, to, width - 4);
  return [...wrap(`${path}:`, width), `  - ${old}`, `  + ${now}`];
}

const isText = (value: PlanValue | undefined): value is string => typeof value === "string";

/** Removed and added lines of a text with several lines; undefined if it has one. */
function textLines(before: string, after: string, width: number): readonly string[] | undefined {
  const [old, now] = [before.split("\n").map(visible), after.split("\n").map(visible)];
  if (old.length < 2 || now.length < 2) return undefined;
  const start = commonStart(old, now);
  const end = commonEnd(old.slice(start), now.slice(start));
  const gone = old.slice(start, old.length - end);
  const come = now.slice(start, now.length - end);
  const lines = gone.length === come.length ? paired(gone, come, width) : apart(gone, come, width);
  const shown = lines.slice(0, MOST_LINES);
  const left = lines.length - shown.length;
  const more = left === 0 ? [] : [`… ${left} more ${left === 1 ? "line" : "lines"}`];
  return [`line ${start + 1}`, ...shown, ...more];
}

/** With as many removed as added lines, each pair is shown where it differs. */
const paired = (gone: readonly string[], come: readonly string[], width: number) =>
  gone.flatMap((line, at) => {
    const other = come[at] ?? "";
    if (line === other) return [];
    const [old, now] = contrast(line, other, width - 2);
    return [`- ${old}`, `+ ${now}`];
  });

const apart = (gone: readonly string[], come: readonly string[], width: number) => [
  ...gone.map((line) => `- ${clip(line, width - 2)}`),
  ...come.map((line) => `+ ${clip(line, width - 2)}`),
];

function commonStart(a: ArrayLike<string>, b: ArrayLike<string>): number {
  let at = 0;
  while (at < Math.min(a.length, b.length) && a[at] === b[at]) at += 1;
  return at;
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  return commonStart([...a].reverse(), [...b].reverse());
}

/** Both texts cut to the width, around the first place where they differ. */
function contrast(a: string, b: string, width: number): readonly [string, string] {
  const [old, now] = [Array.from(a), Array.from(b)];
  const start = Math.max(0, commonStart(old, now) - CONTEXT);
  const from = start < CONTEXT || Math.max(old.length, now.length) <= width ? 0 : start;
  const cut = (text: readonly string[]) =>
    clip(`${from === 0 ? "" : "…"}${text.slice(from).join("")}`, width);
  return [cut(old), cut(now)];
}

/** The start of a text, as much as fits. */
function clip(text: string, width: number): string {
  if (columns(text) <= width) return text;
  const characters = Array.from(text);
  while (characters.length > 0 && columns(characters.join("")) > width - 1) {
    characters.splice(Math.min(characters.length - 1, width - 1));
    if (columns(characters.join("")) > width - 1) characters.pop();
  }
  return `${characters.join("")}…`;
}
