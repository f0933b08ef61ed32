/** A difference as a pull request comment, within the length limit of comments. */
import { code, markdown, visible } from "../escape";
import { many } from "../../lib/words";
import { paint } from "../colour";
import type { Difference } from "./difference";
import type { Section, Tone } from "./section";
import { sections } from "./sections";
import { headline, others, rows, type Row } from "./summary";
import { entryLines } from "./text";

/** A comment can have 65,536 characters. Some are left for the workflow that posts it. */
export const LIMIT = 65_000;
/** Longer parts are folded. */
const OPEN_LINES = 20;
/** Nobody reads more rows than this. */
const MOST_ROWS = 60;
/** Narrower than a comment's column, so that lines do not wrap. */
const WIDTH = 110;

/** One section: its heading, and its entries as text. */
interface Part {
  readonly title: string;
  readonly about: string;
  readonly entries: readonly string[];
}

export function renderDifferenceMarkdown(difference: Difference, limit = LIMIT): string {
  const { name, commit } = difference.revision;
  const head = [
    `### Plans against ${code(name)} (${commit.slice(0, 7)}): ${markdown(headline(difference))}`,
    "",
    ...table(rows(difference)),
    ...others(difference).flatMap((line) => [markdown(line), ""]),
  ].join("\n");
  const parts = sections(difference).map(partOf);
  const room = limit - head.length - parts.reduce((sum, part) => sum + wrapper(part).length, 0);
  return [head, ...cut(parts, room).map(written), ""].join("\n");
}

const row = (...cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

function table(all: readonly Row[]): readonly string[] {
  if (all.length === 0) return [];
  const text = (parts: readonly { readonly text: string }[], between: string): string =>
    parts.map((part) => part.text).join(between);
  const shown = all.slice(0, MOST_ROWS);
  const left = all.length - shown.length;
  return [
    row("Stack", "Resources", "", ""),
    row("---", "---", "---", "---"),
    ...shown.map(({ stack, counts, bar, notes }) =>
      row(
        code(stack),
        markdown(text(counts, " ")),
        code(text(bar, "")),
        notes
          .map(({ text: note, tone }) =>
            tone === "bad" ? `**${markdown(note)}**` : markdown(note),
          )
          .join(", "),
      ),
    ),
    "",
    ...(left === 0 ? [] : [`… and ${many(left, "more stack")}.`, ""]),
  ];
}

const COLOURLESS = paint(false);

/** In the colours of `diff`: good changes are green, bad ones red, the rest orange. */
const COLOUR: Readonly<Record<Tone, string>> = { good: "+", bad: "-", warn: "!", plain: "!" };

function partOf({ title, about, entries }: Section): Part {
  return {
    title,
    about,
    entries: entries.map((entry) => {
      const [first = "", ...more] = entryLines(entry, WIDTH, COLOURLESS);
      const colour = COLOUR[entry.tone];
      // A leading plus or minus would be read as a colour.
      const text = first.trimStart().slice("+-".includes(entry.mark) ? 2 : 0);
      const inner = more.map((line) =>
        line.replace(/^ {8}([-+] )/, "$1    ").replace(/^ {6}/, "    "),
      );
      return [`${colour} ${text}`, ...inner].map((line) => `${line}\n`).join("");
    }),
  };
}

/** Maximum length of the text around a part's entries. */
const wrapper = ({ title, about }: Part): string =>
  written({ title, about, entries: ["\n".repeat(OPEN_LINES + 1)], cut: 9_999 });

interface Cut extends Part {
  /** Number of omitted entries. */
  readonly cut: number;
}

/** Cuts the longest parts first. No part is cut while a longer one is complete. */
function cut(parts: readonly Part[], room: number): readonly Cut[] {
  const size = ({ entries }: Part): number => entries.join("").length;
  const sizes = parts.map(size).sort((a, b) => a - b);
  let [left, share] = [room, Infinity];
  for (const [at, one] of sizes.entries()) {
    const fair = Math.floor(left / (sizes.length - at));
    if (one > fair) {
      share = fair;
      break;
    }
    left -= one;
  }
  return parts.map((part) => {
    let used = 0;
    const entries = part.entries.filter((entry) => (used += entry.length) <= share);
    return { ...part, entries, cut: part.entries.length - entries.length };
  });
}

function written({ title, about, entries, cut: left }: Cut): string {
  const text = entries.join("");
  const number = entries.length + left;
  const fence = "`".repeat(
    Math.max(3, ...(text.match(/`+/g) ?? []).map(({ length }) => length + 1)),
  );
  const body = [
    ...(about === "" ? [] : [markdown(about), ""]),
    ...(text === "" ? [] : [`${fence}diff`, visibleBlock(text), fence, ""]),
    ...(left === 0 ? [] : [`… and ${left} more of ${number} that do not fit here.`, ""]),
  ];
  const heading = `${markdown(title)} (${number})`;
  return text.split("\n").length > OPEN_LINES
    ? [`<details><summary><b>${heading}</b></summary>`, "", ...body, "</details>"].join("\n")
    : [`**${heading}**`, "", ...body].join("\n");
}

const visibleBlock = (text: string): string => text.trimEnd().split("\n").map(visible).join("\n");
