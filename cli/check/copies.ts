/** The same object several times, as in variants of an environment: said once, with the other places. */
import { many } from "../../lib/words";
import type { CheckFinding, Note } from "../../reports/check";
import { NO_PLACE, placeText } from "../../reports/findings";
import { fullName } from "../../policies/manifests/resource";
import { startOf, type Located } from "./located";

/** Beyond this number, a note only gives the count of the rest. */
const MOST_NOTES = 10;
/** Places that a message names. */
const MOST_PLACES = 3;

/**
 * One finding for each fault of an object: the first, which names the places of the others. What overlays put into
 * several namespaces has its fault at one place, where it is written.
 */
export function withoutCopies(findings: readonly CheckFinding[]): readonly CheckFinding[] {
  const written = grouped(findings, placedKeyOf).flatMap(([first]) => first ?? []);
  return grouped(written, keyOf).flatMap(([first, ...others]) =>
    first === undefined ? [] : [withPlaces(first, others)],
  );
}

type KeyOf = (finding: CheckFinding) => string;

/** Those with the same key, in order; one without a name is alone. */
function grouped(all: readonly CheckFinding[], by: KeyOf): readonly (readonly CheckFinding[])[] {
  const groups = new Map<string, CheckFinding[]>();
  for (const [index, finding] of all.entries()) {
    const key = finding.object.name === "" ? String(index) : by(finding);
    const same = groups.get(key);
    if (same === undefined) groups.set(key, [finding]);
    else same.push(finding);
  }
  return [...groups.values()];
}

const keyOf: KeyOf = ({ about, enforcement, object, path, message }) =>
  JSON.stringify([
    [about.name, enforcement, path, message],
    [object.apiVersion, object.kind, object.namespace, object.name],
  ]);

/** The same in every namespace, at its place. */
const placedKeyOf: KeyOf = ({ object, message, place, ...finding }) =>
  JSON.stringify([
    keyOf({
      ...finding,
      place,
      object: { ...object, namespace: "" },
      message: object.namespace === "" ? message : message.replaceAll(object.namespace, ""),
    }),
    placeText(place),
  ]);

function withPlaces(first: CheckFinding, others: readonly CheckFinding[]): CheckFinding {
  const own = placeText(first.place);
  const places = [...new Set(others.map(({ place }) => placeText(place)))].filter(
    (place) => place !== own,
  );
  if (places.length === 0) return first;
  const shown = places.slice(0, MOST_PLACES).join(", ");
  const rest = places.length - MOST_PLACES;
  const more = rest > 0 ? ` and ${rest} more` : "";
  const copies =
    places.length === 1
      ? "1 copy of the object says"
      : `${many(places.length, "copy", "copies")} of the object say`;
  return { ...first, message: `${first.message} ${copies} the same: ${shown}${more}.` };
}

/** Objects that appear more than once: the last one applied would win. */
export function duplicates(objects: readonly Located[]): readonly Note[] {
  const groups = new Map<string, Located[]>();
  for (const object of objects) {
    const { apiVersion, kind, name } = object;
    if (name === "" || name.endsWith("*")) continue;
    const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
    const key = JSON.stringify([group, kind, fullName(object)]);
    const same = groups.get(key);
    if (same === undefined) groups.set(key, [object]);
    else same.push(object);
  }
  const twice = [...groups.values()].filter(({ length }) => length > 1);
  const notes = twice.slice(0, MOST_NOTES).flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const places = others.slice(0, MOST_PLACES).map((other) => placeText(startOf(other)));
    const rest = others.length - places.length;
    const more = rest > 0 ? ` and ${rest} more` : "";
    const message = `${first.kind} ${fullName(first)} appears again in ${places.join(", ")}${more}`;
    return [{ ...startOf(first), message }];
  });
  const more = twice.length - notes.length;
  if (more === 0) return notes;
  return [...notes, { ...NO_PLACE, message: `${more} more objects appear more than once` }];
}
