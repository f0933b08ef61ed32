import { describe, expect, it } from "vitest";
import { checkSummary, mandatoryIn, placeText, renderCheckJson } from "./check";
import { CHECKED, CLEAN, TROUBLED } from "./fixtures/check";

describe("checkSummary", () => {
  it.each([
    [CLEAN, "1 object in 1 file: 0 mandatory violations in 1 evaluation"],
    [
      CHECKED,
      "3 objects in 2 files: 2 mandatory violations, 2 advisory violations in 31 evaluations",
    ],
    [
      TROUBLED,
      "3 objects in 2 files: 1 advisory violation in 31 evaluations; 3 exempt; 2 undecided; 1 other file skipped; 3 errors",
    ],
    [
      { ...CLEAN, violations: CHECKED.violations.slice(1, 2) },
      "1 object in 1 file: 1 mandatory violation in 1 evaluation",
    ],
  ])("says it in a line", (report, line) => {
    expect(checkSummary(report)).toBe(line);
  });
});

it("mandatoryIn counts what blocks", () => {
  expect([CLEAN, CHECKED, TROUBLED].map(mandatoryIn)).toEqual([0, 2, 0]);
});

it("placeText leaves out a place that is not known", () => {
  expect(placeText({ file: "a", line: 3, column: 5 })).toBe("a:3:5");
  expect(placeText({ file: "a", line: 0, column: 0 })).toBe("a");
});

describe("renderCheckJson", () => {
  it("holds violations, counts, errors and notes", () => {
    const text = renderCheckJson(TROUBLED);
    const { policies, ...rest } = TROUBLED;
    expect(policies).toHaveLength(1);
    expect(JSON.parse(text)).toEqual(rest);
    expect(text.endsWith("}\n")).toBe(true);
  });

  it("escapes what would act on a terminal", () => {
    expect(renderCheckJson(CHECKED)).not.toContain("\u001b");
  });
});
