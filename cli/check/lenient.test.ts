import { describe, expect, it } from "vitest";
import { Positions } from "./positions";
import { YamlError, parseYaml } from "./yaml";

/** What Kubernetes' own library reads these as, by its version 1.6. */
const READ: readonly (readonly [title: string, text: string, documents: readonly unknown[]])[] = [
  ["a bracket at the key's column", "a:\n  b: [\n    1,\n  ]\n", [{ a: { b: [1] } }]],
  ["a bracket left of the key", "a:\n  b: [1,\n2]", [{ a: { b: [1, 2] } }]],
  ["braces in braces", "a: {x: [\n1\n], z: {\nw: 1\n}}", [{ a: { x: [1], z: { w: 1 } } }]],
  ["brackets in a list", "- a: [\n1\n]\n- b", [[{ a: [1] }, "b"]]],
  ["comments between brackets", "a: [\n# c\n1 # d\n]", [{ a: [1] }]],
  ["plain words over two lines", "a: [x\ny]", [{ a: ["x y"] }]],
  ["a quoted text at the key's column", 'a:\n  b: "x\n  y"', [{ a: { b: "x y" } }]],
  ["single quotes with an empty line", "a: 'x\n\ny'", [{ a: "x\ny" }]],
  ["an escaped line break", 'a: "x\ny\\\n  z"', [{ a: "x yz" }]],
  ["a tab before a bracket", "a:\t[1, 2]", [{ a: [1, 2] }]],
  ["a tab between brackets", 'a: ["x\ty",\t2]', [{ a: ["x\ty", 2] }]],
  ["lines that start with a tab", "a: [\n\t1,\n\t2\n]", [{ a: [1, 2] }]],
  ["a very deep key", `${"- ".repeat(90)}a: [\n1\n]`, [nested(90, { a: [1] })]],
  ["JSON objects line by line", '{"a":1}\n\n{"b":"}{"}\n', [{ a: 1 }, { b: "}{" }]],
  ["JSON objects in one line", '{"a":1}{"b":[{}]} {"c":1}', [{ a: 1 }, { b: [{}] }, { c: 1 }]],
  [
    "a colon before a bracket",
    "a: [001:db8::, b:, fe80::]",
    [{ a: ["001:db8::", "b:", "fe80::"] }],
  ],
  ["a colon before a brace", "a: {b:, it's:}", [{ a: { "b:": null, "it's:": null } }]],
  ["a colon before white space", "a: [001:db8::\n]", [{ a: [{ "001:db8:": null }] }]],
  ["a mark that is in no other document", "---\n\uFEFFb c", ["\uFEFFb c"]],
  ["a mark in a later document", "a: 1\n---\n\uFEFFb: 2", [{ a: 1 }, { b: 2 }]],
];

function nested(depth: number, value: unknown): unknown {
  return depth === 0 ? value : nested(depth - 1, [value]);
}

const QUOTES = "Kubernetes refuses this key or text between brackets; write it in quotes";

const failure = (text: string): string => {
  try {
    return JSON.stringify(parseYaml(text));
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const { message, place } = error;
    return `${place.line}:${place.column} ${message}`;
  }
};

describe("readable", () => {
  it.each(READ)("reads %s as Kubernetes does", (_, text, documents) => {
    expect(parseYaml(text)).toEqual(documents);
  });

  it.each([
    // Each line has a fault after what only Kubernetes reads.
    ["a: [\n1\n]\nb: c: d", "4:5 bad indentation of a mapping entry"],
    ["a: [\n1\n]\na: 2", "4:1 the key a is written twice; keep one of the two"],
    ["a: [\n1,\nb: 2", "3:5 unexpected end of the stream within a flow collection"],
    ["a: [\n[b]: c\n]\n", "2:1 a key must be a string, not a mapping or a list"],
    ["a: {x: 1,\n---\n}", "2:1 deficient indentation"],
    ["a: [\n::1\n]", `2:1 ${QUOTES}`],
    ["a: [1, ::1]", `1:8 ${QUOTES}`],
    ["a: {b: 1, : 2}", `1:9 ${QUOTES}`],
    ["a: [who? me]", `1:5 ${QUOTES}`],
    ["a: {b\nc: 1}", `1:5 ${QUOTES}`],
    ["a: {b:{c: 1}}", "1:7 missed comma between flow collection entries"],
    ['{"a":1}{"b":1}\n---\n{"c":1}', "1:8 end of the stream or a document separator is expected"],
    ['{"a":1}\n{"b":', "2:6 unexpected end of the stream within a flow collection"],
    ['{"a":1}\n{"b":1,"b":2}', "2:9 the key b is written twice; keep one of the two"],
    ["[1]\n[2]", "2:1 end of the stream or a document separator is expected"],
    ["{a: 1}}\n{b: 2}", "1:7 end of the stream or a document separator is expected"],
  ])("still refuses %j, at its place in the file", (text, message) => {
    expect(failure(text)).toBe(message);
  });

  it("ends soon for a file that is made to take long", () => {
    const text = `a: [\n${"1,\n".repeat(100_000)}]`;
    expect(failure(text)).toMatch(/^\d+:1 deficient indentation$/);
  });

  it("finds places in the file as it is written", () => {
    const text = 'kind: A\nargs: [\n"x", {b: 1,\n  c: 2}\n]\nlast: 1\n';
    const positions = new Positions(text);
    expect(positions.find(0, ["args", 0])).toEqual({ line: 3, column: 1 });
    expect(positions.find(0, ["args", 1, "b"])).toEqual({ line: 3, column: 7 });
    expect(positions.find(0, ["args", 1, "c"])).toEqual({ line: 4, column: 3 });
    expect(positions.find(0, ["last"])).toEqual({ line: 6, column: 1 });
  });

  it("finds places after what was quoted and what was indented", () => {
    const positions = new Positions("a: [b:,\nc:, {d: 1}\n]\ne: [f:, g]\nh: 1\n");
    expect(positions.find(0, ["a", 0])).toEqual({ line: 1, column: 5 });
    expect(positions.find(0, ["a", 2, "d"])).toEqual({ line: 2, column: 6 });
    expect(positions.find(0, ["e", 1])).toEqual({ line: 4, column: 9 });
    expect(positions.find(0, ["h"])).toEqual({ line: 5, column: 1 });
  });

  it("finds places in a long JSON stream with quoted texts in linear time", () => {
    const count = 40_000;
    const start = performance.now();
    const positions = new Positions("{a: [x:, y]}\n".repeat(count));
    const lines = Array.from({ length: count }, (_, index) => positions.find(index, ["a", 1]).line);
    expect(lines.findIndex((line, index) => line !== index + 1)).toBe(-1);
    expect(performance.now() - start).toBeLessThan(20_000);
  }, 60_000);

  it("finds places in a JSON stream and after a mark", () => {
    const stream = new Positions('{"a":1}\n{"b":1} {"c":1}');
    expect(stream.find(1, ["b"])).toEqual({ line: 2, column: 2 });
    expect(stream.find(2, ["c"])).toEqual({ line: 2, column: 10 });
    const quoted = new Positions("{a: [x:, y]}\n{a: [x:, y], b: [z:]}\n{c: [w:], d: 1}");
    expect(quoted.find(1, ["a", 1])).toEqual({ line: 2, column: 10 });
    expect(quoted.find(2, ["d"])).toEqual({ line: 3, column: 11 });
    expect(new Positions("a: 1\n---\n\uFEFFb: 2").find(1, ["b"])).toEqual({ line: 3, column: 2 });
  });
});
