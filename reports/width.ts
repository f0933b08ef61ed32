/** Text in columns: how many a terminal uses, cutting out the middle, breaking at words. */

const segments = new Intl.Segmenter("en", { granularity: "grapheme" });

/** East Asian wide and full-width characters and emoji, which take two columns. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const ASCII = /^[\x20-\x7e]*$/;

const graphemeWidth = (grapheme: string): number =>
  /^\p{M}+$/u.test(grapheme) ? 0 : WIDE.test(grapheme) ? 2 : 1;

/** Columns that printable text takes in a terminal. */
export function columns(text: string): number {
  if (ASCII.test(text)) return text.length;
  let total = 0;
  for (const { segment } of segments.segment(text)) total += graphemeWidth(segment);
  return total;
}

/** The longest beginning (or, from the end, ending) of the graphemes that fits `width` columns. */
function take(graphemes: readonly string[], width: number): string {
  let used = 0;
  let text = "";
  for (const grapheme of graphemes) {
    used += graphemeWidth(grapheme);
    if (used > width) break;
    text += grapheme;
  }
  return text;
}

/** Text of at most `width` columns: what does not fit is cut out of its middle and shown as `…`. */
export function fit(text: string, width: number): string {
  if (columns(text) <= width) return text;
  if (width <= 1) return width === 1 ? "…" : "";
  const graphemes = Array.from(segments.segment(text), ({ segment }) => segment);
  const head = take(graphemes, Math.ceil((width - 1) / 2));
  const reversed = take([...graphemes].reverse(), width - 1 - columns(head));
  const tail = Array.from(segments.segment(reversed), ({ segment }) => segment).reverse();
  return `${head}…${tail.join("")}`;
}

/** Text filled up with spaces to `width` columns; longer text stays as it is. */
export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columns(text)));
}

/** Lines of at most `width` columns, broken at spaces; a longer word stands alone, cut in the middle. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (columns(longer) <= width) line = longer;
    else {
      if (line !== "") lines.push(line);
      line = fit(word, width);
    }
  }
  if (line !== "" || lines.length === 0) lines.push(line);
  return lines;
}

/**
 * Lines of at most `width` columns: what does not fit goes on below, indented by two more than the line
 * begins. Only spaces are broken at; a longer word (a URN, a path) stays whole and may stand out, since
 * people copy it.
 */
export function wrapIndented(line: string, width: number): readonly string[] {
  if (columns(line) <= width) return [line];
  const [indent = ""] = /^ */.exec(line) ?? [];
  const lines: string[] = [];
  let current = "";
  for (const word of line.slice(indent.length).split(" ")) {
    const start = lines.length === 0 ? indent : `${indent}  `;
    const longer = current === "" ? start + word : `${current} ${word}`;
    if (current === "" || columns(longer) <= width) current = longer;
    else {
      lines.push(current);
      current = `${indent}  ${word}`;
    }
  }
  return [...lines, current];
}
