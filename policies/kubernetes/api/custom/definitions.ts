/** The custom kinds whose schema is known: from definitions of the stack, and from those given beside it. */
import type { Stack } from "../../../policy";
import type { Value } from "../../../values";
import { isMap, type Schema } from "./schema";

export interface Definitions {
  /** `example.com/v1 Widget` → its schema. */
  readonly schemas: ReadonlyMap<string, Schema>;
  /** `example.com` → its kinds → the versions of each that are served. */
  readonly groups: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
}

const CRD = "kubernetes:apiextensions.k8s.io:CustomResourceDefinition";

/** @param given the definitions that are not in the stack, as they are in a manifest */
export function definitionsOf(stack: Stack, given: readonly object[]): Definitions {
  const own = stack.of(CRD).map(({ props }) => plainOf(props));
  const all = [...given, ...own].flatMap(versionsIn);
  const groups = new Map<string, Map<string, readonly string[]>>();
  for (const { group, kind, version, isServed } of all) {
    const kinds = groups.get(group) ?? new Map<string, readonly string[]>();
    const versions = kinds.get(kind) ?? [];
    kinds.set(kind, isServed && !versions.includes(version) ? [...versions, version] : versions);
    groups.set(group, kinds);
  }
  const schemas = all.flatMap(({ group, kind, version, isServed, schema }) =>
    isServed && schema !== undefined ? [[`${group}/${version} ${kind}`, schema] as const] : [],
  );
  return { schemas: new Map(schemas), groups };
}

/** Whether an object defines a custom kind. */
export const isDefinition = (object: object): boolean =>
  versionsIn(object).some(({ schema }) => schema !== undefined);

interface Version {
  readonly group: string;
  readonly kind: string;
  readonly version: string;
  readonly isServed: boolean;
  readonly schema: Schema | undefined;
}

function versionsIn(definition: unknown): readonly Version[] {
  if (!isMap(definition) || definition["kind"] !== "CustomResourceDefinition") return [];
  const { spec } = definition;
  if (!isMap(spec) || !isMap(spec["names"]) || !Array.isArray(spec["versions"])) return [];
  const { group, names } = spec;
  return (spec["versions"] as readonly unknown[]).flatMap((version) => {
    if (!isMap(version)) return [];
    const schema = isMap(version["schema"]) ? version["schema"]["openAPIV3Schema"] : undefined;
    return [
      {
        group: String(group),
        kind: String(names["kind"]),
        version: String(version["name"]),
        isServed: version["served"] !== false,
        schema: isMap(schema) ? schema : undefined,
      },
    ];
  });
}

/** A known value as JSON; undefined for what is missing or unknown, null for a field that is null. */
export function plainOf(value: Value): unknown {
  if (!value.isKnown) return undefined;
  if (value.isList) return value.list().map(plainOf);
  if (!value.isMap) return value.scalar;
  return Object.fromEntries(
    value.entries().map(([key, child]) => [key, child.isMissing ? null : plainOf(child)]),
  );
}
