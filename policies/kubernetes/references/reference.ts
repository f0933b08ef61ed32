/** A reference from one object to another, and whether the other exists. */
import type { Configuration, CheckContext, Stack, StackResource } from "../../policy";
import { finding, fullNameOf } from "../../policy";
import { namespaceOf } from "../objects";
import { type Verdict, type Inventory, inventoryOf } from "./inventory";
import type { Value } from "../../values";

export interface Reference {
  readonly from: StackResource;
  /** The referenced name. */
  readonly value: Value;
  /** Type key of the referenced object. */
  readonly to: string;
  /** For messages: `container "api"`. */
  readonly part?: string;
  /**
   * The namespace of the referenced object, or where a cluster-wide object is needed; defaults to
   * the namespace of `from`.
   */
  readonly namespace?: Value;
  /** Whether the referenced object is cluster-scoped. */
  readonly isClusterWide?: boolean;
  /** The required key of a Secret or a ConfigMap. */
  readonly key?: Value;
  /** The name and the namespace, where they are only a part of `value`. */
  readonly named?: string;
  readonly inNamespace?: string;
}

/** For policies on objects that other programs may have created in a namespace. */
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

/** The namespace of the referenced object; undefined while unknown. */
function placeOf({ from, namespace }: Reference): string | undefined {
  if (namespace === undefined || namespace.isMissing) return namespaceOf(from);
  return namespace.string;
}

/** What is known of the referenced object; undefined if that is unknown or reported elsewhere. */
function look(
  reference: Reference,
  inventory: Inventory,
  context: CheckContext,
): (Verdict & { readonly namespace: string; readonly name: string }) | undefined {
  const { from, value, to, isClusterWide = false } = reference;
  if (context.noteUnknown(value, from.urn)) return undefined;
  const namespace = reference.inNamespace ?? placeOf(reference);
  if (namespace === undefined) {
    context.noteUnknown(reference.namespace ?? from.props.get("metadata", "namespace"), from.urn);
    return undefined;
  }
  const name = reference.named ?? value.string;
  if (name === undefined || name === "") return undefined;
  // Cluster-scoped objects are indexed under the namespace that `namespaceOf` returns.
  const verdict = inventory.find(from, to, isClusterWide ? "default" : namespace, name);
  return { ...verdict, namespace, name };
}

/** What a policy asks of a reference besides that the object exists. */
interface Asked {
  /** Whether a missing object in that namespace is a violation. @default always */
  readonly isJudged?: (namespace: string) => boolean;
  /** Whether such an object exists anyway. @default never */
  readonly isBuiltIn?: (name: string, to: string) => boolean;
  /** What is wrong and what to do, instead of the usual words. */
  readonly expected?: string;
}

/**
 * Reports a reference to an object that does not exist, or leaves it open if something else may
 * create the object.
 * @returns the object, if it is in the input
 */
export function expectExists(
  reference: Reference,
  inventory: Inventory,
  context: CheckContext,
  { isJudged = () => true, isBuiltIn = () => false, expected }: Asked = {},
): StackResource | undefined {
  const { from, value, to, part, isClusterWide = false } = reference;
  const seen = look(reference, inventory, context);
  if (seen === undefined || isBuiltIn(seen.name, to)) return undefined;
  if (seen.found === "yes") return seen.resource;
  if (!isJudged(seen.namespace)) return undefined;
  const place = isClusterWide ? "the cluster" : `namespace ${JSON.stringify(seen.namespace)}`;
  const kind = kindOf(to);
  if (seen.found === "no") {
    const other = context.elsewhere?.(to, isClusterWide ? "" : seen.namespace, seen.name, {
      type: from.type,
      namespace: from.props.get("metadata", "namespace").string ?? "",
      name: from.props.get("metadata", "name").string ?? "",
    });
    if (other !== undefined) {
      const open = `${place} has no such ${kind} in this rendering; not judged, because ${other} has one and may be applied with it`;
      context.leaveUndecided(finding(from, value, open, part), from.urn);
      return undefined;
    }
    const usual = `${place} has no such ${kind}: correct the name, or create it`;
    context.report(finding(from, value, expected ?? usual, part), from.urn);
  } else if (seen.because !== undefined) {
    context.noteUnknown(seen.because, seen.cause.urn);
  } else {
    const open = `no ${kind} of that name is visible in ${place}; not judged, because ${fullNameOf(seen.cause)} may create it`;
    context.leaveOpen(finding(from, value, open, part), seen.cause, from.urn);
  }
  return undefined;
}

/**
 * Whether an object that is not visible in a namespace is missing: others may add to a namespace
 * that the stack does not create.
 */
export function isEvaluated(
  from: StackResource,
  namespace: string,
  inventory: Inventory,
  context: CheckContext,
): boolean {
  return context.setting("foreign", false) || inventory.owns(from, namespace);
}

/** Evaluates only references into, or from, namespaces that the stack creates (see `FOREIGN`). */
export function resolve(
  stack: Stack,
  context: CheckContext,
  references: readonly Reference[],
  isBuiltIn: (name: string, to: string) => boolean = () => false,
): void {
  const inventory = inventoryOf(stack);
  for (const reference of references) {
    const { from } = reference;
    const isJudged = (namespace: string): boolean =>
      isEvaluated(from, namespace, inventory, context);
    const found = expectExists(reference, inventory, context, { isJudged, isBuiltIn });
    if (found !== undefined) keyIsThere(reference, found, context);
  }
}

export function keyIsThere(
  { from, key, part }: Reference,
  holder: StackResource,
  context: CheckContext,
): void {
  if (key === undefined || context.noteUnknown(key, from.urn) || key.string === undefined) return;
  const fields = ["data", "stringData", "binaryData"].map((field) => holder.props.get(field));
  // Has no keys of its own: a token, or filled in by a controller.
  if (fields.every(({ isMissing }) => isMissing)) return;
  if (fields.some((field) => context.noteUnknown(field, holder.urn))) return;
  const name = key.string;
  if (fields.some((field) => !field.get(name).isMissing)) return;
  const known = fields.flatMap((field) =>
    field.entries().map(([written]) => JSON.stringify(written)),
  );
  const kind = kindOf(holder.type);
  const expected = `the ${kind} has ${known.length === 0 ? "no keys" : `only ${known.join(", ")}`}: use one of them, or add it there`;
  context.report({ ...finding(from, key, expected, part), isCertain: true }, from.urn);
}
