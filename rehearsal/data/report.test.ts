import { describe, expect, it } from "vitest";
import { SYSTEMS } from "../../systems";
import { unwatched } from "../../systems/reading";
import { line, objectives } from "./report";

const RESULT = {
  backup: "nightly",
  case: "it is cut",
  passed: true,
  seconds: 2.04,
  detail: "kept",
};

describe("line", () => {
  it.each([
    [{}, "passed  nightly  it is cut (2.0 s): kept"],
    [
      { passed: false, detail: "lost:\n  a row" },
      "FAILED  nightly  it is cut (2.0 s): lost: | a row",
    ],
    [{ passed: undefined, detail: "no server" }, "not rehearsed  nightly  no server"],
  ])("says %o in one line", (changed, text) => {
    expect(line({ ...RESULT, ...changed })).toBe(text);
  });
});

describe("objectives", () => {
  const measured = { restored: 3.26, behind: 12.2 };
  const system = unwatched(SYSTEMS["phase-5"]);

  it("adds the time between two dumps, and says that another backup keeps the recovery point", () => {
    expect(objectives(system, [{ ...RESULT, backup: "database-backup", measured }])).toEqual([
      "measured  database-backup of postgres: restored in 3.3 s (RTO 1h); at most 86413s of writes lost (RPO 5m, which another backup keeps)",
    ]);
  });

  it("takes the delay of a log as all that can be lost", () => {
    expect(objectives(system, [{ ...RESULT, backup: "database-log", measured }])).toEqual([
      "measured  database-log of postgres: restored in 3.3 s (RTO 1h); at most 13s of writes lost (RPO 5m)",
    ]);
  });

  it("says nothing of what was not measured", () => {
    expect(objectives(system, [RESULT])).toEqual([]);
  });
});
