/** Keeps the values of known secrets out of every text that leaves the host. */

const MASK = "[secret]";

/** Shorter values are left alone, as the engine does: masking every "1" would hide nothing and everything. */
const SHORTEST = 3;
/** A value that the program itself made secret (a port, a user name) is masked only when long enough to be one. */
const SHORTEST_IN_PROGRAM = 8;

export class Redaction {
  private readonly values = new Set<string>();
  private pattern: RegExp | undefined;

  /** Values of secret configuration. */
  constructor(configured: Iterable<string>) {
    for (const value of configured) if (value.length >= SHORTEST) this.addForms(value);
  }

  /** Values that the program marks as secret while it runs. */
  add(values: Iterable<string>): void {
    for (const value of values) if (value.length >= SHORTEST_IN_PROGRAM) this.addForms(value);
  }

  /** For a method reference; masks each known secret, and its JSON-escaped form. */
  readonly redact = (text: string): string => {
    if (this.values.size === 0) return text;
    this.pattern ??= new RegExp(
      [...this.values]
        .sort((a, b) => b.length - a.length)
        .map((value) => value.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&"))
        .join("|"),
      "gu",
    );
    return text.replace(this.pattern, MASK);
  };

  private addForms(value: string): void {
    for (const form of [value, JSON.stringify(value).slice(1, -1), value.trim()]) {
      if (form.length >= SHORTEST && !this.values.has(form)) {
        this.values.add(form);
        this.pattern = undefined;
      }
    }
  }
}
