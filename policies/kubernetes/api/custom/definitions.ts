/** The custom kinds whose schema is known: from definitions of the stack, and from those given beside it. */
import type { Stack } from "../../../policy";
import type { Value } from "../../../values";
import { isMap, type Schema } from "./schema";

/** `example.com/v1 Widget` → its schema. */
export type Definitions = ReadonlyMap<string, Schema>;

const CRD = "kubernetes:apiextensions.k8s.io:CustomResourceDefinition";

/** @param given the definitions that are not in the stack, as they are in a manifest */
export function definitionsOf(stack: Stack, given: readonly object[]): Definitions {
  const own = stack.of(CRD).map(({ props }) => plainOf(props));
  return new Map([...given, ...own].flatMap(schemasIn));
}

/** Whether an object defines a custom kind. */
export const isDefinition = (object: object): boolean => schemasIn(object).length > 0;

function schemasIn(definition: unknown): readonly (readonly [string, Schema])[] {
  if (!isMap(definition) || definition["kind"] !== "CustomResourceDefinition") return [];
  const { spec } = definition;
  if (!isMap(spec) || !isMap(spec["names"]) || !Array.isArray(spec["versions"])) return [];
  const { group, names } = spec;
  return (spec["versions"] as readonly unknown[]).flatMap((version) => {
    if (!isMap(version) || !isMap(version["schema"])) return [];
    const schema = version["schema"]["openAPIV3Schema"];
    if (!isMap(schema)) return [];
    const key = `${String(group)}/${String(version["name"])} ${String(names["kind"])}`;
    return [[key, schema] as const];
  });
}

/** A known value as JSON; undefined for what is missing or unknown. */
export function plainOf(value: Value): unknown {
  if (!value.isKnown) return undefined;
  if (value.isList) return value.list().map(plainOf);
  if (!value.isMap) return value.scalar;
  return Object.fromEntries(value.entries().map(([key, child]) => [key, plainOf(child)]));
}
