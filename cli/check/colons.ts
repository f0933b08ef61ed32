/**
 * Colons and question marks between brackets, where Kubernetes' YAML library (go.yaml.in/yaml/v2, scannerc.go) and
 * js-yaml differ: there, a colon ends a key without quotes only before white space, so that `[001:db8::]` is a list of
 * one text. No text starts with a colon or has a question mark before white space, and no key is empty or on two lines.
 */
import { COLLECTION_STYLE, EVENT_ID, SCALAR_STYLE, type Event } from "js-yaml";

/** Offsets of a text that the library reads as one. */
export type Span = readonly [start: number, end: number];

export interface Colons {
  readonly texts: readonly Span[];
  /** The offset of the first text or key that the library refuses; undefined if there is none. */
  readonly refused: number | undefined;
}

/** Most texts have none. */
const MAY_MATTER = /[^\s"']:[,[\]{}]|(?:^|[[{,\s]):|\?\s/;
const AFTER = /^:[,[\]{}]/;

type Scalar = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;

interface Open {
  readonly isFlow: boolean;
  /** For a mapping: whether its next node is a key. */
  isKey?: boolean;
}

export const mayMatter = (text: string): boolean => MAY_MATTER.test(text);

export function colonsIn(text: string, events: readonly Event[]): Colons {
  const texts: Span[] = [];
  const open: Open[] = [];
  let last = 0;
  for (const event of events) {
    if (event.type === EVENT_ID.POP) open.pop();
    if (event.type === EVENT_ID.POP) continue;
    const { isFlow, isKey = false } = next(open.at(-1));
    if (event.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN) {
      const { valueStart: start, valueEnd: end } = event;
      if (isRefused(text, event, isFlow, isKey)) return { texts, refused: Math.max(start, last) };
      if (isFlow && isKey && AFTER.test(text.slice(end, end + 2))) texts.push([start, end + 1]);
      last = Math.max(last, end);
    } else if (event.type !== EVENT_ID.SCALAR && event.type !== EVENT_ID.ALIAS) {
      open.push(opened(event));
    }
  }
  return { texts, refused: undefined };
}

/** Whether the next node of a collection is a key; it is counted. */
function next(parent: Open | undefined): Open {
  if (parent === undefined) return { isFlow: false };
  const before = { ...parent };
  if (parent.isKey !== undefined) parent.isKey = !parent.isKey;
  return before;
}

const opened = (event: Event): Open => ({
  isFlow: "style" in event && event.style === COLLECTION_STYLE.FLOW,
  ...(event.type === EVENT_ID.MAPPING ? { isKey: true } : {}),
});

function isRefused(
  text: string,
  { valueStart: start, valueEnd: end, tagStart, anchorStart }: Scalar,
  isFlow: boolean,
  isKey: boolean,
): boolean {
  if (start < 0) return isKey && tagStart < 0 && anchorStart < 0;
  const isOnLines = isKey && /[\r\n]/.test(text.slice(start, end));
  return isFlow && (text[start] === ":" || isOnLines || /\?\s/.test(text.slice(start, end + 1)));
}
