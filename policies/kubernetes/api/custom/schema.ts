/** The schema of a custom resource, as its definition writes it. */

/** Structural schemas: the form that the API server asks of a CustomResourceDefinition. */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-embedded-resource"?: boolean;
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-validations"?: readonly Validation[];
}

/** A rule in CEL, the Common Expression Language. */
export interface Validation {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  /** What a violation is shown at: `.spec.replicas`, `.labels['a.b']`. */
  readonly fieldPath?: string;
}

export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The schema of a property; a map's values all have the same. */
export function propertyOf(schema: Schema, key: string): Schema | undefined {
  const { properties = {}, additionalProperties } = schema;
  if (isMap(properties) && Object.hasOwn(properties, key)) return properties[key];
  return isMap(additionalProperties) ? additionalProperties : undefined;
}

/** Whether any field is kept, known or not. */
export const keepsAll = (schema: Schema): boolean =>
  schema["x-kubernetes-preserve-unknown-fields"] === true ||
  schema.additionalProperties === true ||
  isMap(schema.additionalProperties);

/** The value as the API server completes it before it validates. */
export function withDefaults(raw: unknown, schema: Schema): unknown {
  if (Array.isArray(raw)) return raw.map((one: unknown) => withDefaults(one, schema.items ?? {}));
  if (!isMap(raw)) return raw;
  const defaults = Object.entries(isMap(schema.properties) ? schema.properties : {}).flatMap(
    ([key, property]) => {
      const isNull = raw[key] === null && isMap(property) && property.nullable !== true;
      const isMissing = raw[key] === undefined || isNull;
      const hasDefault = isMap(property) && property.default !== undefined;
      return isMissing && hasDefault ? [[key, property.default] as const] : [];
    },
  );
  return Object.fromEntries(
    [...Object.entries(raw), ...defaults].map(([key, value]) => [
      key,
      withDefaults(value, propertyOf(schema, key) ?? {}),
    ]),
  );
}
