import { describe, expect, it } from "vitest";
import { startTally } from "./tally";

describe("startTally", () => {
  it("counts each value of each resource once, and forgets what it has told", () => {
    const tally = startTally();
    tally.note("round", "urn:a", "shape");
    tally.note("green", "urn:a", "colour");
    tally.note("green", "urn:a", "colour");
    tally.note("green", "urn:b", "colour");
    expect(["green", "blue"].map(tally.has)).toEqual([true, false]);
    expect(tally.take()).toEqual({
      total: 3,
      counts: [
        { of: "green", size: 2 },
        { of: "round", size: 1 },
      ],
    });
    expect(tally.take()).toBeUndefined();
  });
});
