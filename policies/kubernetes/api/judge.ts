/** Everything that the API server refuses in one object; found once, and reported by several policies. */
import type { Resource } from "../../policy";
import type { Value } from "../../values";
import { tokenOf } from "../tokens";
import { Faults, type Fault } from "./fault";
import { typeOfKind } from "./schemas";
import { walk } from "./walk";

export interface Judged {
  readonly faults: readonly Fault[];
  /** Values that decide something, and are unknown. */
  readonly unknown: readonly Value[];
}

const NOTHING: Judged = { faults: [], unknown: [] };
/** By the properties, which all policies of an object share. */
const known = new WeakMap<Value, Judged>();

export function judge(resource: Resource): Judged {
  const found = known.get(resource.props) ?? judgeNew(resource);
  known.set(resource.props, found);
  return found;
}

function judgeNew({ type, props }: Resource): Judged {
  const token = tokenOf(type);
  // A resource that is only read has no inputs.
  if (token === undefined || props.entries().length === 0) return NOTHING;
  const { group, apiVersion, kind } = token;
  // In a manifest Patch is no kind, and a name that ends so is what it says.
  const isPatch = type.endsWith(`:${kind}Patch`);
  const schema = typeOfKind(apiVersion, kind);
  const faults = new Faults();
  if (schema !== undefined) walk(props, schema, [], { faults, isWhole: !isPatch });
  else if (!group.includes(".")) return NOTHING;
  else {
    // The metadata is the same in every kind.
    const around = [{ value: props, type: "" }];
    walk(props.get("metadata"), "meta.v1.ObjectMeta", around, { faults, isWhole: !isPatch });
  }
  return { faults: once(faults.all), unknown: faults.unknown };
}

/** One fault a value: the first, and none inside a value of a wrong type or an unknown field. */
function once(all: readonly Fault[]): readonly Fault[] {
  const structural = all.filter(
    ({ aspect }) => aspect === "field-type" || aspect === "field-known",
  );
  const broken = new Set(structural.map(({ value }) => value.path));
  const seen = new Set<string>();
  return [...structural, ...all.filter((fault) => !structural.includes(fault))].filter(
    ({ aspect, value }) => {
      const { path } = value;
      if (seen.has(path)) return false;
      seen.add(path);
      const isStructural = aspect === "field-type" || aspect === "field-known";
      return isStructural || !broken.has(path);
    },
  );
}
