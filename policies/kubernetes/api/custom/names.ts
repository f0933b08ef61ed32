/** The names of the fields in a schema, as rules in CEL write them. */
import { isMap, type Schema } from "./schema";

/** Words of the language, which fields of an object cannot have as names in it. */
const RESERVED: ReadonlySet<string> = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

/** How a field is called in a rule. */
export function fieldName(name: string): string {
  if (RESERVED.has(name)) return `__${name}__`;
  return name
    .replaceAll("__", "__underscores__")
    .replaceAll(".", "__dot__")
    .replaceAll("-", "__dash__")
    .replaceAll("/", "__slash__");
}

export interface Names {
  readonly fields: ReadonlySet<string>;
  /** Of lists that are equal in any order. */
  readonly sets: ReadonlySet<string>;
  /** Whether there are maps, whose keys may be anything. */
  readonly hasMaps: boolean;
}

/** Lists whose order says nothing. */
export const isUnordered = (schema: Schema): boolean =>
  ["set", "map"].includes(schema["x-kubernetes-list-type"] ?? "");

const known = new WeakMap<Schema, Names>();

/** Of a schema and everything inside. */
export function namesIn(schema: Schema): Names {
  const names = known.get(schema) ?? collected(schema);
  known.set(schema, names);
  return names;
}

function collected({ properties = {}, items, additionalProperties: values }: Schema): Names {
  const own = Object.entries(properties);
  const isOfMaps = isMap(values);
  const inside = [
    ...own.map(([, schema]) => namesIn(schema)),
    ...(items === undefined ? [] : [namesIn(items)]),
    ...(isOfMaps ? [namesIn(values)] : []),
  ];
  const sets = own.filter(([, schema]) => isUnordered(schema));
  return {
    fields: new Set([
      ...own.map(([name]) => fieldName(name)),
      ...inside.flatMap(({ fields }) => [...fields]),
    ]),
    sets: new Set([
      ...sets.map(([name]) => fieldName(name)),
      ...inside.flatMap((names) => [...names.sets]),
    ]),
    hasMaps: isOfMaps || inside.some(({ hasMaps }) => hasMaps),
  };
}
