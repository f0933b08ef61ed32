/** The patterns of a definition, which Go reads, as JavaScript reads them. */
import { isSlow, within } from "./within";

/** A pattern that could not be evaluated here: of another dialect, or too slow. */
export class Undecided extends Error {}

/** @throws Undecided */
export function matches(text: string, pattern: string): boolean {
  if (isSlow(pattern)) throw new Undecided(`the pattern ${pattern} takes too long`);
  const expression = expressionOf(pattern);
  try {
    return within(pattern, () => expression.test(text));
  } catch {
    throw new Undecided(`the pattern ${pattern} takes too long`);
  }
}

const known = new Map<string, RegExp | undefined>();

/** @throws Undecided if JavaScript cannot express it */
export function expressionOf(pattern: string): RegExp {
  if (!known.has(pattern)) known.set(pattern, translated(pattern));
  const expression = known.get(pattern);
  if (expression === undefined) {
    throw new Undecided(`the pattern ${pattern} cannot be evaluated here`);
  }
  return expression;
}

function translated(pattern: string): RegExp | undefined {
  const [start = "", flags = ""] = /^\(\?([ims]+)\)/.exec(pattern) ?? [];
  const parts = partsOf(pattern.slice(start.length), flags.includes("s"));
  if (parts === undefined) return undefined;
  try {
    return new RegExp(parts, `u${flags}`);
  } catch {
    return undefined;
  }
}

/** The classes of POSIX, as the inside of a class. */
const POSIX: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: String.raw`\x00-\x7f`,
  blank: String.raw`\t `,
  cntrl: String.raw`\x00-\x1f\x7f`,
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: String.raw`!-\/:-@\[-\x60\{-~`,
  space: String.raw`\t-\r `,
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

/** Go's \s has fewer characters than that of JavaScript. */
const SPACE = String.raw`\t\n\f\r `;
const ESCAPES: Readonly<Record<string, string>> = {
  A: String.raw`(?<![\s\S])`,
  z: String.raw`(?![\s\S])`,
  a: String.raw`\x07`,
  s: `[${SPACE}]`,
  S: `[^${SPACE}]`,
};
/** The same in both languages. */
const SAME = /^\\(?:[dDwWbBtnrfv]|x[0-9A-Fa-f]{2}|[pP]\{\^?\w+\})/;

type Part = readonly [read: number, written: string] | undefined;

const hex = (char: string): string =>
  `\\x${(char.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`;

function partsOf(pattern: string, isDotAll: boolean): string | undefined {
  let written = "";
  for (let at = 0; at < pattern.length;) {
    const part = partAt(pattern.slice(at), isDotAll);
    if (part === undefined) return undefined;
    at += part[0];
    written += part[1];
  }
  return written;
}

function partAt(rest: string, isDotAll: boolean): Part {
  const [char = ""] = rest;
  if (char === "\\") return escapeAt(rest);
  if (char === "[") return classAt(rest);
  if (rest.startsWith("(?")) return groupAt(rest);
  if (char === "." && !isDotAll) return [1, String.raw`[^\n]`];
  const [repetition] = /^\{\d+(?:,\d*)?\}/.exec(rest) ?? [];
  if (repetition !== undefined) return [repetition.length, repetition];
  // Braces and brackets that belong to nothing are text in Go.
  return [char.length, "{}]".includes(char) ? `\\${char}` : char];
}

/** Names and no other extension: Go has no look-around, and JavaScript no flags for a part. */
function groupAt(rest: string): Part {
  const [group, name] = /^\(\?(?:P?<([A-Za-z_]\w*)>|:)/.exec(rest) ?? [];
  if (group === undefined) return undefined;
  return [group.length, name === undefined ? group : `(?<${name}>`];
}

function escapeAt(rest: string): Part {
  const [same] = SAME.exec(rest) ?? [];
  if (same !== undefined) return [same.length, unicode(same)];
  const [letter, , property = ""] = /^\\([pP])([A-Z])/.exec(rest) ?? [];
  if (letter !== undefined) return [3, `${letter.slice(0, 2)}{${property}}`];
  const [code, digits = ""] = /^\\x\{([0-9A-Fa-f]+)\}/.exec(rest) ?? [];
  if (code !== undefined) return [code.length, `\\u{${digits}}`];
  const char = rest[1] ?? "";
  const other = Object.hasOwn(ESCAPES, char) ? ESCAPES[char] : undefined;
  if (other !== undefined) return [2, other];
  // A word with \Q, an octal number, a reference back: not here, or not in Go.
  return /^[!-/:-@[-`{-~ ]$/.test(char) ? [2, hex(char)] : undefined;
}

/** Go's `\p{Greek}` is a script; `\p{^L}` is `\P{L}`. */
function unicode(escape: string): string {
  const [, letter = "", caret = "", name = ""] = /^\\([pP])\{(\^?)(\w+)\}$/.exec(escape) ?? [];
  if (letter === "") return escape;
  const turned = caret === "" ? letter : letter === "p" ? "P" : "p";
  return `\\${turned}{${name.length > 2 ? `Script=${name}` : name}}`;
}

function classAt(rest: string): Part {
  const [start = ""] = /^\[\^?/.exec(rest) ?? [];
  let written = start;
  let at = start.length;
  for (let isFirst = true; isFirst || rest[at] !== "]"; isFirst = false) {
    const part = at < rest.length ? inClass(rest.slice(at)) : undefined;
    if (part === undefined) return undefined;
    at += part[0];
    written += part[1];
  }
  return [at + 1, `${written}]`];
}

function inClass(rest: string): Part {
  const [posix, name = ""] = /^\[:(\^?\w+):\]/.exec(rest) ?? [];
  if (posix !== undefined) {
    return Object.hasOwn(POSIX, name) ? [posix.length, POSIX[name] ?? ""] : undefined;
  }
  if (rest.startsWith("\\")) return escapeInClass(rest);
  const char = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  return [char.length, char === "[" || char === "]" ? hex(char) : char];
}

function escapeInClass(rest: string): Part {
  const escape = rest.slice(0, 2);
  if (escape === String.raw`\s`) return withHyphen(rest, [2, SPACE]);
  if (/^\\[SbBAz]/.test(escape)) return undefined;
  const part = escapeAt(rest);
  return /^\\[dDwWpP]/.test(escape) && part !== undefined ? withHyphen(rest, part) : part;
}

/** A hyphen after such an escape is text. */
const withHyphen = (rest: string, [read, written]: readonly [number, string]): Part =>
  rest[read] === "-" ? [read + 1, `${written}${hex("-")}`] : [read, written];
