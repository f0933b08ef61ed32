/** The namespace in which an object creates others. */
import { ANY } from "../objects";
import { typeKey, type StackResource } from "../../policy";
import type { Value } from "../../values";
import { isChart } from "./charts";
import { OPEN, SPREAD } from "./kinds";
import { madeBy } from "./makers";

/** Where a resource sets its namespace, or the one that it installs into: charts have a property for that. */
export function placeAt(resource: StackResource): Value {
  const { props } = resource;
  const target = OPEN[typeKey(resource.type)];
  if (isChart(resource)) return props.get("namespace");
  const own = props.get("metadata", "namespace");
  if (target === undefined) return own;
  const elsewhere = props.get(...target);
  return elsewhere.isMissing ? own : elsewhere;
}

/** Whether no namespace is set for all that it deploys; `{{…}}` is filled in by a generator. */
function isSpread({ type, props }: StackResource): boolean {
  const target = props.get(...(OPEN[typeKey(type)] ?? []));
  return target.isMissing || target.string === "" || target.string?.includes("{{") === true;
}

/** The namespace in which an object creates others; `ANY` while unknown. */
export function placeOf(resource: StackResource): string {
  const place = placeAt(resource);
  const type = typeKey(resource.type);
  if (place.isUnknown || (SPREAD.has(type) && isSpread(resource))) return ANY;
  if (place.string !== undefined || isChart(resource)) return place.string ?? "default";
  // An unknown kind without a namespace may be cluster-scoped.
  return madeBy(resource) === undefined ? ANY : "default";
}
