/** What a change of inputs means: nothing, an update, or another resource. */
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { typeOf } from "../../offline/urn";
import { fromStruct, isObject, signatureOf, type Wire, type WireObject } from "../../offline/wire";
import { replaces } from "../../reports/replacements";
import { keepsName } from "./world";

/**
 * What changes, and what of it replaces the resource: as `reports/replacements` has it. An object of Kubernetes keeps its
 * name, so the old one goes first; so does a cloud's whose name is given.
 */
export function changes(request: proto.DiffRequest): proto.DiffResponse {
  const before = fromStruct(request.getOldInputs());
  const after = fromStruct(request.getNews());
  const type = typeOf(request.getUrn());
  const found = leaves([], before, after);
  const forced = found.filter(({ keys, from, to }) => replaces(type, keys.join("."), from, to));
  const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
  const response = new proto.DiffResponse()
    .setChanges(found.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList([...new Set(found.map(({ keys }) => keys[0] ?? ""))])
    .setReplacesList([...new Set(forced.map(({ keys }) => keys[0] ?? ""))])
    .setDeletebeforereplace(type.startsWith("kubernetes:") || keepsName(type, before, after))
    .setHasdetaileddiff(true);
  const { UPDATE, UPDATE_REPLACE } = proto.PropertyDiff.Kind;
  for (const leaf of found) {
    const kind = forced.includes(leaf) ? UPDATE_REPLACE : UPDATE;
    const difference = new proto.PropertyDiff().setKind(kind).setInputdiff(true);
    response.getDetaileddiffMap().set(pathOf(leaf.keys), difference);
  }
  return response;
}

interface Leaf {
  readonly keys: readonly string[];
  readonly from: Wire | undefined;
  readonly to: Wire | undefined;
}

/** Lists are compared as a whole. */
function leaves(
  keys: readonly string[],
  from: Wire | undefined,
  to: Wire | undefined,
): readonly Leaf[] {
  if (!isPlain(from) || !isPlain(to)) {
    return sorted(from ?? null) === sorted(to ?? null) ? [] : [{ keys, from, to }];
  }
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) =>
    leaves([...keys, key], from[key], to[key]),
  );
}

/** Not a secret, which is an object on the wire. */
const isPlain = (value: Wire | undefined): value is WireObject =>
  isObject(value) && signatureOf(value) === undefined;

/** As the engine reads it. */
const pathOf = (keys: readonly string[]): string =>
  keys
    .map((key) => (/^\w+$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`))
    .join("")
    .replace(/^\./u, "");

/** The same text for the same value, whatever the order of its keys. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
