/**
 * Reads properties that may be missing or unknown.
 *
 * A check never touches a raw property: it uses a `Value`, which knows its path (for messages) and
 * whether it is known, unknown (until the cloud has answered) or missing (not set, or null). No
 * method throws, whatever the shape of the input.
 */
export type Key = string | number;
export type State = "known" | "unknown" | "missing";

/** Metadata about a resource's properties from their source. */
export interface Marks {
  readonly isUnknown: (raw: unknown) => boolean;
  /** @param origin the properties of the whole resource */
  readonly isSecret: (origin: object, keys: readonly Key[]) => boolean;
  readonly holdsSecret: (origin: object, keys: readonly Key[]) => boolean;
}

const UNMARKED: Marks = {
  isUnknown: () => false,
  isSecret: () => false,
  holdsSecret: () => false,
};

/** Keys that are found one by one faster than by a map. */
const FEW = 12;
const NONE: readonly Value[] = [];

/** Longer values are cut in messages. */
const SHOWN_LENGTH = 80;

export class Value {
  readonly state: State;
  /**
   * What was read of it, the latest first: each links to the one before it. Cached, because many policies read the
   * same keys of a resource. Most have few, and a map for each took a sixth of the time of a check.
   */
  private latest: Value | undefined;
  private previous: Value | undefined;
  /** The same by key, once there are many. */
  private byKey: Map<Key, Value> | undefined;
  private elements: readonly Value[] | undefined;
  private pairs: readonly (readonly [string, Value])[] | undefined;

  private constructor(
    private readonly marks: Marks,
    private readonly origin: object,
    private readonly raw: unknown,
    private readonly parent?: Value,
    private readonly key?: Key,
  ) {
    this.state =
      raw === undefined || raw === null ? "missing" : marks.isUnknown(raw) ? "unknown" : "known";
  }

  /**
   * The properties of one resource. For those from `@pulumi/policy` use `valueOf` of wire.ts, which
   * knows their marks.
   */
  static marked(properties: object, marks: Marks): Value {
    return new Value(marks, properties, properties);
  }

  /** A plain object, such as a manifest, in which no string marks an unknown or a secret. */
  static plain(properties: object): Value {
    return Value.marked(properties, UNMARKED);
  }

  /** The path from the resource's properties to this value. Computed only for messages. */
  get keys(): readonly Key[] {
    return this.parent === undefined ? [] : [...this.parent.keys, this.key ?? ""];
  }

  /** As Kubernetes writes it: `spec.containers[0].image`; other keys are quoted. */
  get path(): string {
    return pathOf(this.keys);
  }

  get isKnown(): boolean {
    return this.state === "known";
  }

  get isUnknown(): boolean {
    return this.state === "unknown";
  }

  get isMissing(): boolean {
    return this.state === "missing";
  }

  /** A key of an unknown is unknown; a key that does not exist is missing. */
  get(...keys: readonly Key[]): Value {
    const [first] = keys;
    // Most reads are of one key.
    if (keys.length === 1 && first !== undefined) return this.child(first);
    return keys.reduce<Value>((value, key) => value.child(key), this);
  }

  private child(key: Key): Value {
    const known = this.byKey === undefined ? this.linked(key) : this.byKey.get(key);
    return known ?? this.keep(key, this.isUnknown ? this.raw : own(this.raw, key));
  }

  private linked(key: Key): Value | undefined {
    let count = 0;
    for (let one = this.latest; one !== undefined; one = one.previous) {
      if (one.key === key) return one;
      count += 1;
    }
    if (count >= FEW) this.index();
    return undefined;
  }

  private index(): void {
    this.byKey = new Map();
    for (let one = this.latest; one !== undefined; one = one.previous) {
      if (one.key !== undefined) this.byKey.set(one.key, one);
    }
  }

  private keep(key: Key, raw: unknown): Value {
    const value = new Value(this.marks, this.origin, raw, this, key);
    if (this.byKey === undefined) {
      value.previous = this.latest;
      this.latest = value;
    } else this.byKey.set(key, value);
    return value;
  }

  /** The elements of a list; none unless it is a known list. */
  list(): readonly Value[] {
    this.elements ??= Array.isArray(this.raw)
      ? this.raw.map((_, index) => this.child(index))
      : NONE;
    return this.elements;
  }

  /**
   * The elements of a list, or the unknown list itself, so that everything read from it is unknown.
   */
  listOrUnknown(): readonly Value[] {
    return this.isUnknown ? [this] : this.list();
  }

  get isList(): boolean {
    return Array.isArray(this.raw);
  }

  /** Whether it is a known object. */
  get isMap(): boolean {
    return this.isKnown && typeof this.raw === "object" && !this.isList;
  }

  get isEmptyList(): boolean {
    return Array.isArray(this.raw) && this.raw.length === 0;
  }

  /** Keys and values of an object; none unless it is a known object. */
  entries(): readonly (readonly [string, Value])[] {
    this.pairs ??= (this.isKnown ? keysOf(this.raw) : []).map(
      (key) => [key, this.get(key)] as const,
    );
    return this.pairs;
  }

  /** The string, if it is a known string. */
  get string(): string | undefined {
    return typeof this.raw === "string" && this.isKnown ? this.raw : undefined;
  }

  get number(): number | undefined {
    return typeof this.raw === "number" ? this.raw : undefined;
  }

  get boolean(): boolean | undefined {
    return typeof this.raw === "boolean" ? this.raw : undefined;
  }

  /** The unknowns inside it, at any depth; itself, if it is unknown. */
  unknowns(): readonly Value[] {
    if (this.isUnknown) return [this];
    const inner = [...this.list(), ...this.entries().map(([, value]) => value)];
    return inner.flatMap((value) => value.unknowns());
  }

  /** Its string, number or boolean. */
  get scalar(): string | number | boolean | undefined {
    return this.string ?? this.number ?? this.boolean;
  }

  /** Whether the program marked it, or something around it, as secret. */
  get isSecret(): boolean {
    return this.marks.isSecret(this.origin, this.keys);
  }

  /** For messages: `missing`, `unknown`, `secret` or the value as JSON. Never shows a secret. */
  show(): string {
    if (this.state !== "known") return this.state;
    if (this.marks.holdsSecret(this.origin, this.keys)) return "secret";
    const text = json(this.raw, this.marks);
    return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
  }
}

function json(raw: unknown, { isUnknown }: Marks): string {
  try {
    return JSON.stringify(raw, (_, inner: unknown) => (isUnknown(inner) ? "unknown" : inner));
  } catch {
    return typeof raw;
  }
}

/** `spec.containers[0].image`; see `Value.path`. */
export function pathOf(keys: readonly Key[]): string {
  return keys.map(segment).join("").replace(/^\./, "");
}

function keysOf(raw: unknown): readonly string[] {
  return typeof raw !== "object" || raw === null || Array.isArray(raw) ? [] : Object.keys(raw);
}

function own(raw: unknown, key: Key): unknown {
  if (typeof raw !== "object" || raw === null || !Object.hasOwn(raw, key)) return undefined;
  return Reflect.get(raw, key);
}

function segment(key: Key): string {
  if (typeof key === "number") return `[${String(key)}]`;
  return /^[A-Za-z_][\w-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
