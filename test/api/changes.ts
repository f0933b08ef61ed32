/** One change of an object at a time, for the comparison with a real API server. */
import type { Json } from "./client";
import type { Sample } from "./corpus";

type Path = readonly (string | number)[];

interface Change {
  readonly what: string;
  /** The new value; undefined to remove the field. */
  readonly to: unknown;
}

const isMap = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const TEXTS = [
  "",
  "Bad_Value!",
  "a b",
  "x".repeat(64),
  "-1",
  "1.2.3",
  "UPPER",
  "/abs/path",
  "../up",
];
const NUMBERS = [-1, 0, 1, 65536, 2 ** 31, 1.5, "7"];

function changesOf(value: unknown): readonly Change[] {
  const removed: Change = { what: "removed", to: undefined };
  if (typeof value === "string") {
    return [removed, ...[...TEXTS, 7, true, { a: 1 }, ["a"]].map(replaced)];
  }
  if (typeof value === "number") return [removed, ...[...NUMBERS, true, ["a"]].map(replaced)];
  if (typeof value === "boolean") return [removed, ...[!value, "true", 1].map(replaced)];
  if (Array.isArray(value)) {
    const all = value as readonly unknown[];
    return [
      removed,
      { what: "emptied", to: [] },
      { what: "doubled", to: [...all, ...all.slice(0, 1)] },
      ...["text", { a: 1 }].map(replaced),
    ];
  }
  if (!isMap(value)) return [];
  return [
    removed,
    { what: "emptied", to: {} },
    { what: "with unknownField", to: { ...value, unknownField: 1 } },
    ...["text", ["a"]].map(replaced),
  ];
}

const replaced = (to: unknown): Change => ({ what: `= ${JSON.stringify(to).slice(0, 20)}`, to });

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  const inner = Array.isArray(value)
    ? value.flatMap((child: unknown, index) => pathsIn(child, [...path, index]))
    : isMap(value)
      ? Object.entries(value).flatMap(([key, child]) => pathsIn(child, [...path, key]))
      : [];
  return path.length === 0 ? inner : [path, ...inner];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((node, key) => Reflect.get(node as object, key), value);
}

function changed(object: Json, path: Path, to: unknown): Json {
  const copy = structuredClone(object);
  const parent = at(copy, path.slice(0, -1)) as object;
  const last = path.at(-1) ?? "";
  if (to !== undefined) Reflect.set(parent, last, to);
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else Reflect.deleteProperty(parent, last);
  return copy;
}

const shape = (object: Json, path: Path, what: string): string =>
  [
    object["apiVersion"],
    object["kind"],
    path.map((key) => (typeof key === "number" ? "[]" : key)).join("."),
    what,
  ].join(" ");

/** Characters of JSON; larger objects are configuration in bulk, and a change of each line of it says little. */
const LARGEST = 60_000;

/**
 * Each change of each field, once for all objects of a kind. The names and the kind stay, and so do the schemas of
 * CustomResourceDefinitions.
 */
export function* changesIn(samples: readonly Sample[]): Generator<Sample> {
  const seen = new Set<string>();
  for (const { title, object } of samples) {
    if (JSON.stringify(object).length > LARGEST) continue;
    const paths = pathsIn(object).filter(
      (path) =>
        !["apiVersion", "kind", "status"].includes(String(path[0])) &&
        !path.slice(0, -1).includes("openAPIV3Schema") &&
        path.join(".") !== "metadata.namespace",
    );
    for (const path of paths) {
      for (const { what, to } of changesOf(at(object, path))) {
        const key = shape(object, path, what);
        if (seen.has(key)) continue;
        seen.add(key);
        yield { title: `${title} ${path.join(".")} ${what}`, object: changed(object, path, to) };
      }
    }
  }
}
