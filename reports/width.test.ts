import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columns, fit, pad, wrap, wrapIndented } from "./width";

describe("columns", () => {
  it.each([
    ["abc", 3],
    ["日本", 4],
    ["🚀", 2],
    ["é", 1],
    ["e\u0301", 1],
    ["├─ x", 4],
  ])("%j takes %i", (text, expected) => {
    expect(columns(text)).toBe(expected);
  });
});

describe("fit", () => {
  it("keeps text that fits and shortens longer text in the middle", () => {
    expect(fit("short", 5)).toBe("short");
    expect(fit("todo-chatbot-recurring-task", 11)).toBe("todo-…-task");
    expect(fit("日本語日本語", 6)).toBe("日…語");
    expect(fit("abc", 1)).toBe("…");
    expect(fit("abc", 0)).toBe("");
  });

  it("never exceeds the width", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(40), (text, width) => {
        expect(columns(fit(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

it("shortens a very long text in time that grows with its length", () => {
  const text = `${"x".repeat(200_000)}é${"日".repeat(20_000)}`;
  expect(columns(text)).toBe(240_001);
  expect(fit(text, 5)).toBe("xx…日");
}, 2000);

describe("pad", () => {
  it("pads to the width and keeps longer text", () => {
    expect(pad("日", 4)).toBe("日  ");
    expect(pad("longer", 3)).toBe("longer");
  });
});

describe("wrap", () => {
  it("breaks at spaces and shortens a word that is too long", () => {
    expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrap("a abcdefghijkl b", 7)).toEqual(["a", "abc…jkl", "b"]);
    expect(wrap("", 7)).toEqual([""]);
  });
});

describe("wrapIndented", () => {
  it("keeps a line that fits unchanged, including spaces", () => {
    expect(wrapIndented("  a   b", 10)).toEqual(["  a   b"]);
  });

  it("continues on the next line, indented by two more, and keeps long words whole", () => {
    expect(wrapIndented("one two three four", 9)).toEqual(["one two", "  three", "  four"]);
    expect(wrapIndented("  one two three", 8)).toEqual(["  one", "    two", "    three"]);
    expect(wrapIndented("a abcdefghijkl b", 6)).toEqual(["a", "  abcdefghijkl", "  b"]);
  });
});
