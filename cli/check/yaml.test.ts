import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { YamlError, parseYaml, type Place } from "./yaml";

const failure = (text: string): { message: string; place: Place } => {
  try {
    return { message: JSON.stringify(parseYaml(text)), place: { line: 0, column: 0 } };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return { message: error.message, place: error.place };
  }
};

describe("parseYaml", () => {
  it("reads every document, including empty ones, and JSON", () => {
    expect(parseYaml("# nothing\n---\na: 1\n---\n---\n- b\n...\n")).toEqual([
      { a: 1 },
      null,
      ["b"],
    ]);
    expect(parseYaml('{"a":\t[1, {"b": "\\u00e9\\/"}]}')).toEqual([{ a: [1, { b: "é/" }] }]);
    expect(parseYaml("a: 1\r\nb:\r\n  - x\r\n")).toEqual([{ a: 1, b: ["x"] }]);
  });

  it("reads plain words and numbers as Kubernetes does, and leaves quoted ones", () => {
    expect(parseYaml("a: yes\nb: 'yes'\nc: \"010\"\nd: 010\ne: |\n  on\nyes: f\n8080: g")).toEqual([
      { a: true, b: "yes", c: "010", d: 8, e: "on\n", true: "f", 8080: "g" },
    ]);
  });

  it("applies YAML's own tags and ignores others", () => {
    expect(
      parseYaml('a: !!str 12\nb: !!int "12"\nc: !!float "2"\nd: !!bool "on"\ne: !!null ""'),
    ).toEqual([{ a: "12", b: 12, c: 2, d: true, e: null }]);
    expect(
      parseYaml("a: !!js/function 'f()'\nb: !Ref x\nc: !x [1]\nd: !!set {a: 1}\ne: !!binary YQ=="),
    ).toEqual([{ a: "f()", b: "x", c: [1], d: { a: 1 }, e: "a" }]);
  });

  it("expands aliases and merges", () => {
    expect(parseYaml("a: &a {b: 1, c: 2}\nd: *a\ne:\n  <<: *a\n  c: 3")).toEqual([
      { a: { b: 1, c: 2 }, d: { b: 1, c: 2 }, e: { b: 1, c: 3 } },
    ]);
  });

  it("reads __proto__ as an ordinary key", () => {
    const [document] = parseYaml('{"__proto__": {"polluted": true}}');
    expect(Object.keys(document as object)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
  });

  it.each([
    ["a: [1", "unexpected end of the stream within a flow collection", 1, 6],
    ["a:\n\tb: 1", "tab characters must not be used in indentation", 2, 1],
    ["a: 1\nb: c: d", "bad indentation of a mapping entry", 2, 5],
    ["a: 1\na: 2", "the key a is written twice; keep one of the two", 2, 1],
    ['a: 1\n"a": 2', "the key a is written twice; keep one of the two", 2, 2],
    ["a: *b", 'unidentified alias "b"', 1, 5],
    ["? [1]\n: 2", "a key must be a string, not a mapping or a list", 1, 3],
    ["a: 1\nb:\r\n  - [{c: d, [e]: f}]", "a key must be a string, not a mapping or a list", 3, 13],
    ["a: {b: c}\nd: {{e}}", "a key must be a string, not a mapping or a list", 2, 5],
    ["a: &a [*a]", "an alias refers to its own parent; write the value out", 1, 1],
    ["a: \u0007", "the stream contains non-printable characters", 1, 4],
    ["a: !!int x", "cannot resolve a node with !<tag:yaml.org,2002:int> explicit tag", 1, 4],
    ["[".repeat(501), "nesting exceeded maxDepth (500)", 1, 500],
  ])("refuses %j", (text, message, line, column) => {
    expect(failure(text)).toEqual({ message, place: { line, column } });
  });

  /** Each level repeats the one below this many times. */
  const bomb = (levels: number, times: number): string =>
    Array.from({ length: levels }, (_, level) => {
      const inner = level === 0 ? "x" : `*a${level - 1}`;
      return `a${level}: &a${level} [${Array.from({ length: times }, () => inner).join(", ")}]`;
    }).join("\n");

  it("refuses aliases that expand to too much, and accepts others", () => {
    expect(failure(bomb(9, 9))).toEqual({
      message: "its aliases expand to more than 500000 values; write the values out",
      place: { line: 1, column: 1 },
    });
    expect(parseYaml(bomb(5, 9))).toHaveLength(1);
  });

  it("accepts exactly the allowed number of values", () => {
    const list = (item: string, count: number): string => `[${`${item}, `.repeat(count)}]`;
    // 1 for the document, 1 + 999 for a, 1 + 498 × 1000 for b, 1 + the rest for c.
    const text = (rest: number): string =>
      `a: &a ${list("x", 999)}\nb: ${list("*a", 498)}\nc: ${list("x", rest)}`;
    expect(parseYaml(text(997))).toHaveLength(1);
    expect(failure(text(998)).message).toContain("500000");
  });

  it("never throws anything else", () => {
    const pieces = [
      "a: ",
      "- ",
      "\n",
      "  ",
      "&x ",
      "*x",
      "<<: ",
      "!!int ",
      "? ",
      "{",
      "}",
      "[",
      "]",
    ];
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc
        .array(fc.constantFrom(...pieces, "|\n", "'", '"', "---\n", "#", "1", "yes", ","))
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(failure(text).place.line).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });
});
