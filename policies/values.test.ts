import { createRequire } from "node:module";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { describe, expect, it } from "vitest";
import { UNKNOWN, UNKNOWN_OBJECT, secret } from "./testing";
import { Value } from "./values";
import { valueOf } from "./wire";

const load = createRequire(__filename);

/** Through the library's own decoder and proxy, as a check receives it. */
function received(props: Record<string, unknown>): Value {
  const { deserializeProperties } = load("@pulumi/policy/deserialize") as {
    deserializeProperties: (message: Struct, keepSecrets: boolean) => object;
  };
  const { unknownCheckingProxy } = load("@pulumi/policy/proxy") as {
    unknownCheckingProxy: (props: object) => object;
  };
  const message = Struct.fromJavaScript(props as Record<string, JavaScriptValue>);
  return valueOf(unknownCheckingProxy(deserializeProperties(message, false)));
}

describe("Value", () => {
  const props = received({
    name: "orders",
    replicas: 3,
    paused: false,
    nothing: null,
    id: UNKNOWN,
    spec: { ports: [8110, UNKNOWN], "app.kubernetes.io/name": "orders", inner: UNKNOWN_OBJECT },
    password: secret("hunter2"),
    nested: { list: [secret({ key: "abc" })] },
    token: secret(UNKNOWN),
  });

  it("distinguishes known, unknown and missing", () => {
    expect(props.get("name").state).toBe("known");
    expect(props.get("id").state).toBe("unknown");
    expect(props.get("token").state).toBe("unknown");
    expect(props.get("nothing").state).toBe("missing");
    expect(props.get("nobody").state).toBe("missing");
  });

  it("treats keys of an unknown as unknown, and of anything else as missing", () => {
    expect(props.get("spec", "inner", "deep", 0).state).toBe("unknown");
    expect(props.get("name", "length").state).toBe("missing");
    expect(props.get("spec", "ports", 7, "name").state).toBe("missing");
    expect(props.get("constructor").state).toBe("missing");
  });

  it("reads typed values only", () => {
    expect(props.get("name").string).toBe("orders");
    expect(props.get("id").string).toBeUndefined();
    expect(props.get("replicas").number).toBe(3);
    expect(props.get("replicas").string).toBeUndefined();
    expect(props.get("paused").boolean).toBe(false);
    expect(props.get("name").boolean).toBeUndefined();
  });

  it("lists elements and entries, including unknown ones", () => {
    expect(
      props
        .get("spec", "ports")
        .list()
        .map(({ state }) => state),
    ).toEqual(["known", "unknown"]);
    expect(props.get("id").list()).toEqual([]);
    expect(
      props
        .get("spec")
        .entries()
        .map(([key]) => key),
    ).toEqual(["app.kubernetes.io/name", "inner", "ports"]);
    expect(props.get("spec", "ports").entries()).toEqual([]);
  });

  it("finds unknowns inside it, or that hide its elements", () => {
    const own = received({ id: UNKNOWN, spec: { inner: UNKNOWN_OBJECT, ports: [8110, UNKNOWN] } });
    const paths = (values: readonly Value[]): readonly string[] => values.map(({ path }) => path);
    expect(paths(own.get("spec").unknowns())).toEqual(["spec.inner", "spec.ports[1]"]);
    expect(paths(own.get("id").unknowns())).toEqual(["id"]);
    expect(paths(own.get("id").listOrUnknown())).toEqual(["id"]);
    const ports = own.get("spec", "ports").listOrUnknown();
    expect(paths(ports)).toEqual(["spec.ports[0]", "spec.ports[1]"]);
  });

  it("writes paths as Kubernetes does", () => {
    expect(props.get("spec", "ports", 1).path).toBe("spec.ports[1]");
    expect(props.get("spec", "app.kubernetes.io/name").path).toBe('spec["app.kubernetes.io/name"]');
    expect(props.path).toBe("");
  });

  it("sees secret marks, also around a value", () => {
    expect(props.get("password").isSecret).toBe(true);
    expect(props.get("token").isSecret).toBe(true);
    expect(props.get("nested", "list", 0, "key").isSecret).toBe(true);
    expect(props.get("nested").isSecret).toBe(false);
    expect(props.get("name").isSecret).toBe(false);
  });

  it("shows a value, but never a secret or what contains one", () => {
    expect(props.get("spec").show()).toBe(
      '{"app.kubernetes.io/name":"orders","inner":"unknown","ports":[8110,"unknown"]}',
    );
    expect(props.get("id").show()).toBe("unknown");
    expect(props.get("nobody").show()).toBe("missing");
    expect(props.get("password").show()).toBe("secret");
    expect(props.get("nested").show()).toBe("secret");
    expect(
      received({ text: "x".repeat(200) })
        .get("text")
        .show(),
    ).toBe(`"${"x".repeat(79)}…`);
    const longest = received({ text: "x".repeat(78) }).get("text");
    expect(longest.show()).toBe(`"${"x".repeat(78)}"`);
  });

  it("treats every string of a plain object as a string", () => {
    const mark = secret("hunter2");
    const plain = Value.plain({ id: UNKNOWN, spec: { password: mark } });
    expect(plain.get("id").string).toBe(UNKNOWN);
    expect(plain.get("id").show()).toBe(JSON.stringify(UNKNOWN));
    expect(plain.get("spec", "password").isSecret).toBe(false);
    expect(plain.get("spec", "password").show()).toBe(`${JSON.stringify(mark).slice(0, 80)}…`);
  });

  it("reads an object that did not come through the library", () => {
    const plain = valueOf({ a: { b: 1 } });
    expect(plain.get("a", "b").number).toBe(1);
    expect(plain.get("a", "b").isSecret).toBe(false);
  });
});
