/**
 * Makes names and messages harmless. A resource name must not be able to move a terminal's cursor, start a
 * Markdown heading, leave a folder or hide text behind a right-to-left mark.
 */

/** Control, format (bidirectional marks, zero-width), line and paragraph separators, lone surrogates. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

const escaped = (character: string): string =>
  SHORT[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** One line of printable text: hidden characters appear as `\n`, `\u{1b}` and so on. */
export function visible(text: string): string {
  return text.replace(HIDDEN, escaped);
}

/** Printable text that keeps its line breaks, split into lines; trailing blank lines are dropped. */
export function visibleLines(text: string): readonly string[] {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/\n+$/, "")
    .split("\n")
    .map((line) => visible(line.trimEnd()));
}

const entity = (character: string): string => `&#${character.codePointAt(0) ?? 0};`;

/**
 * Markdown text that renders as the given characters: no emphasis, link, HTML, formula, table cell or
 * list. Numeric entities are never parsed as Markdown syntax. After `@` and `#` a zero-width space
 * keeps a name from becoming a mention, or a number a reference.
 */
export function markdown(text: string): string {
  return visible(text)
    .replace(/[&<>`*_[\]\\|~!$]/g, entity)
    .replace(/(?<!&)[@#]/g, (sign) => `${entity(sign)}&#8203;`)
    .replace(/:(?=\/\/)/g, entity)
    .replace(/\b(www)\./gi, "$1&#46;")
    .replace(/^[-+=]/, entity)
    .replace(/^(\d+)([.)])/, (_, digits: string, sign: string) => digits + entity(sign));
}

/** A name in Markdown, set as code. */
export const code = (text: string): string => `<code>${markdown(text)}</code>`;

/** Text inside an HTML `<pre>`. */
export function html(text: string): string {
  return visible(text)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}

/**
 * A part of a file name: lower-case letters, digits, dots and hyphens, at most 60 characters, never empty,
 * never starting with a dot (so neither `..` nor a hidden file).
 */
export function fileNamePart(text: string): string {
  const safe = text
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, "-")
    .slice(0, 60)
    .replace(/^[-.]+|[-.]+$/g, "");
  return safe === "" ? "unnamed" : safe;
}

/**
 * JSON text without characters that could control a terminal: `JSON.stringify` escapes the C0 controls
 * only. A parser reads the same value. Ends with a line break.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    // Line breaks in the text are indentation. Inside strings they are already escaped.
    character === "\n"
      ? character
      : Array.from(
          { length: character.length },
          (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
        ).join(""),
  );
  return `${text}\n`;
}
