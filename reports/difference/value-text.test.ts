import { describe, expect, it } from "vitest";
import type { PlanValue } from "../../offline/plan";
import { columns } from "../width";
import { changeLines, valueText } from "./value-text";

describe("a value in words", () => {
  it.each<[PlanValue | undefined, string]>([
    [undefined, "nothing"],
    [null, "null"],
    ["a\nb", '"a\\nb"'],
    [{ $unknown: true }, "(unknown)"],
    [{ $secret: true }, "(secret)"],
    [{ $plain: true }, "(a plain value, not shown)"],
    [{ $resource: "urn:pulumi:prod::runstack::a:b/vpc:Vpc::net" }, "Vpc net"],
    [{ $asset: "file.txt" }, 'asset "file.txt"'],
    ["\u001b[31m", '"\\u001b[31m"'],
    ["\u202e", '"\\u{202e}"'],
  ])("%j is %s", (value, expected) => {
    expect(valueText(value)).toBe(expected);
  });
});

describe("a change in words", () => {
  const lines = (from: PlanValue | undefined, to: PlanValue | undefined, width = 60) =>
    changeLines(
      {
        path: "a.b",
        key: "a.b",
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      },
      width,
    );

  it("is on one line if it fits", () => {
    expect(lines(3, undefined)).toEqual(["a.b: 3 → nothing"]);
  });

  it("otherwise is on two lines, which start shortly before the difference", () => {
    const long = (word: string) => `${"x".repeat(80)} ${word} ${"y".repeat(80)}`;
    expect(lines(long("before"), long("after"))).toEqual([
      "a.b:",
      `  - …${"x".repeat(11)} before ${"y".repeat(35)}…`,
      `  + …${"x".repeat(11)} after ${"y".repeat(36)}…`,
    ]);
  });

  it("of a multi-line text shows the lines that differ", () => {
    expect(lines("one\ntwo\nthree\nfour", "one\n2\nthree\n4")).toEqual([
      "a.b:",
      "  line 2",
      "  - two",
      "  + 2",
      "  - four",
      "  + 4",
    ]);
    expect(lines("one\ntwo\nthree", "one\nthree")).toEqual(["a.b:", "  line 2", "  - two"]);
  });

  it("of a long text shows a dozen lines and the number of further ones", () => {
    const text = (from: number) =>
      ["head", ...Array.from({ length: 20 }, (_, n) => String(from + n))].join("\n");
    const shown = lines(text(100), `${text(200)}\nend`);
    expect(shown).toHaveLength(15);
    expect(shown.at(-1)).toBe("  … 29 more lines");
  });

  it("cuts wide characters to the width too", () => {
    const shown = lines("漢".repeat(100), "字".repeat(100), 30);
    expect(shown.map(columns)).toEqual([4, 30, 30]);
  });
});
