import { describe, expect, it } from "vitest";
import type { PlanObject } from "../../offline/plan";
import { valueChanges } from "./values";

const SECRET = { $secret: true };
const UNKNOWN = { $unknown: true };

/** `path: from → to`, with the key that rules name it by where that is another. */
const said = (before: PlanObject, after: PlanObject): readonly string[] =>
  valueChanges(before, after).map(({ path, key, from, to }) => {
    const text = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));
    return `${path}${key === path ? "" : ` (${key})`}: ${text(from)} → ${text(to)}`;
  });

describe("changes of values", () => {
  it.each<[string, PlanObject, PlanObject, string[]]>([
    ["nothing", { a: [1, { b: UNKNOWN }] }, { a: [1, { b: UNKNOWN }] }, []],
    ["not the order of keys", { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }, []],
    ["a leaf", { a: { b: 1 } }, { a: { b: 2 } }, ["a.b: 1 → 2"]],
    [
      "whole added and removed values",
      { a: { b: 1 } },
      { c: { d: 2 } },
      ['a: {"b":1} → nothing', 'c: nothing → {"d":2}'],
    ],
    [
      "a key that is not an identifier",
      { labels: { "example.org/a": "x" } },
      { labels: { "example.org/a": "y" } },
      ['labels["example.org/a"] (labels.example.org/a): "x" → "y"'],
    ],
    ["null, which is a value", { a: null }, {}, ["a: null → nothing"]],
    ["a type", { a: [1] }, { a: { b: 1 } }, ['a: [1] → {"b":1}']],
  ])("say %s", (_, before, after, expected) => {
    expect(said(before, after)).toEqual(expected);
  });

  it.each<[string, PlanObject["list"], PlanObject["list"], string[]]>([
    [
      "by name",
      [{ name: "app", image: "a:1" }, { name: "side" }],
      [{ name: "app", image: "a:2" }, { name: "side" }, { name: "more" }],
      [
        'list[app].image (list.image): "a:1" → "a:2"',
        'list[more] (list): nothing → {"name":"more"}',
      ],
    ],
    [
      "by name, and report if only their order differs",
      [{ name: "a" }, { name: "b" }],
      [{ name: "b" }, { name: "a" }],
      ['list (order) (list): ["a","b"] → ["b","a"]'],
    ],
    [
      "by content if names are not unique",
      [
        { name: "x", p: 1 },
        { name: "x", p: 2 },
      ],
      [
        { name: "x", p: 0 },
        { name: "x", p: 1 },
        { name: "x", p: 3 },
      ],
      ['list[0] (list): nothing → {"name":"x","p":0}', "list[2].p (list.p): 2 → 3"],
    ],
    [
      "by the next best key",
      [{ port: 1, path: "/a" }],
      [{ port: 2, path: "/a" }],
      ["list[/a].port (list.port): 1 → 2"],
    ],
    ["as a whole, if they contain no objects", ["a", "b"], ["a"], ['list: ["a","b"] → ["a"]']],
  ])("compare lists %s", (_, before = [], after = [], expected) => {
    expect(said({ list: before }, { list: after })).toEqual(expected);
  });

  it("look into texts that are JSON, and show it", () => {
    expect(
      said({ data: { "x.json": '{"a":{"b":1}}' } }, { data: { "x.json": '{"a":{"b":2}}' } }),
    ).toEqual(['data["x.json"] » a.b (data.x.json): 1 → 2']);
    // A different layout of the same JSON is still a change, because the cloud compares texts.
    expect(said({ policy: '{"a":1}' }, { policy: '{ "a": 1 }' })).toEqual([
      'policy: "{\\"a\\":1}" → "{ \\"a\\": 1 }"',
    ]);
    expect(said({ a: "{b" }, { a: "{c" })).toEqual(['a: "{b" → "{c"']);
  });

  it("only show that a secret was moved, added, removed or replaced", () => {
    expect(said({ a: SECRET, b: SECRET }, { a: SECRET, b: UNKNOWN })).toEqual([
      'b: {"$secret":true} → {"$unknown":true}',
    ]);
    expect(said({ a: SECRET }, { c: SECRET })).toEqual([
      'a: {"$secret":true} → nothing',
      'c: nothing → {"$secret":true}',
    ]);
  });

  it("hide plain values that become secret, and the reverse", () => {
    expect(said({ a: "hunter2" }, { a: SECRET })).toEqual([
      'a: {"$plain":true} → {"$secret":true}',
    ]);
    expect(said({ a: SECRET }, { a: { b: "hunter2" } })).toEqual([
      'a: {"$secret":true} → {"$plain":true}',
    ]);
    expect(said({ url: "x://u:hunter2@h" }, { url: "x://u:[secret]@h" })).toEqual([
      'url: {"$plain":true} → "x://u:[secret]@h"',
    ]);
    expect(said({ list: ["hunter2"] }, { list: ["[secret]"] })).toEqual([
      'list: {"$plain":true} → ["[secret]"]',
    ]);
  });

  it("show lists as a whole if they are too long to align", () => {
    const long = (first: number) =>
      Array.from({ length: 1001 }, (_, n) => ({ p: first + n, q: 0 }));
    expect(valueChanges({ list: long(0) }, { list: long(1) }).map(({ path }) => path)).toEqual([
      "list",
    ]);
  });
});
