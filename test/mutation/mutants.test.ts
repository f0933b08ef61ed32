import { runInThisContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { instrument } from "./mutants";
import { MutationSwitch } from "./switch";

const conditions = (code: string): readonly string[] =>
  instrument("a.ts", code).mutants.map(
    ({ id, code: text }) => `${id.replace(/^\S+ /, "")}: ${text}`,
  );

type Compiled = (limit: number, mutation: MutationSwitch) => unknown;

describe("instrument", () => {
  it.each<[string, string, readonly string[]]>([
    ["a condition", "if (isOpen(a)) b();", ["negated: isOpen(a)"]],
    ["a choice", "const x = a ? 1 : 2;", ["negated: a"]],
    [
      "the parts of a condition",
      "if (!a && (b || c.d)) e();",
      ["negated: a", "negated: b", "negated: c.d"],
    ],
    ["a comparison wherever it is", "const x = a === 1;", ["negated: a === 1"]],
    [
      "an order comparison, and its boundary",
      "return a <= 3;",
      ["negated: a <= 3", "with its boundary moved: a <= 3"],
    ],
    ["a question to a list", "x.some((a) => a.b);", ["negated: a.b"]],
    ["a question to a value", "expectThat(a, b, (c) => c.d, e);", ["negated: c.d"]],
    ["a question in a table", "rules(a, { b: isThat((c) => c.d, e) });", ["negated: c.d"]],
    [
      "a function with a yes-or-no name",
      "function isOpen(a) { if (a) return b; return c.d; }",
      ["negated: a", "negated: b", "negated: c.d"],
    ],
    [
      "a value with such a name",
      "const isOpen = a.b && !c, open = d.e;",
      ["negated: a.b", "negated: c"],
    ],
    [
      "a property that is a function with such a name",
      "const x = { isOpen: a, hasDoor: () => c };",
      ["negated: c"],
    ],
    ["no function that makes one", "const isMore = (a) => (b) => c(b);", []],
    ["none that says what else it makes", "const isMore = (a): Row => b(a);", []],
    ["no other function", "x.map((a) => a.b);", []],
    ["no fallback", "const x = a ?? b; const y = a + 1;", []],
    ["no value that is passed on", "f(a && b);", []],
  ])("finds %s", (_, code, found) => {
    expect(conditions(code)).toEqual(found);
  });

  it("names each by its position", () => {
    expect(instrument("p/a.ts", "if (a) b();\nif (c) d();").mutants.map(({ id }) => id)).toEqual([
      "p/a.ts:1:5 negated",
      "p/a.ts:2:5 negated",
    ]);
  });

  it("changes nothing while no mutant is active, and otherwise one condition", () => {
    const source = "return [1, 2, 3, 4].filter((n) => n >= 2 && !(n > 3 || n === limit)).join();";
    const { code, mutants } = instrument("a.ts", source);
    const run = (active?: string): string => {
      const mutation = new MutationSwitch();
      mutation.active = active;
      const compiled = runInThisContext(`(limit, __mutation) => { ${code} }`) as Compiled;
      return String(compiled(3, mutation));
    };
    expect(run()).toBe("2");
    expect(Object.fromEntries(mutants.map(({ id }) => [id.slice(5), run(id)]))).toEqual({
      "1:35 negated": "1",
      "1:35 with its boundary moved": "",
      "1:47 negated": "4",
      "1:47 with its boundary moved": "2",
      "1:56 negated": "3",
    });
  });
});

describe("MutationSwitch", () => {
  it("records reached conditions, and compares as written", () => {
    const mutation = new MutationSwitch();
    expect(mutation.negated("a", 0)).toBe(0);
    const pairs = [
      [1, 2],
      [2, 2],
      [3, 2],
      [Number.NaN, 2],
    ] as const;
    for (const [operator, holds] of [
      ["<", [true, false, false, false]],
      ["<=", [true, true, false, false]],
      [">", [false, false, true, false]],
      [">=", [false, true, true, false]],
    ] as const) {
      expect(pairs.map(([a, b]) => mutation.moved("b", operator, a, b))).toEqual(holds);
    }
    expect([...mutation.asked]).toEqual(["a", "b"]);
  });

  it("negates, and moves a boundary by including or excluding it", () => {
    const mutation = new MutationSwitch();
    mutation.active = "a";
    expect([mutation.negated("a", 0), mutation.negated("b", 0)]).toEqual([true, 0]);
    expect(["<", "<=", ">", ">="].map((operator) => mutation.moved("a", operator, 2, 2))).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});
