import { describe, expect, it } from "vitest";
import { list, nearest, instead } from "./words";

describe("a list in a sentence", () => {
  it.each([
    [[], "nothing"],
    [["a"], '"a"'],
    [["a", "b"], '"a" or "b"'],
    [["a", "b", "c"], '"a", "b" or "c"'],
  ])("%j reads %s", (values, expected) => {
    expect(list(values)).toBe(expected);
  });
});

describe("the nearest name", () => {
  const names = ["backend", "frontend", "websocket", "recurring-task"];

  it.each([
    ["backed", "backend"],
    ["websockets", "websocket"],
    ["recurring_task", "recurring-task"],
    ["abckend", "backend"],
    ["front", undefined],
    ["bckd", undefined],
    ["database", undefined],
  ])("to %s is %s", (word, expected) => {
    expect(nearest(word, names)).toBe(expected);
  });

  it("counts swapped letters as one typo, so that short words match too", () => {
    expect(nearest("prdo", ["prod", "dr"])).toBe("prod");
  });
});

it("suggests the nearest word, or names all of them", () => {
  expect(instead("hihg", ["high", "low"])).toBe('did you mean "high"?');
  expect(instead("medium", ["high", "low"])).toBe('it must be "high" or "low".');
});
