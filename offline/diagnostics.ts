/** Collects a run's diagnostics and returns them in an order that does not depend on timing. */
import { stripVTControlCharacters } from "node:util";
import type { Diagnostic } from "./plan";

const RANK = { error: 0, warning: 1, info: 2, debug: 3 } as const;

export class DiagnosticLog {
  private readonly entries: Diagnostic[] = [];

  add(severity: Diagnostic["severity"], message: string, urn = ""): void {
    this.entries.push({ severity, message: stripVTControlCharacters(message).trimEnd(), urn });
  }

  hasErrors(): boolean {
    return this.entries.some((entry) => entry.severity === "error");
  }

  /** Most severe first, then by URN and text, without duplicates. */
  sorted(redact: (text: string) => string): Diagnostic[] {
    const unique = new Map<string, Diagnostic>();
    for (const entry of this.entries) {
      const shown = { ...entry, message: redact(entry.message) };
      unique.set(JSON.stringify([shown.severity, shown.urn, shown.message]), shown);
    }
    return [...unique.values()].sort(
      (a, b) =>
        RANK[a.severity] - RANK[b.severity] ||
        compare(a.urn, b.urn) ||
        compare(a.message, b.message),
    );
  }
}

/** Code-point order, which is the same on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
