/** One object that names another, and the question whether the other is there. */
import type { Configuration, CheckContext, Stack, StackResource } from "../../policy";
import { finding } from "../../policy";
import { namespaceOf } from "../objects";
import { Inventory, type Verdict } from "./inventory";
import type { Value } from "../../values";

export interface Reference {
  readonly from: StackResource;
  /** The name that is referred to. */
  readonly value: Value;
  /** Type key of what is referred to. */
  readonly to: string;
  /** For messages: `container "api"`. */
  readonly part?: string;
  /**
   * Where the other lies, or where what lies in no namespace is needed; the namespace of `from` where
   * this is left out or missing.
   */
  readonly namespace?: Value;
  /** Whether the other lies in no namespace. */
  readonly isClusterWide?: boolean;
  /** The key of a Secret or a ConfigMap that must be there. */
  readonly key?: Value;
}

/** For policies about what other programs may have put into a namespace. */
export const FOREIGN: Configuration = {
  properties: {
    foreign: {
      type: "boolean",
      default: false,
      description:
        "Whether to check namespaces that the stack does not create, where others may have created the missing object",
    },
  },
};

const kindOf = (type: string): string => type.slice(type.lastIndexOf(":") + 1);

/** The namespace in which the other lies or is needed; undefined while it is unknown. */
function placeOf({ from, namespace }: Reference): string | undefined {
  if (namespace === undefined || namespace.isMissing) return namespaceOf(from);
  return namespace.string;
}

/** What is known of the other; undefined where that was said, or cannot be said yet. */
export function look(
  reference: Reference,
  inventory: Inventory,
  context: CheckContext,
): (Verdict & { readonly namespace: string; readonly name: string }) | undefined {
  const { from, value, to, isClusterWide = false } = reference;
  if (context.noteUnknown(value, from.urn)) return undefined;
  const namespace = placeOf(reference);
  if (namespace === undefined) {
    context.noteUnknown(reference.namespace ?? from.props.get("metadata", "namespace"), from.urn);
    return undefined;
  }
  const name = value.string;
  if (name === undefined || name === "") return undefined;
  // What lies in no namespace is found where `namespaceOf` sees it.
  const verdict = inventory.find(from, to, isClusterWide ? "default" : namespace, name);
  if (verdict.found === "hidden" && verdict.because !== undefined) {
    context.noteUnknown(verdict.because.value, verdict.because.resource.urn);
  }
  return { ...verdict, namespace, name };
}

export function reportMissing(
  reference: Reference,
  namespace: string,
  context: CheckContext,
): void {
  const { from, value, to, part, isClusterWide = false } = reference;
  const place = isClusterWide ? "the cluster" : `namespace ${JSON.stringify(namespace)}`;
  const expected = `${place} has no such ${kindOf(to)}: correct the name, or create it`;
  context.report(finding(from, value, expected, part), from.urn);
}

/** Whether what is not seen in a namespace is missing: others may fill one that the stack does not make. */
export function isEvaluated(
  from: StackResource,
  namespace: string,
  inventory: Inventory,
  context: CheckContext,
): boolean {
  return context.setting("foreign", false) || inventory.owns(from, namespace);
}

/** Evaluates only what lies in, or is needed by, namespaces that the stack makes (see `FOREIGN`). */
export function resolve(
  stack: Stack,
  context: CheckContext,
  references: readonly Reference[],
  isBuiltIn: (name: string, to: string) => boolean = () => false,
): void {
  const inventory = new Inventory(stack);
  for (const reference of references) {
    const seen = look(reference, inventory, context);
    if (seen === undefined || isBuiltIn(seen.name, reference.to)) continue;
    if (seen.found === "no" && isEvaluated(reference.from, seen.namespace, inventory, context)) {
      reportMissing(reference, seen.namespace, context);
    }
    if (seen.found === "yes" && seen.resource !== undefined)
      keyIsThere(reference, seen.resource, context);
  }
}

function keyIsThere(
  { from, key, part }: Reference,
  holder: StackResource,
  context: CheckContext,
): void {
  if (key === undefined || context.noteUnknown(key, from.urn) || key.string === undefined) return;
  const fields = ["data", "stringData", "binaryData"].map((field) => holder.props.get(field));
  // Nothing of its own: a token, or what a controller fills in.
  if (fields.every(({ isMissing }) => isMissing)) return;
  if (fields.some((field) => context.noteUnknown(field, holder.urn))) return;
  const name = key.string;
  if (fields.some((field) => !field.get(name).isMissing)) return;
  const known = fields.flatMap((field) =>
    field.entries().map(([written]) => JSON.stringify(written)),
  );
  const kind = kindOf(holder.type);
  const expected = `the ${kind} has ${known.length === 0 ? "no keys" : `only ${known.join(", ")}`}: use one of them, or add it there`;
  context.report(finding(from, key, expected, part), from.urn);
}
