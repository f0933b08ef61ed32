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

  it("keeps the inputs where there are no outputs, and changes nothing where they agree", () => {
    expect(union(full, {})).toEqual(full);
    expect(union(full, full)).toEqual(full);
  });

  it("adds nothing that was not written, at any depth: it is the server's default", () => {
    expect(
      union({ spec: { paused: false } }, { spec: { paused: false, replicas: 1 }, status: {} }),
    ).toEqual({ spec: { paused: false } });
    expect(union({ name: null }, { name: "orders" })).toEqual({ name: null });
    expect(union({}, { id: "7f", token: secret("t") })).toEqual({});
  });

  it("takes the output of what was unknown", () => {
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

  it("takes lists whole, since outputs may be in another order", () => {
    expect(
      union({ rules: [{ value: UNKNOWN }] }, { rules: [{ value: "a" }, { value: "b" }] }),
    ).toEqual({ rules: [{ value: UNKNOWN }] });
    expect(union({ rules: UNKNOWN }, { rules: ["a"] })).toEqual({ rules: ["a"] });
  });

  it("keeps the marks of secrets of both sides", () => {
    expect(
      union({ a: secret("x"), b: "y", c: secret(UNKNOWN) }, { a: "x", b: secret("y"), c: "z" }),
    ).toEqual({ a: secret("x"), b: secret("y"), c: secret("z") });
    expect(union({ data: secret({ key: UNKNOWN }) }, { data: { key: "x", uid: "u" } })).toEqual({
      data: secret({ key: "x" }),
    });
  });

  it("takes an asset whole", () => {
    const asset = {
      "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
      text: "a",
    };
    expect(union({ source: asset }, { source: { ...asset, hash: "1" } })).toEqual({
      source: asset,
    });
  });

  it("takes no key for another's because objects have it from the start", () => {
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

  it("gives a stack's resources their inputs back, and leaves others as they are", () => {
    const registrations = new Registrations();
    registrations.note(seen("a", { size: 3 }));
    expect(evaluated(registrations, { a: {}, read: { size: 9 } })).toEqual([
      ["a", { size: 3 }],
      ["read", { size: 9 }],
    ]);
  });

  it("completes them by the outputs, where the engine has any", () => {
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

  it("takes the newest registration, and invents no resource", () => {
    const registrations = new Registrations();
    registrations.note(seen("a", { size: 3, colour: "green" }));
    registrations.note(seen("gone", { size: 5 }));
    registrations.note(seen("a", { size: 4 }));
    expect(evaluated(registrations, { a: {} })).toEqual([["a", { size: 4 }]]);
  });

  it("remembers nothing beyond the analysis of the stack", () => {
    const registrations = new Registrations();
    registrations.note(seen("a", { size: 3 }));
    evaluated(registrations, { a: {} });
    expect(evaluated(registrations, { a: { size: 8 } })).toEqual([["a", { size: 8 }]]);
  });

  it("does not change what the resource policies were shown", () => {
    const registrations = new Registrations();
    const request = seen("a", { spec: { id: UNKNOWN } });
    registrations.note(request);
    expect(evaluated(registrations, { a: { spec: { id: "7f" } } })).toEqual([
      ["a", { spec: { id: "7f" } }],
    ]);
    expect(request.getProperties()?.toJavaScript()).toEqual({ spec: { id: UNKNOWN } });
  });
});
