import { describe, expect, it } from "vitest";
import { startCounter } from "./counter";

describe("startCounter", () => {
  it("counts each value of each resource once, and resets", () => {
    const counter = startCounter();
    counter.note("round", "urn:a", "shape");
    counter.note("green", "urn:a", "colour");
    counter.note("green", "urn:a", "colour");
    counter.note("green", "urn:b", "colour");
    expect(["green", "blue"].map(counter.has)).toEqual([true, false]);
    expect(counter.take()).toEqual({
      total: 3,
      counts: [
        { of: "green", size: 2 },
        { of: "round", size: 1 },
      ],
    });
    expect(counter.take()).toBeUndefined();
  });
});
