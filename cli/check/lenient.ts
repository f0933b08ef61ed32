/**
 * Reads what Kubernetes' YAML library reads and js-yaml refuses: lines of brackets or quoted text that start
 * at the column of their key, tabs between brackets, several JSON objects in a row, and a byte order mark at the
 * start of a later document. A text that js-yaml reads is left as it is; another is changed where the
 * parser stops, by white space only, and the places of what is read remain those of the file.
 */
import { YAMLException, parseEvents, type Event } from "js-yaml";
import { colonsIn, mayMatter } from "./colons";

interface Insertion {
  /** Offset in the changed text. */
  readonly at: number;
  readonly length: number;
  /** Characters in all insertions before it. */
  readonly before: number;
}

type Place = Omit<Insertion, "before">;

/** A text that can be parsed. */
export interface Readable {
  readonly text: string;
  readonly events: Event[];
  /** The offset in the file of an offset in the text. */
  readonly inFile: (offset: number) => number;
}

/** The parser's error, with its offset in the file. */
export class Unreadable extends Error {
  constructor(
    readonly reason: unknown,
    readonly offset: number,
  ) {
    super("the text cannot be parsed");
  }
}

/** Attempts that even the largest file has. */
const FEW_ATTEMPTS = 10;
/** After those: characters in all attempts together, so that a malicious file ends soon. */
const MOST_PARSED = 30_000_000;
/** The deepest key has hardly this column. */
const MOST_PADDING = 4096;
const DEFICIENT = "deficient indentation";
const NOT_A_DOCUMENT = "end of the stream or a document separator is expected";
const NO_TEXT = "Kubernetes refuses this key or text between brackets; write it in quotes";
const BETWEEN_OBJECTS = "\n--- ";

/**
 * Texts are read for their values, and for the places of findings once more: what was read first is kept, up to so many
 * characters. It takes some fourteen bytes for each.
 */
const MOST_KEPT = 2_000_000;
const kept = new Map<string, Readable>();
let lengthKept = 0;

/** @throws Unreadable */
export function readable(written: string, maxDepth: number): Readable {
  const known = kept.get(written);
  if (known !== undefined) return known;
  const read = readAnew(written, maxDepth);
  if (lengthKept + written.length <= MOST_KEPT) {
    kept.set(written, read);
    lengthKept += written.length;
  }
  return read;
}

function readAnew(written: string, maxDepth: number): Readable {
  const attempt = new Attempt(written);
  for (;;) {
    try {
      const events = parseEvents(attempt.text, { maxDepth });
      if (attempt.quote(events)) continue;
      return { text: attempt.text, events, inFile: (offset) => attempt.inFile(offset) };
    } catch (error) {
      if (!(error instanceof YAMLException) || !attempt.mend(error)) {
        const offset = error instanceof YAMLException ? (error.mark?.position ?? 0) : 0;
        throw new Unreadable(error, attempt.inFile(offset));
      }
    }
  }
}

class Attempt {
  text: string;
  private insertions: readonly Insertion[] = [];
  private attempts = 0;
  private parsed = 0;
  private padding = { lineStart: -1, width: 0 };

  constructor(written: string) {
    this.text = withoutInnerMarks(written);
  }

  inFile(offset: number): number {
    let [low, high] = [0, this.insertions.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.insertions[middle]?.at ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    const last = this.insertions[low - 1];
    return last === undefined
      ? offset
      : offset - last.before - Math.min(last.length, offset - last.at);
  }

  /** Changes what the parser stopped at; false if Kubernetes refuses it too. */
  mend({ reason, mark }: YAMLException): boolean {
    const { position } = mark ?? {};
    this.attempts += 1;
    this.parsed += this.text.length;
    const isTooMuch = this.attempts > FEW_ATTEMPTS && this.parsed > MOST_PARSED;
    if (position === undefined || isTooMuch) return false;
    if (reason === DEFICIENT) return this.indent(position);
    return reason === NOT_A_DOCUMENT && this.separate();
  }

  /**
   * Puts quotes around what is a text for Kubernetes and a key for js-yaml; false if there is nothing like it.
   *
   * @throws YAMLException
   */
  quote(events: readonly Event[]): boolean {
    if (this.insertions.length === 0 && !mayMatter(this.text)) return false;
    const { texts, refused } = colonsIn(this.text, events);
    if (refused !== undefined) YAMLException.throwAt(this.text, refused, NO_TEXT);
    this.insert(
      texts.flatMap(([start, end]) => {
        const mark = this.text.slice(start, end).includes("'") ? '"' : "'";
        return [start, end].map((at) => ({ at, text: mark }));
      }),
    );
    return texts.length > 0;
  }

  /** Inside brackets and quotes, white space at the start of a line has no meaning. */
  private indent(position: number): boolean {
    const lineStart =
      1 + Math.max(...["\n", "\r"].map((end) => this.text.lastIndexOf(end, position - 1)));
    const tab = this.text.lastIndexOf("\t", position - 1);
    if (tab >= lineStart) {
      this.text = `${this.text.slice(0, tab)} ${this.text.slice(tab + 1)}`;
      return true;
    }
    // A document ends there, whatever is open.
    if (/^(?:---|\.\.\.)(?:\s|$)/.test(this.text.slice(lineStart, lineStart + 4))) return false;
    const isAgain = lineStart === this.padding.lineStart;
    const width = isAgain ? 2 * this.padding.width : 64;
    if (width > MOST_PADDING) return false;
    this.padding = { lineStart, width };
    this.insert([{ at: lineStart, text: " ".repeat(width) }]);
    return true;
  }

  /** A file that starts with a JSON object may hold more of them. */
  private separate(): boolean {
    if (this.insertions.length > 0) return false;
    const starts = laterObjects(this.text);
    this.insert(starts.map((at) => ({ at, text: BETWEEN_OBJECTS })));
    return starts.length > 0;
  }

  /** @param pieces in the order of their offsets in the present text */
  private insert(pieces: readonly { readonly at: number; readonly text: string }[]): void {
    const parts: string[] = [];
    const made: Place[] = [];
    let [from, shift] = [0, 0];
    for (const { at, text } of pieces) {
      parts.push(this.text.slice(from, at), text);
      made.push({ at: at + shift, length: text.length });
      from = at;
      shift += text.length;
    }
    this.insertions = summed([...movedBy(pieces, this.insertions), ...made]);
    this.text = [...parts, this.text.slice(from)].join("");
  }
}

/** Where earlier insertions are after later ones; both are in the order of their offsets. */
function movedBy(
  pieces: readonly { readonly at: number; readonly text: string }[],
  earlier: readonly Place[],
): readonly Place[] {
  let [next, shift] = [0, 0];
  return earlier.map(({ at, length }) => {
    for (let piece = pieces[next]; piece !== undefined && piece.at <= at; piece = pieces[next]) {
      shift += piece.text.length;
      next += 1;
    }
    return { at: at + shift, length };
  });
}

/** In the order of their offsets. */
function summed(places: readonly Place[]): readonly Insertion[] {
  let sum = 0;
  return [...places]
    .sort((one, other) => one.at - other.at)
    .map(({ at, length }) => {
      const before = sum;
      sum += length;
      return { at, length, before };
    });
}

const MARK = "\uFEFF";

/** A line break instead of the mark keeps every offset. Kubernetes cuts a text at lines that others stand above. */
const withoutInnerMarks = (text: string): string =>
  text.includes(MARK)
    ? text.replace(
        /(\n---[^\n]*\n)(\uFEFF?)/g,
        (_, cut: string, mark: string) => cut + (mark && "\n"),
      )
    : text;

/** Where the second and later objects of a JSON stream start; none if the text is something else. */
function laterObjects(text: string): readonly number[] {
  // Kubernetes reads the whole file as either JSON or YAML.
  if (!/^\s*\{/.test(text) || /^---/m.test(text)) return [];
  const starts: number[] = [];
  let depth = 0;
  let isFirst = true;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === "{" || token === "[") {
      if (depth === 0 && !isFirst && token === "{") starts.push(index);
      isFirst = false;
      depth += 1;
    }
    if (token === "}" || token === "]") depth -= 1;
    if (depth < 0) return [];
  }
  return starts;
}
