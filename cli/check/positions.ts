/** Finds where a value is in a YAML text. Only used for findings. */
import { EVENT_ID, SCALAR_STYLE, getScalarValue, type Event } from "js-yaml";
import { readable, type Readable } from "./lenient";
import { plainScalar } from "./scalars";
import type { Place } from "./yaml";

type Key = string | number;

interface Node {
  /** Offset of its first character. */
  readonly start: number;
  readonly pairs?: readonly (readonly [key: Node, value: Node])[];
  readonly items?: readonly Node[];
  /** A scalar's text, as a key. */
  readonly text?: string;
}

/** The key whose mappings YAML 1.1 merges into the mapping that contains it. */
const MERGE = "<<";
/** Deeper than any document that can be parsed. */
const MAX_DEPTH = 1000;

type Opening = Exclude<Event, { type: typeof EVENT_ID.POP | typeof EVENT_ID.DOCUMENT }>;

export class Positions {
  private readonly roots: readonly (Node | undefined)[];
  private readonly lineStarts: readonly number[];
  private readonly inFile: Readable["inFile"];

  /** @param text one that could be parsed */
  constructor(text: string) {
    const read = readable(text, MAX_DEPTH);
    this.inFile = read.inFile;
    this.roots = new Builder(read).documents();
    this.lineStarts = [0, ...Array.from(text.matchAll(/\r\n|\n|\r/g), endOf)];
  }

  /** The last key or item on the path that exists in the text. Merged keys are found at their source. */
  find(document: number, path: readonly Key[]): Place {
    const root = this.roots[document];
    if (root === undefined) return { line: 1, column: 1 };
    let node: Node | undefined = root;
    let start = Math.max(0, root.start);
    for (const key of path) {
      const [at, next]: readonly [Node?, Node?] = child(node, key);
      if (at === undefined) break;
      // An empty value has no position of its own.
      if (at.start >= 0) start = at.start;
      node = next;
    }
    return this.placeOf(this.inFile(start));
  }

  private placeOf(offset: number): Place {
    let [low, high] = [0, this.lineStarts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.lineStarts[low] ?? 0) + 1 };
  }
}

const endOf = ({ index, 0: found }: RegExpExecArray): number => index + found.length;

/** The node that marks a child's position, and the child. */
function child(node: Node | undefined, key: Key): readonly [at?: Node, next?: Node] {
  const item = typeof key === "number" ? node?.items?.[key] : undefined;
  if (item !== undefined) return [item, item];
  const own = node?.pairs?.find(([{ text }]) => text === key);
  if (own !== undefined) return own;
  for (const [{ text }, value] of node?.pairs ?? []) {
    if (text !== MERGE) continue;
    for (const source of value.items ?? [value]) {
      const found = child(source, key);
      if (found[0] !== undefined) return found;
    }
  }
  return [];
}

/** Builds trees from the flat events of a text. */
class Builder {
  private readonly text: string;
  private readonly events: readonly Event[];
  private readonly anchors = new Map<string, Node>();
  private next = 0;

  constructor({ text, events }: Readable) {
    this.text = text;
    this.events = events;
  }

  documents(): readonly (Node | undefined)[] {
    const roots: (Node | undefined)[] = [];
    while (this.next < this.events.length) {
      this.next += 1;
      this.anchors.clear();
      roots.push(this.nodes()[0]);
    }
    return roots;
  }

  /** The nodes up to the end of the collection opened last. */
  private nodes(): readonly Node[] {
    const nodes: Node[] = [];
    for (;;) {
      const event = this.events[this.next];
      this.next += 1;
      if (event === undefined || event.type === EVENT_ID.POP) return nodes;
      if (event.type !== EVENT_ID.DOCUMENT) nodes.push(this.node(event));
    }
  }

  private node(event: Opening): Node {
    const name = this.text.slice(event.anchorStart, event.anchorEnd);
    if (event.type === EVENT_ID.ALIAS) {
      return { ...this.anchors.get(name), start: event.anchorStart - 1 };
    }
    const node = this.content(event);
    if (event.anchorStart >= 0) this.anchors.set(name, node);
    return node;
  }

  private content(event: Exclude<Opening, { type: typeof EVENT_ID.ALIAS }>): Node {
    if (event.type === EVENT_ID.SCALAR) return this.scalar(event);
    const { start } = event;
    const nodes = this.nodes();
    if (event.type === EVENT_ID.SEQUENCE) return { start, items: nodes };
    const pairs = nodes.flatMap((key, index) => {
      const value = nodes[index + 1];
      return index % 2 === 0 && value !== undefined ? [[key, value] as const] : [];
    });
    return { start, pairs };
  }

  private scalar(event: Extract<Event, { type: typeof EVENT_ID.SCALAR }>): Node {
    const { style, valueStart } = event;
    const isQuoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
    const source = getScalarValue(this.text, event);
    const isPlain = style === SCALAR_STYLE.PLAIN && event.tagStart < 0;
    return {
      start: isQuoted ? valueStart - 1 : valueStart,
      text: isPlain ? String(plainScalar(source)) : source,
    };
  }
}
