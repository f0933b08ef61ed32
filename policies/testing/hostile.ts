/**
 * For tests: properties that have every key a policy reads.
 *
 * Random objects rarely have the keys that a policy reads, so they mostly test that it copes with
 * missing values. Here each key is created when it is read, with a value of any shape, and stays.
 */
type Json = Record<string, unknown>;

const LIST_LENGTH = 3;
const DEPTH = 7;

/** A deterministic sequence of numbers below 1 for a seed (mulberry32). */
function randomly(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Hostile {
  /** An object that may have any key. */
  readonly object: () => Json;
  readonly pick: <Item>(items: readonly Item[]) => Item;
}

/** @param leaves leaf values, besides numbers and booleans */
export function hostile(seed: number, leaves: readonly unknown[]): Hostile {
  const random = randomly(seed);
  const pick = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random() * items.length)] as Item;
  const leaf = (): unknown =>
    pick([
      () => pick([0, 1, 2, 3, -1, 1.5, 90, 443, 1e308]),
      () => random() < 0.5,
      () => pick(leaves),
    ])();
  const objects = (depth: number): readonly Json[] =>
    Array.from({ length: LIST_LENGTH }, () => object(depth));
  const any = (depth: number, key = ""): unknown => {
    if (depth >= DEPTH) return leaf();
    // Most of what policies look for is behind these keys; half of the time it exists.
    if (random() < 0.5) {
      if (/[^s]s$/.test(key)) return objects(depth);
      if (/^(spec|metadata|template|jobTemplate)$|Context$|Config$|Settings$/.test(key))
        return object(depth);
    }
    return pick([
      () => undefined,
      leaf,
      leaf,
      () => object(depth),
      () => object(depth),
      () => Array.from({ length: Math.floor(random() * LIST_LENGTH) }, () => any(depth + 1)),
      () => objects(depth),
    ])();
  };
  const object = (depth: number): Json => {
    const target: Json = {};
    const seen = (key: string | symbol): void => {
      if (typeof key === "symbol" || key === "toJSON" || Object.hasOwn(target, key)) return;
      const value = any(depth + 1, key);
      if (value !== undefined) target[key] = value;
    };
    for (const key of ["name", String(pick(leaves))].slice(Math.floor(random() * 3))) seen(key);
    return new Proxy(target, {
      get: (own, key) => {
        seen(key);
        return Reflect.get(own, key) as unknown;
      },
      getOwnPropertyDescriptor: (own, key) => {
        seen(key);
        return Reflect.getOwnPropertyDescriptor(own, key);
      },
    });
  };
  return { object: () => object(0), pick };
}
