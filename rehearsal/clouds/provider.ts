/**
 * A provider of any package for the real engine, which creates whatever it is asked for and answers as
 * `test/update` does: no cloud and no cluster is asked. It keeps nothing: the engine's state has everything.
 */
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { unary } from "../../offline/grpc";
import { nameOf, typeOf } from "../../offline/urn";
import {
  fromStruct,
  isObject,
  mapObject,
  signatureOf,
  toStruct,
  type Wire,
  type WireObject,
} from "../../offline/wire";
import { replaces } from "../../reports/replacements";
import { create } from "./outputs";
import { ANSWERS } from "./answers";
import { COMMON, serve, toEngine } from "../engine/serve";

/** RDS' own words. */
const CANNOT_DELETE =
  "InvalidParameterCombination: Cannot delete protected DB Instance, please disable deletion protection and try again.";

const checked = unary((request: proto.CheckRequest) =>
  new proto.CheckResponse().setInputs(request.getNews()),
);

function created(urn: string, inputs: Struct | undefined, read = "") {
  return create({
    ...{ urn, type: typeOf(urn), name: nameOf(urn), inputs: fromStruct(inputs) },
    external: read !== "",
    options: { importId: read },
  });
}

/**
 * What changes, and what of it replaces the resource: as `reports/replacements` has it. An object of Kubernetes keeps its
 * name, so the old one goes first.
 */
function changes(request: proto.DiffRequest): proto.DiffResponse {
  const [before, after] = [request.getOldInputs(), request.getNews()].map(fromStruct);
  const type = typeOf(request.getUrn());
  const found = leaves([], before, after);
  const forced = found.filter(({ keys, from, to }) => replaces(type, keys.join("."), from, to));
  const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
  const response = new proto.DiffResponse()
    .setChanges(found.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList([...new Set(found.map(({ keys }) => keys[0] ?? ""))])
    .setReplacesList([...new Set(forced.map(({ keys }) => keys[0] ?? ""))])
    .setDeletebeforereplace(type.startsWith("kubernetes:"))
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

/** Amazon refuses the deletion of a protected instance, and the provider asks only for what the state says. */
function deleted(request: proto.DeleteRequest): Empty {
  const { deletionProtection } = fromStruct(request.getProperties());
  if (typeOf(request.getUrn()) === "aws:rds/instance:Instance" && deletionProtection === true) {
    throw new Error(CANNOT_DELETE);
  }
  return new Empty();
}

function answered(request: proto.InvokeRequest): proto.InvokeResponse {
  const answer = ANSWERS[request.getTok()];
  if (answer === undefined) throw new Error(`${request.getTok()} must not be asked here`);
  const result = answer(fromStruct(request.getArgs()));
  return new proto.InvokeResponse().setReturn(toStruct(mapObject(result, (value) => value)));
}

serve(
  ResourceProviderService,
  {
    ...COMMON,
    getSchema: unary(() => new proto.GetSchemaResponse().setSchema("{}")),
    checkConfig: checked,
    check: checked,
    diffConfig: unary(changes),
    diff: unary(changes),
    configure: unary(() =>
      new proto.ConfigureResponse().setAcceptsecrets(true).setAcceptresources(true),
    ),
    invoke: unary(answered),
    create: unary((request: proto.CreateRequest) => {
      const { id, outputs } = created(request.getUrn(), request.getProperties());
      return new proto.CreateResponse().setId(id).setProperties(toStruct(outputs));
    }),
    read: unary((request: proto.ReadRequest) => {
      const { outputs } = created(request.getUrn(), request.getProperties(), request.getId());
      return new proto.ReadResponse().setId(request.getId()).setProperties(toStruct(outputs));
    }),
    update: unary((request: proto.UpdateRequest) => {
      const { outputs } = created(request.getUrn(), request.getNews());
      return new proto.UpdateResponse().setProperties(toStruct(outputs));
    }),
    delete: unary(deleted),
  },
  toEngine,
);
