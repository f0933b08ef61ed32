import { describe, expect, it } from "vitest";
import { at, brief, firstOpen, keysAt, markOf, sorted } from "./values";

describe("at", () => {
  it("follows keys and indexes, and returns undefined at the end of the path", () => {
    const value = { spec: { ports: [{ port: 8000 }] } };
    expect(at(value, "spec", "ports", 0, "port")).toBe(8000);
    expect(at(value, "spec", "ports", 1, "port")).toBeUndefined();
    expect(at(value, "spec", "toString")).toBeUndefined();
    expect(at({ spec: { $unknown: true } }, "spec", "ports")).toBeUndefined();
  });
});

describe("markOf", () => {
  it("distinguishes marks from similar data", () => {
    expect(markOf({ $unknown: true })).toBe("unknown");
    expect(markOf({ $resource: "urn:x" })).toBe("resource");
    expect(markOf({ $schema: "x", title: "a dashboard" })).toBeUndefined();
    expect(markOf({ $: 1 })).toBeUndefined();
    expect(markOf([])).toBeUndefined();
  });
});

describe("brief", () => {
  it("shows scalars, and marks for the rest", () => {
    expect([brief(3), brief(true), brief("x"), brief("")]).toEqual(["3", "true", "x", undefined]);
    expect([brief({ $unknown: true }), brief({ $secret: true }), brief([1])]).toEqual([
      "?",
      "secret",
      undefined,
    ]);
  });
});

describe("keysAt", () => {
  it("has no keys for a value that is secret as a whole", () => {
    expect(keysAt({ data: { a: 1, b: 2 } }, "data")).toEqual(["a", "b"]);
    expect(keysAt({ data: { $secret: true } }, "data")).toEqual([]);
  });
});

describe("sorted", () => {
  it("orders keys at every depth and leaves lists as they are", () => {
    expect(JSON.stringify(sorted({ b: [{ d: 1, c: 2 }, 1], a: null }))).toBe(
      '{"a":null,"b":[{"c":2,"d":1},1]}',
    );
  });
});

describe("firstOpen", () => {
  it("finds the first unknown value, ignoring secrets", () => {
    const value = { a: { $secret: true }, b: [{ c: 1 }, { c: { $unknown: true } }] };
    expect(firstOpen(value)).toEqual({ path: "b[1].c", mark: "unknown" });
    expect(firstOpen({ a: { $secret: true } })).toBeUndefined();
    expect(firstOpen({ a: { $asset: "x" } })).toEqual({ path: "a", mark: "asset" });
  });
});
