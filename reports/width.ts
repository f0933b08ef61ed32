/** Text for terminal columns: shortened in the middle, padded, wrapped at words. */
import { eastAsianWidth } from "get-east-asian-width";

const segments = new Intl.Segmenter("en", { granularity: "grapheme" });
const ASCII = /^[\x20-\x7e]*$/;
/** The segmenter takes the square of a text's length: longer than a line, it gets the text piece by piece. */
const PIECE = /[^]{1,1000}/gu;

const graphemesOf = (text: string): readonly string[] =>
  (text.match(PIECE) ?? []).flatMap((piece) =>
    ASCII.test(piece)
      ? piece.split("")
      : Array.from(segments.segment(piece), ({ segment }) => segment),
  );

const graphemeWidth = (grapheme: string): number =>
  /^\p{M}+$/u.test(grapheme) ? 0 : eastAsianWidth(grapheme.codePointAt(0) ?? 0);

/** Number of terminal columns that printable text takes. */
export function columns(text: string): number {
  if (ASCII.test(text)) return text.length;
  return graphemesOf(text).reduce((total, grapheme) => total + graphemeWidth(grapheme), 0);
}

/** The longest prefix of the graphemes that fits `width` columns. */
function take(graphemes: readonly string[], width: number): readonly string[] {
  let used = 0;
  const end = graphemes.findIndex((grapheme) => (used += graphemeWidth(grapheme)) > width);
  return end < 0 ? graphemes : graphemes.slice(0, end);
}

/** Text of at most `width` columns: if it is longer, the middle is replaced by `…`. */
export function fit(text: string, width: number): string {
  if (columns(text) <= width) return text;
  if (width <= 1) return width === 1 ? "…" : "";
  const graphemes = graphemesOf(text);
  const head = take(graphemes, Math.ceil((width - 1) / 2)).join("");
  const tail = take([...graphemes].reverse(), width - 1 - columns(head));
  return `${head}…${[...tail].reverse().join("")}`;
}

/** Text padded with spaces to `width` columns; longer text is unchanged. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columns(text)));
}

/** Lines of at most `width` columns, broken at spaces only, all but the first indented by `hanging`. */
function filled(words: readonly string[], width: number, hanging = ""): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last === undefined) lines.push(word);
    else if (columns(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(hanging + word);
  }
  return lines;
}

/** Lines of at most `width` columns, broken at spaces; a longer word is shortened in the middle. */
export function wrap(text: string, width: number): readonly string[] {
  if (columns(text) <= width) return [text];
  const words = text.trim().split(" ");
  return filled(
    words.map((word) => fit(word, width)),
    width,
  );
}

/**
 * Lines of at most `width` columns. Longer text continues on the next line, indented by two more than the line.
 * Lines break only at spaces. A longer word (a URN, a path) is not broken, because people copy it.
 */
export function wrapIndented(line: string, width: number): readonly string[] {
  if (columns(line) <= width) return [line];
  const [indent = ""] = /^ */.exec(line) ?? [];
  const [first = "", ...words] = line.slice(indent.length).split(" ");
  return filled([indent + first, ...words], width, `${indent}  `);
}
