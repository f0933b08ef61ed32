/** The message of a fault, without the content of a Secret. */
import type { Finding, Resource } from "../../policy";
import { finding, nameOf } from "../../policy";
import { tokenOf } from "../tokens";
import type { Fault } from "./fault";

/** What a Secret has beside its content. */
const SHOWN: ReadonlySet<unknown> = new Set([
  "apiVersion",
  "kind",
  "metadata",
  "type",
  "immutable",
]);

/** A misspelled or misplaced field of a Secret may be its content as well. */
export function findingOf(resource: Resource, { aspect, value, expected }: Fault): Finding {
  const isSecret = /^Secret(List)?$/.test(tokenOf(resource.type)?.kind ?? "");
  const isShown = aspect !== "field-known" && SHOWN.has(value.keys[0]);
  if (!isSecret || isShown || value.isMissing) return finding(resource, value, expected);
  return { message: `${nameOf(resource)}: ${value.path}: ${expected}.`, at: value.keys };
}
