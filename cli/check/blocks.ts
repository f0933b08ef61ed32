/** Which lines of a YAML file a comment is about. */

const BLANK = /^\s*(?:#.*)?$/;
const SEPARATOR = /^---(?:\s|$)/;

const indentOf = (line: string): number => line.length - line.trimStart().length;
const isItem = (line: string): boolean => /^-(?:\s|$)/.test(line.trimStart());

const BLOCK_SCALAR = /(?:^|[\s:-])[|>][-+\d]*\s*(?:#.*)?$/;

/** The lines, from 0, that are text of a value after `|` or `>`: a `#` there is no comment. */
export function textLines(lines: readonly string[]): ReadonlySet<number> {
  const text = new Set<number>();
  for (let at = 0; at < lines.length; at += 1) {
    const head = lines[at] ?? "";
    if (!BLOCK_SCALAR.test(head) || BLANK.test(head)) continue;
    const indent = indentOf(head);
    const isInside = (line: string): boolean => line.trim() === "" || indentOf(line) > indent;
    for (let end = at + 1; end < lines.length && isInside(lines[end] ?? ""); end += 1) {
      text.add(end);
      at = end;
    }
  }
  return text;
}

/**
 * The lines, from 1, that a comment in a line is about: beside a value that line; above one the key or the list
 * item with all that is in it; above the first key of a document the whole document.
 *
 * @param index of the comment's line, from 0
 */
export function blockFrom(lines: readonly string[], index: number): readonly [number, number] {
  const own = lines[index] ?? "";
  if (!BLANK.test(own) && !SEPARATOR.test(own)) return [index + 1, index + 1];
  const start = next(lines, index + 1, (line) => !BLANK.test(line));
  const first = lines[start];
  if (first === undefined || SEPARATOR.test(first)) return [index + 1, index + 1];
  const startsDocument = isFirst(lines, index);
  const end = next(lines, start + 1, (line) => endsBlock(line, first, startsDocument));
  return [start + 1, lastOf(lines, end < 0 ? lines.length : end)];
}

/** The first line from there on; -1 if there is none. */
function next(lines: readonly string[], from: number, isWanted: (line: string) => boolean): number {
  for (let at = from; at < lines.length; at += 1) if (isWanted(lines[at] ?? "")) return at;
  return -1;
}

/** Without the blank lines and comments at the end, which are about what follows. */
function lastOf(lines: readonly string[], end: number): number {
  let last = end;
  while (last > 0 && BLANK.test(lines[last - 1] ?? "")) last -= 1;
  return last;
}

/** Whether only comments stand between the start of the document and the line. */
function isFirst(lines: readonly string[], index: number): boolean {
  for (let at = index; at >= 0; at -= 1) {
    const line = lines[at] ?? "";
    if (SEPARATOR.test(line)) return true;
    if (!BLANK.test(line)) return false;
  }
  return true;
}

function endsBlock(line: string, first: string, isDocument: boolean): boolean {
  if (SEPARATOR.test(line)) return true;
  if (isDocument && !isItem(first)) return false;
  if (BLANK.test(line) || indentOf(line) > indentOf(first)) return false;
  // The items of a list may stand at the column of its key.
  return indentOf(line) < indentOf(first) || isItem(first) || !isItem(line);
}
