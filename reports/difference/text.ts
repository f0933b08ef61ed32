/** A difference for a terminal or a log. */
import { paint, type Paint } from "../colour";
import { visible } from "../escape";
import { many } from "../../lib/words";
import { columns, fit, pad, wrap } from "../width";
import type { Difference } from "./difference";
import type { Kind } from "./resources";
import type { Entry, Section, Tone } from "./section";
import { sections } from "./sections";
import { headline, others, rows, type Row } from "./summary";
import { changeLines } from "./value-text";

export interface TextOptions {
  /** @default 100 columns */
  readonly width?: number;
  /** @default false */
  readonly colour?: boolean;
}

const KIND_TONE: Readonly<Record<Kind, Tone>> = {
  create: "good",
  update: "warn",
  rename: "bad",
  replace: "bad",
  delete: "bad",
};

const painted = (p: Paint, tone: Tone): ((text: string) => string) =>
  ({ bad: p.red, warn: p.yellow, good: p.green, plain: (text: string) => text })[tone];

/** Rows of the stacks, then the changes, most serious first; ends with a line break. */
export function renderDifference(difference: Difference, options: TextOptions = {}): string {
  const width = options.width ?? 100;
  const p = paint(options.colour ?? false);
  const { name, commit, subject } = difference.revision;
  const against = fit(visible(`Against ${name} (${commit.slice(0, 7)} ${subject})`), width);
  const summary = [
    ...table(rows(difference), width, p),
    ...others(difference).flatMap((line) => hanging("  ", visible(line), width)),
  ];
  return [
    p.bold(against),
    "",
    ...(summary.length === 0 ? [] : [...summary, ""]),
    ...sections(difference).flatMap((section) => [...sectionLines(section, width, p), ""]),
    p.bold(visible(headline(difference))),
    "",
  ].join("\n");
}

/** Text with an indentation that its further lines keep. */
const hanging = (start: string, text: string, width: number): readonly string[] =>
  wrap(text, width - columns(start)).map((line, at) =>
    `${at === 0 ? start : " ".repeat(columns(start))}${line}`.trimEnd(),
  );

function table(all: readonly Row[], width: number, p: Paint): readonly string[] {
  const plain = (parts: readonly { readonly text: string }[], between: string) =>
    parts.map(({ text }) => text).join(between);
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(columns));
  const stacks = widest(all.map(({ stack }) => visible(stack)));
  const counts = widest(all.map((row) => plain(row.counts, " ")));
  const bars = widest(all.map((row) => plain(row.bar, "")));
  return all.flatMap((row) => {
    const colour = (parts: Row["bar"], between: string, size: number) =>
      parts.map(({ kind, text }) => painted(p, KIND_TONE[kind])(text)).join(between) +
      " ".repeat(size - columns(plain(parts, between)));
    const start = `  ${pad(visible(row.stack), stacks)}  ${colour(row.counts, " ", counts)}  ${colour(row.bar, "", bars)}`;
    const used = 2 + stacks + 2 + counts + 2 + bars + 2;
    const notes = notesLines(row.notes, width - used, p);
    const [first = "", ...more] = notes;
    return [`${start}  ${first}`.trimEnd(), ...more.map((line) => `${" ".repeat(used)}${line}`)];
  });
}

/** Notes in a row, with line breaks only between them. */
function notesLines(notes: Row["notes"], width: number, p: Paint): readonly string[] {
  const lines: string[] = [];
  let used = 0;
  for (const { text, tone } of notes) {
    const shown = fit(visible(text), width);
    const last = lines.length - 1;
    if (last >= 0 && used + 2 + columns(shown) <= width) {
      lines[last] = `${lines[last] ?? ""}, ${painted(p, tone)(shown)}`;
      used += 2 + columns(shown);
    } else {
      if (last >= 0) lines[last] = `${lines[last] ?? ""},`;
      lines.push(painted(p, tone)(shown));
      used = columns(shown);
    }
  }
  return lines;
}

function sectionLines(section: Section, width: number, p: Paint): readonly string[] {
  return [
    p.bold(section.title),
    ...(section.about === "" ? [] : hanging("  ", section.about, width).map(p.dim)),
    ...section.entries.flatMap((entry) => entryLines(entry, width, p)),
  ];
}

/** Maximum number of changes shown for one resource. The rest is in the JSON. */
const MOST_CHANGES = 12;

export function entryLines(entry: Entry, width: number, p: Paint): readonly string[] {
  const notes = entry.notes.length === 0 ? "" : ` (${entry.notes.join("; ")})`;
  const title = hanging(`  ${entry.mark} `, visible(`${entry.title}${notes}`), width);
  const where = visible(entry.places);
  const beside = title.length === 1 && columns(`${title[0] ?? ""}  ${where}`) <= width;
  const shown = entry.changes.slice(0, MOST_CHANGES);
  const left = entry.changes.length - shown.length;
  const titled = title.map(painted(p, entry.tone));
  return [
    ...(beside && where !== "" ? [`${titled[0] ?? ""}  ${p.dim(where)}`] : titled),
    ...(beside || where === "" ? [] : hanging("      ", where, width).map(p.dim)),
    ...entry.lines.flatMap((line) => hanging("      ", visible(line), width)),
    ...shown.flatMap((change) => changeText(change, width, p)),
    ...(left === 0 ? [] : [p.dim(`      … ${many(left, "more change")} (--json lists all)`)]),
  ];
}

function changeText(change: Entry["changes"][number], width: number, p: Paint): readonly string[] {
  const lines = changeLines(change, width - 6).map((line) => `      ${line}`);
  if (change.note === undefined) return lines;
  const [first = "", ...more] = lines;
  const noted = `${first}  (${change.note})`;
  return columns(noted) <= width
    ? [p.red(noted), ...more]
    : [...lines, `        (${change.note})`].map(p.red);
}
