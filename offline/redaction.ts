/** Removes the values of known secrets from every text that leaves the host. */

const MASK = "[secret]";

/**
 * Shorter values are not masked, as in the engine: masking every "1" would make texts unreadable without
 * hiding anything.
 */
const SHORTEST = 3;
/**
 * A value that the program marked as secret (such as a port or user name) is only masked if it is long
 * enough to be a real secret.
 */
const SHORTEST_IN_PROGRAM = 8;

export class Redaction {
  private readonly values = new Set<string>();
  private pattern: RegExp | undefined;

  /** Values of secret configuration. */
  constructor(configured: Iterable<string>) {
    for (const value of configured) if (value.length >= SHORTEST) this.addForms(value);
  }

  /** Values that the program marks as secret at run time. */
  add(values: Iterable<string>): void {
    for (const value of values) if (value.length >= SHORTEST_IN_PROGRAM) this.addForms(value);
  }

  /** Masks each known secret and its JSON-escaped form. Bound, so that it can be passed as a function. */
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
