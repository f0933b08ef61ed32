/**
 * The types of the built-in Kubernetes API, from `lib/kubernetes-types.ts`, which `npm run -s schemas` makes of the
 * official OpenAPI document.
 *
 * A type is written as `string`, `boolean`, `number`, `int32`, `int64`, `double`; as a text with rules of its own: `byte`
 * (base64), `time`, `micro-time`, `quantity`, `int-or-string`; as `any`; as `=A|B`, one of these texts; as
 * `[]T`, a list, and `{}T`, a map with strings as keys; or as the name of an object: `core.v1.Pod`. A field that ends
 * in `!` is required by the document.
 */
import { KUBERNETES_TYPES } from "../../../lib/kubernetes-types";

interface Data {
  readonly version: string;
  /** `apps/v1 Deployment` → the name of its type. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The fields of an object. */
export interface Fields {
  /** By name, with its type. */
  readonly types: ReadonlyMap<string, string>;
  readonly required: readonly string[];
}

let data: Data | undefined;
const known = new Map<string, Fields | undefined>();

/** Read when it is first needed. */
const load = (): Data => (data ??= JSON.parse(KUBERNETES_TYPES) as Data);

/** The Kubernetes version whose API this is. */
export const schemaVersion = (): string => load().version;

/** The type of a kind; undefined if the API does not have the kind in this version. */
export function typeOfKind(apiVersion: string, kind: string): string | undefined {
  const { kinds } = load();
  const key = `${apiVersion} ${kind}`;
  return Object.hasOwn(kinds, key) ? kinds[key] : undefined;
}

/** `apps/v1 Deployment` and so on. */
export const allKinds = (): readonly string[] => Object.keys(load().kinds);

/** The fields of an object type; undefined if it is another type. */
export function fieldsOf(type: string): Fields | undefined {
  if (known.has(type)) return known.get(type);
  const { types } = load();
  const written = Object.hasOwn(types, type) ? types[type] : undefined;
  const fields = written === undefined ? undefined : fieldsFrom(written);
  known.set(type, fields);
  return fields;
}

function fieldsFrom(written: Readonly<Record<string, string>>): Fields {
  const entries = Object.entries(written);
  const nameOf = (key: string): string => key.replace(/!$/, "");
  return {
    types: new Map(entries.map(([key, type]) => [nameOf(key), type])),
    required: entries.flatMap(([key]) => (key.endsWith("!") ? [nameOf(key)] : [])),
  };
}
