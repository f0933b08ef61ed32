import { describe, expect, it } from "vitest";
import { collectUndecided } from "./undecided";

describe("collectUndecided", () => {
  it("counts each value of each resource once, and forgets what it has told", () => {
    const undecided = collectUndecided();
    undecided.note("green", "urn:a", "colour");
    undecided.note("green", "urn:a", "colour");
    undecided.note("green", "urn:b", "colour");
    undecided.note("round", "urn:a", "shape");
    expect([...undecided.take()]).toEqual([
      ["green", 2],
      ["round", 1],
    ]);
    expect([...undecided.take()]).toEqual([]);
  });
});
