/**
 * A provider of any package for the real engine. In a rehearsal it passes on to the world what it is asked for; without
 * one it creates whatever it is asked for, as `test/update` does, and keeps nothing: the engine's state has everything.
 */
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { unary } from "../../offline/grpc";
import { nameOf, typeOf } from "../../offline/urn";
import { fromStruct, mapObject, toStruct, type Wire, type WireObject } from "../../offline/wire";
import { COMMON, serve, toEngine } from "../engine/serve";
import { ANSWERS } from "./answers";
import { text, type Place } from "./cloud";
import { changes } from "./diff";
import { ask, hasWorld, type Asks } from "./door";
import { generated } from "./generated";
import { create } from "./outputs";
import { textsAt } from "./thing";
import type { Answer, Call } from "./world";

/** Packages whose resources a world keeps. */
const KEPT = /^(aws|digitalocean|gcp):/u;

let place: Place = { region: "", account: "" };

function configured(request: proto.ConfigureRequest): proto.ConfigureResponse {
  const { region, project, allowedAccountIds } = fromStruct(request.getArgs());
  const account = text(project) ?? textsAt(listIn(allowedAccountIds), "")[0] ?? ACCOUNT;
  place = { region: text(region) ?? "", account };
  return new proto.ConfigureResponse().setAcceptsecrets(true).setAcceptresources(true);
}

/** Of a provider that works with whatever credentials it finds. */
const ACCOUNT = "123456789012";

/** Lists in a provider's configuration are JSON. */
const listIn = (value: Wire | undefined): Wire | undefined =>
  typeof value === "string" ? (JSON.parse(value) as Wire) : value;

const isKept = (urn: string): boolean => hasWorld() && KEPT.test(typeOf(urn));

interface Asked {
  readonly urn: string;
  readonly inputs: Struct | undefined;
  readonly id?: string;
}

function answer(asks: Asks, { urn, inputs, id = "" }: Asked): Promise<Answer> {
  const call: Call = { urn, place, id, inputs: fromStruct(inputs) };
  return ask(asks, call);
}

/** Without a world. `read` is the id of what the program only reads. */
function echo({ urn, inputs, id }: Asked, read = false): { id: string; outputs: WireObject } {
  const type = typeOf(urn);
  const given = { urn, type, name: nameOf(urn), inputs: fromStruct(inputs) };
  return (
    generated(given) ??
    create({ ...given, external: read, options: { importId: (read && id) || "" } })
  );
}

async function created(request: proto.CreateRequest): Promise<proto.CreateResponse> {
  const asked = { urn: request.getUrn(), inputs: request.getProperties() };
  const { id, outputs } = isKept(asked.urn) ? await answer("create", asked) : echo(asked);
  return new proto.CreateResponse().setId(id).setProperties(toStruct(outputs));
}

async function read(request: proto.ReadRequest): Promise<proto.ReadResponse> {
  const asked = { urn: request.getUrn(), inputs: request.getInputs(), id: request.getId() };
  if (isKept(asked.urn)) {
    const { id, inputs, outputs } = await answer("read", asked);
    const response = new proto.ReadResponse().setId(id);
    return id === ""
      ? response
      : response.setProperties(toStruct(outputs)).setInputs(toStruct(inputs));
  }
  const response = new proto.ReadResponse().setId(asked.id);
  // At a refresh the engine says what it knows, and that is still so.
  const known = request.getInputs()?.getFieldsMap().getLength() ?? 0;
  if (known > 0) {
    return response.setProperties(request.getProperties()).setInputs(request.getInputs());
  }
  const { outputs } = echo({ ...asked, inputs: request.getProperties() }, true);
  return response.setProperties(toStruct(outputs));
}

async function updated(request: proto.UpdateRequest): Promise<proto.UpdateResponse> {
  const asked = { urn: request.getUrn(), inputs: request.getNews(), id: request.getId() };
  const { outputs } = isKept(asked.urn) ? await answer("update", asked) : echo(asked);
  return new proto.UpdateResponse().setProperties(toStruct(outputs));
}

async function deleted(request: proto.DeleteRequest): Promise<Empty> {
  const asked = { urn: request.getUrn(), inputs: request.getOldInputs(), id: request.getId() };
  if (isKept(asked.urn)) await answer("delete", asked);
  return new Empty();
}

async function invoked(request: proto.InvokeRequest): Promise<proto.InvokeResponse> {
  const token = request.getTok();
  const invoke = ANSWERS[token];
  if (invoke === undefined) throw new Error(`${token} must not be asked here`);
  const args = fromStruct(request.getArgs());
  const { clusterId } = args;
  if (hasWorld() && typeof clusterId === "string" && !(await ask<boolean>("holds", clusterId))) {
    throw new Error(`GET ${token} ${clusterId}: 404 cluster not found`);
  }
  const result = invoke(args);
  return new proto.InvokeResponse().setReturn(toStruct(mapObject(result, (value) => value)));
}

const checked = unary((request: proto.CheckRequest) =>
  new proto.CheckResponse().setInputs(request.getNews()),
);

serve(
  ResourceProviderService,
  {
    ...COMMON,
    getSchema: unary(() => new proto.GetSchemaResponse().setSchema("{}")),
    checkConfig: checked,
    check: checked,
    diffConfig: unary(changes),
    diff: unary(changes),
    configure: unary(configured),
    invoke: unary(invoked),
    create: unary(created),
    read: unary(read),
    update: unary(updated),
    delete: unary(deleted),
  },
  toEngine,
);
