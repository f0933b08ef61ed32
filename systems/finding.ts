import { clause } from "./clause";
import type { Finding, Realisation } from "./model";

/** One finding in a system's list. Its position in the list determines its number. */
export interface FindingText {
  readonly heading: string;
  readonly ids: readonly string[];
  readonly found: string;
  readonly instead: string;
  readonly realised?: readonly Realisation[];
  readonly open?: string;
}

/**
 * Numbers a system's findings `<prefix>-F1`, `<prefix>-F2`, …: append, never insert, so that ids are
 * stable.
 */
export const findings = (prefix: string, texts: readonly FindingText[]): readonly Finding[] =>
  texts.map(({ heading, ids, ...text }, index) => ({
    ...clause(heading, ...ids),
    id: `${prefix}-F${index + 1}`,
    ...text,
  }));
