import {
  AnalyzeRequest,
  AnalyzeStackRequest,
  AnalyzerResource,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { describe, expect, it } from "vitest";
import { Registrations, completed } from "./registrations";
import { UNKNOWN, UNKNOWN_OBJECT, secret } from "./testing";

type Json = Record<string, unknown>;

const struct = (json: Json): Struct =>
  Struct.fromJavaScript(json as Record<string, JavaScriptValue>);
const union = (inputs: Json, outputs: Json): Json =>
  completed(struct(inputs), struct(outputs)).toJavaScript();

describe("completed", () => {
  const full = {
    spec: { replicas: 3, ports: [8110, UNKNOWN] },
    password: secret("x"),
    id: UNKNOWN,
  };

  it("keeps the inputs without outputs, and changes nothing if they agree", () => {
    expect(union(full, {})).toEqual(full);
    expect(union(full, full)).toEqual(full);
  });

  it("adds nothing that was not set, at any depth: it is the server's default", () => {
    expect(
      union({ spec: { paused: false } }, { spec: { paused: false, replicas: 1 }, status: {} }),
    ).toEqual({ spec: { paused: false } });
    expect(union({ name: null }, { name: "orders" })).toEqual({ name: null });
    expect(union({}, { id: "7f", token: secret("t") })).toEqual({});
  });

  it("uses the output of an unknown input", () => {
    expect(union({ id: UNKNOWN, spec: UNKNOWN_OBJECT }, { id: "7f", spec: { size: 5 } })).toEqual({
      id: "7f",
      spec: { size: 5 },
    });
  });

  it("keeps an input that the output contradicts", () => {
    expect(union({ replicas: 3, labels: { a: "b" } }, { replicas: 4, labels: "none" })).toEqual({
      replicas: 3,
      labels: { a: "b" },
    });
  });

  it("learns nothing from an output that is unknown or null", () => {
    expect(union({ name: "orders" }, { name: UNKNOWN, id: UNKNOWN, zone: null })).toEqual({
      name: "orders",
    });
    expect(union({ name: UNKNOWN }, { name: null })).toEqual({ name: UNKNOWN });
  });

  it("replaces lists as a whole, because outputs may be in another order", () => {
    expect(
      union({ rules: [{ value: UNKNOWN }] }, { rules: [{ value: "a" }, { value: "b" }] }),
    ).toEqual({ rules: [{ value: UNKNOWN }] });
    expect(union({ rules: UNKNOWN }, { rules: ["a"] })).toEqual({ rules: ["a"] });
  });

  it("keeps the secret marks of both sides", () => {
    expect(
      union({ a: secret("x"), b: "y", c: secret(UNKNOWN) }, { a: "x", b: secret("y"), c: "z" }),
    ).toEqual({ a: secret("x"), b: secret("y"), c: secret("z") });
    expect(union({ data: secret({ key: UNKNOWN }) }, { data: { key: "x", uid: "u" } })).toEqual({
      data: secret({ key: "x" }),
    });
  });

  it("replaces an asset as a whole", () => {
    const asset = {
      "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
      text: "a",
    };
    expect(union({ source: asset }, { source: { ...asset, hash: "1" } })).toEqual({
      source: asset,
    });
  });

  it("is not confused by keys of Object.prototype", () => {
    expect(union({ constructor: UNKNOWN }, {})).toEqual({ constructor: UNKNOWN });
    expect(union({ constructor: UNKNOWN }, { constructor: { a: 1 } })).toEqual({
      constructor: { a: 1 },
    });
  });
});

describe("Registrations", () => {
  const seen = (urn: string, props: Json): AnalyzeRequest =>
    new AnalyzeRequest().setUrn(urn).setProperties(struct(props));
  const shown = (resources: Readonly<Record<string, Json>>): AnalyzeStackRequest =>
    new AnalyzeStackRequest().setResourcesList(
      Object.entries(resources).map(([urn, props]) =>
        new AnalyzerResource().setUrn(urn).setProperties(struct(props)),
      ),
    );
  const evaluated = (
    registrations: Registrations,
    resources: Readonly<Record<string, Json>>,
  ): unknown => {
    const request = shown(resources);
    registrations.complete(request);
    return request
      .getResourcesList()
      .map((each) => [each.getUrn(), each.getProperties()?.toJavaScript()]);
  };

  it("restores the inputs of a stack's resources, and leaves others unchanged", () => {
    const registrations = new Registrations();
    registrations.note(seen("a", { size: 3 }));
    expect(evaluated(registrations, { a: {}, read: { size: 9 } })).toEqual([
      ["a", { size: 3 }],
      ["read", { size: 9 }],
    ]);
  });

  it("completes them with outputs, if there are any", () => {
    const registrations = new Registrations();
    registrations.note(seen("a", { size: 3, subnet: UNKNOWN }));
    registrations.note(seen("b", { size: 5 }));
    const request = shown({ a: { id: "7f", subnet: "s-1" } });
    request.addResources(new AnalyzerResource().setUrn("b"));
    registrations.complete(request);
    expect(request.getResourcesList().map((each) => each.getProperties()?.toJavaScript())).toEqual([
      { size: 3, subnet: "s-1" },
      { size: 5 },
    ]);
  });

  it("uses the newest registration, and adds no resource", () => {
    const registrations = new Registrations();
    registrations.note(seen("a", { size: 3, colour: "green" }));
    registrations.note(seen("gone", { size: 5 }));
    registrations.note(seen("a", { size: 4 }));
    expect(evaluated(registrations, { a: {} })).toEqual([["a", { size: 4 }]]);
  });

  it("stores nothing beyond the analysis of the stack", () => {
    const registrations = new Registrations();
    registrations.note(seen("a", { size: 3 }));
    evaluated(registrations, { a: {} });
    expect(evaluated(registrations, { a: { size: 8 } })).toEqual([["a", { size: 8 }]]);
  });

  it("does not change what resource policies saw", () => {
    const registrations = new Registrations();
    const request = seen("a", { spec: { id: UNKNOWN } });
    registrations.note(request);
    expect(evaluated(registrations, { a: { spec: { id: "7f" } } })).toEqual([
      ["a", { spec: { id: "7f" } }],
    ]);
    expect(request.getProperties()?.toJavaScript()).toEqual({ spec: { id: UNKNOWN } });
  });
});
