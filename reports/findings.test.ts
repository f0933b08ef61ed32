import { describe, expect, it } from "vitest";
import type { Enforcement } from "../offline/plan";
import { groupsOf, NO_PLACE, placeText, verdict, type Finding } from "./findings";

const finding = (name: string, enforcement: Enforcement, subject: string): Finding => ({
  about: {
    name,
    title: "",
    description: "",
    remediation: "",
    url: "",
    severity: "",
    clause: "",
  },
  enforcement,
  place: NO_PLACE,
  subject,
  subjectId: subject,
  message: "",
  identity: [],
});

it("groupsOf puts mandatory policies first, then policies by name, and keeps the order of findings", () => {
  const groups = groupsOf([
    finding("b", "advisory", "2"),
    finding("c", "mandatory", "2"),
    finding("a", "advisory", "1"),
    finding("c", "mandatory", "1"),
    finding("c", "advisory", "3"),
  ]);
  expect(
    groups.map(({ about, enforcement, findings }) => [
      about.name,
      enforcement,
      findings.map(({ subject }) => subject).join(),
    ]),
  ).toEqual([
    ["c", "mandatory", "2,1"],
    ["a", "advisory", "1"],
    ["b", "advisory", "2"],
    ["c", "advisory", "3"],
  ]);
});

describe("verdict", () => {
  const hard = finding("a", "mandatory", "");
  const soft = finding("b", "advisory", "");
  it.each([
    [[], 7, "0 violations in 7 evaluations"],
    [[], 1, "0 violations in 1 evaluation"],
    [[hard], 7, "1 mandatory violation in 7 evaluations"],
    [[soft, soft], 7, "2 advisory violations in 7 evaluations"],
    [[hard, soft], 7, "1 mandatory violation, 1 advisory violation in 7 evaluations"],
  ])("%#", (findings, evaluated, expected) => {
    expect(verdict(findings, evaluated)).toBe(expected);
  });
});

it.each([
  [{ file: "a", line: 3, column: 5 }, "a:3:5"],
  [{ file: "a", line: 3, column: 0 }, "a:3"],
  [{ file: "a", line: 0, column: 0 }, "a"],
])("placeText of %j leaves out unknown parts", (place, expected) => {
  expect(placeText(place)).toBe(expected);
});
