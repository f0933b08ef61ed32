/** Quoted texts of PromQL, which are Go's. */

/** Go's escapes; \x, octal and Unicode ones are counted, not decoded twice. */
const ESCAPE =
  /\\(?:([abfnrtv\\"'])|x([\da-fA-F]{2})|([0-3][0-7]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([^]?))/g;
const CONTROL: Readonly<Record<string, string>> = {
  ...{ a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" },
};

/** What is wrong with a quoted text. */
export function stringFault(literal: string): string | undefined {
  if (unquoted(literal) !== undefined) return undefined;
  return isClosed(literal)
    ? `an escape in ${literal} is not valid`
    : "the text that begins here has no closing quote";
}

export const isClosed = (literal: string): boolean =>
  /^(["'])(?:[^\\]|\\.)*\1$|^`[^`]*`$/s.test(literal);

/** The text between the quotes; undefined where an escape is not one, or another quote is escaped. */
export function unquoted(literal: string): string | undefined {
  if (!isClosed(literal)) return undefined;
  const quote = literal[0];
  const inside = literal.slice(1, -1);
  if (quote === "`") return inside;
  const invalid: string[] = [];
  const decoded = inside.replace(ESCAPE, (escape, ...groups: (string | undefined)[]) => {
    const [simple, byte, octal, short, long] = groups;
    if (simple !== undefined) {
      if (/["']/.test(simple) && simple !== quote) invalid.push(simple);
      return CONTROL[simple] ?? simple;
    }
    const code =
      octal === undefined ? parseInt(byte ?? short ?? long ?? "", 16) : parseInt(octal, 8);
    if (code <= 0x10ffff) return String.fromCodePoint(code);
    invalid.push(escape);
    return "";
  });
  return invalid.length === 0 ? decoded : undefined;
}
