/** The names of what a known Helm chart installs. */
import { perResource } from "../../per-resource";
import { typeKey, type Resource } from "../../policy";
import type { Value } from "../../values";
import { chartOf, knowsPods, titleOf, words } from "./charts";
import { ACCOUNT, SECRET, SERVICE, type Made } from "./made";

/** Helm names have no hyphen at the end. */
const shortened = (name: string, length: number): string => name.slice(0, length).replace(/-$/, "");

const textOf = (value: Value): string | undefined =>
  value.string === "" ? undefined : value.string;

/** The name of the release; undefined while unknown. */
function releaseOf(resource: Resource): string | undefined {
  const name = resource.props.get("name");
  // A Release without a name gets one that ends in random letters.
  const isRelease = typeKey(resource.type) === "kubernetes:helm.sh:Release";
  return name.string ?? (isRelease || name.isUnknown ? undefined : resource.name);
}

/**
 * The template `fullname` that `helm create` writes into a chart; undefined while the release's name is unknown.
 * @param part a chart inside of the chart, whose values are below that key
 */
function fullNameOf(resource: Resource, part?: string): string | undefined {
  const all = resource.props.get("values");
  const values = part === undefined ? all : all.get(part);
  const [full, short] = [values.get("fullnameOverride"), values.get("nameOverride")];
  const length = (part === undefined ? chartOf(resource)?.longest : undefined) ?? 63;
  const given = textOf(full);
  if (given !== undefined) return shortened(given, length);
  const release = releaseOf(resource);
  if (release === undefined || [values, full, short].some(({ isUnknown }) => isUnknown))
    return undefined;
  const own = textOf(short) ?? part ?? titleOf(resource);
  return shortened(release.includes(own) ? release : `${release}-${own}`, length);
}

/** A word of charts-known.ts as a name; undefined while that is unknown. */
function nameOf(resource: Resource, word: string): string | undefined {
  const [pattern = "", part] = word.split("/").reverse();
  const full = pattern.includes("%") ? fullNameOf(resource, part) : "";
  return full === undefined ? undefined : pattern.replace("%", full);
}

function namesOf(resource: Resource, list: string | undefined): readonly string[] {
  return words(list).flatMap((word) => nameOf(resource, word) ?? []);
}

/** Where a chart's values name a Secret that must exist: what is below such a key is no name of its own. */
const EXISTING = /^existingSecret$|^secretKeyRef$/;

/** Whether values say that an account exists already. */
const isGiven = (account: Value): boolean => account.get("create").boolean === false;

/** The accounts of a chart's values that it does not create. */
export function givenAccounts(values: Value, key = "", depth = 0): readonly Value[] {
  if (depth > DEPTH) return [];
  if (/erviceAccount$/.test(key)) return isGiven(values) ? [values] : [];
  return values.entries().flatMap(([own, each]) => givenAccounts(each, own, depth + 1));
}

/** Texts of the values that may be names of what the chart creates, and unknown ones below a key such as `name`. */
function namesIn(value: Value, key = "", depth = 0): readonly Value[] {
  if (depth > DEPTH || EXISTING.test(key) || (/ccount$/.test(key) && isGiven(value))) return [];
  if (value.isUnknown) return /name$/i.test(key) ? [value] : [];
  if (value.string !== undefined) return NAME.test(value.string) ? [value] : [];
  const items = value.list().map((item) => [key, item] as const);
  return [...items, ...value.entries()].flatMap(([own, each]) => namesIn(each, own, depth + 1));
}

const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
/** Deeper nesting than any chart's values have. */
const DEPTH = 14;

/** Type key → its names in a chart that certainly exist, and those that may; undefined where not all are known. */
type Names = Readonly<
  Record<string, readonly [sure: string | undefined, other: string | undefined]>
>;

function listsOf(resource: Resource): Names {
  const chart = chartOf(resource);
  const isOwn = !isGiven(resource.props.get("values", "serviceAccount"));
  return {
    [SECRET]: [chart?.secrets, chart?.otherSecrets],
    [ACCOUNT]: [isOwn ? chart?.accounts : undefined, chart?.otherAccounts],
  };
}

/** Whether all objects of a kind that a chart creates are known. */
export function knowsAll(resource: Resource, type: string): boolean {
  const chart = chartOf(resource);
  if (chart === undefined || !knowsPods(resource)) return false;
  const lists = type === SERVICE ? [chart.services] : (listsOf(resource)[type] ?? [undefined]);
  const isListed = type === SERVICE ? chart.hasOthers !== true : lists[1] !== undefined;
  const all = lists.flatMap((list) => words(list));
  return isListed && all.every((word) => nameOf(resource, word) !== undefined);
}

/** The names of Services, Secrets and ServiceAccounts of a known chart; none for any other resource. */
export const madeByChart = perResource((resource): readonly Made[] => {
  const chart = chartOf(resource);
  if (chart === undefined) return [];
  const from = resource.props.get("name");
  const values = namesIn(resource.props.get("values"));
  const services = namesOf(resource, chart.services).map((name) => ({ type: SERVICE, name, from }));
  const others = Object.entries(listsOf(resource)).flatMap(([type, [sure, other]]) => [
    ...namesOf(resource, sure).map((name) => ({ type, name, from })),
    ...namesOf(resource, other).map((name) => ({ type, name, from, isPossible: true })),
    ...values.map((value) => ({ type, name: value.string, from: value, isPossible: true })),
  ]);
  return [...services, ...others];
});
