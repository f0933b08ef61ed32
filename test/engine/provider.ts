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
import { fromStruct, mapObject, toStruct } from "../../offline/wire";
import { create } from "../update/cloud";
import { ANSWERS } from "../update/given";
import { COMMON, serve, toEngine } from "./serve";

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

/** A change of any input is an update in place: what a cloud replaces is not the matter here. */
function changes(request: proto.DiffRequest): proto.DiffResponse {
  const [before, after] = [request.getOldInputs(), request.getNews()].map(fromStruct);
  const keys = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const changed = [...keys].filter(
    (key) => sorted(before?.[key] ?? null) !== sorted(after?.[key] ?? null),
  );
  const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
  return new proto.DiffResponse()
    .setChanges(changed.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList(changed);
}

/** The same text for the same value, whatever the order of its keys. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

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
    delete: unary(() => new Empty()),
  },
  toEngine,
);
