/**
 * Reduces the OpenAPI document of Kubernetes to what decides whether an object is accepted: fields, their
 * types, which are required, and enumerations. One type a line, so that an upgrade is a diff to read.
 */

/** A schema of the document, as far as it is used. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly "x-kubernetes-group-version-kind"?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

interface Document {
  readonly definitions: Readonly<Record<string, Schema>>;
}

/** Definitions that stand for a value with its own rules; the checks know these names. */
const SPECIAL: Readonly<Record<string, string>> = {
  "api.resource.Quantity": "quantity",
  "util.intstr.IntOrString": "int-or-string",
  "meta.v1.Time": "time",
  "meta.v1.MicroTime": "micro-time",
  "meta.v1.FieldsV1": "any",
  "runtime.RawExtension": "any",
  "apiextensions.v1.JSON": "any",
  "apiextensions.v1.JSONSchemaPropsOrArray": "schema-or-list",
  "apiextensions.v1.JSONSchemaPropsOrBool": "schema-or-bool",
  "apiextensions.v1.JSONSchemaPropsOrStringArray": "schema-or-strings",
};

/** `io.k8s.api.core.v1.Pod` → `core.v1.Pod`. */
const shortName = (name: string): string =>
  name.replace(/^io\.k8s\.(api\.|apimachinery\.pkg\.(apis\.)?|.*\.pkg\.apis\.)/, "");

/** The type that a `$ref` points to. */
function referenced(ref: string): string {
  const name = shortName(ref.replace("#/definitions/", ""));
  return SPECIAL[name] ?? name;
}

/** The grammar is described in `policies/kubernetes/api/schemas.ts`, which reads it. */
function typeText(schema: Schema, values?: readonly string[]): string {
  if (schema.$ref !== undefined) return referenced(schema.$ref);
  switch (schema.type) {
    case "array":
      return `[]${typeText(schema.items ?? {}, values)}`;
    case "object":
      return schema.additionalProperties === undefined
        ? "any"
        : `{}${typeText(schema.additionalProperties)}`;
    case "string":
      if (values !== undefined) return `=${values.join("|")}`;
      return schema.format === "byte" ? "byte" : "string";
    case "integer":
      return schema.format ?? "int64";
    case "number":
    case "boolean":
      return schema.type;
    default:
      return "any";
  }
}

/** By type and field, the values of an enumeration, from the Go source that the document is made from. */
function enumerations(source: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  let type = "";
  let field = "";
  for (const line of source.split("\n")) {
    const start = /^func schema_(?:k8sio_api_|pkg_apis_|apimachinery_pkg_apis_)(\w+)\(/.exec(line);
    if (start?.[1] !== undefined) type = start[1].replaceAll("_", ".");
    const property = /^\t{5}"(\w+)": \{$/.exec(line);
    if (property?.[1] !== undefined) field = property[1];
    const values = /^\t+Enum: +\[\]interface\{\}\{(.*)\},$/.exec(line)?.[1];
    if (values === undefined) continue;
    found.set(`${type} ${field}`, JSON.parse(`[${values}]`) as readonly string[]);
  }
  return found;
}

/** @throws if no enumeration is found. */
export function schemasText(version: string, document: unknown, source: string): string {
  const { definitions } = document as Document;
  const values = enumerations(source);
  const used = new Set<string>();
  const types = Object.entries(definitions).flatMap(([long, { properties = {}, required }]) => {
    const name = shortName(long);
    if (name in SPECIAL || isList(properties)) return [];
    const fields = Object.entries(properties).map(([field, schema]) => {
      used.add(`${name} ${field}`);
      const mark = required?.includes(field) === true ? "!" : "";
      return [field + mark, typeText(schema, values.get(`${name} ${field}`))];
    });
    return [[name, Object.fromEntries(fields)] as const];
  });
  // The source also has versions that are no longer served, and types that others embed.
  if (![...values.keys()].some((key) => used.has(key))) {
    throw new Error("The source has no enumerations: its form has changed.");
  }
  return text(version, kindsOf(definitions), types);
}

/** Lists are taken apart before anything is checked. */
const isList = (properties: Readonly<Record<string, Schema>>): boolean =>
  properties["metadata"]?.$ref?.endsWith(".ListMeta") === true && "items" in properties;

/** `apps/v1 Deployment` → its type; what is no object, such as options of a request, has no kind. */
function kindsOf(definitions: Document["definitions"]): readonly (readonly [string, string])[] {
  return Object.entries(definitions).flatMap(([name, schema]) => {
    const [one, ...others] = schema["x-kubernetes-group-version-kind"] ?? [];
    const { properties = {} } = schema;
    if (one === undefined || others.length > 0) return [];
    if (!("metadata" in properties) || isList(properties)) return [];
    const { group, version, kind } = one;
    return [[`${group === "" ? "" : `${group}/`}${version} ${kind}`, shortName(name)] as const];
  });
}

function text(
  version: string,
  kinds: readonly (readonly [string, string])[],
  types: readonly (readonly [string, object])[],
): string {
  const lines = (all: readonly (readonly [string, unknown])[]): string =>
    all
      .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
      .sort()
      .join(",\n");
  return `{"version":${JSON.stringify(version)},\n"kinds":{\n${lines(kinds)}},\n"types":{\n${lines(types)}}}\n`;
}
