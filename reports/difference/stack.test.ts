import { describe, expect, it } from "vitest";
import type { Plan, PolicyReport, Violation } from "../../offline/plan";
import { planOf } from "../fixtures/plan";
import { comparePolicies } from "./policies";
import { verdictOf } from "./sections-stacks";
import { compareStack, isUnchanged } from "./stack";

const violation = (policy: string, urn: string, rest: Partial<Violation> = {}): Violation => ({
  policy,
  urn,
  enforcement: "advisory",
  message: "m",
  clause: "",
  ...rest,
});

const report = (...violations: readonly Violation[]): PolicyReport => ({
  violations,
  failures: [],
  evaluated: 1,
});

describe("policies", () => {
  const compare = (
    before: PolicyReport,
    after: PolicyReport,
    renamed = new Map<string, string>(),
  ) => {
    const { fresh, gone, changed, failing, recovered } = comparePolicies(before, after, renamed);
    const short = ({ policy, urn }: { policy: string; urn: string }) => `${policy} ${urn}`;
    return {
      fresh: fresh.map(short),
      gone: gone.map(short),
      changed: changed.map(({ from, to }) => `${short(to)} ${from.message} → ${to.message}`),
      failing: failing.map(short),
      recovered: recovered.map(short),
    };
  };
  const nothing = { fresh: [], gone: [], changed: [], failing: [], recovered: [] };

  it("are unchanged if they are the same in a different order", () => {
    const [a, b] = [violation("a", "u"), violation("b", "u")];
    expect(compare(report(a, b), report(b, a))).toEqual(nothing);
  });

  it("are newly violated, resolved, or have a changed message", () => {
    expect(
      compare(
        report(violation("a", "u"), violation("b", "u", { message: "old" })),
        report(violation("b", "u", { message: "new" }), violation("c", "u")),
      ),
    ).toEqual({ ...nothing, fresh: ["c u"], gone: ["a u"], changed: ["b u old → new"] });
  });

  it("count each violation with the same message", () => {
    const one = violation("a", "u");
    expect(compare(report(one), report(one, one))).toEqual({ ...nothing, fresh: ["a u"] });
  });

  it("follow renamed resources", () => {
    const renamed = new Map([["old", "new"]]);
    expect(compare(report(violation("a", "old")), report(violation("a", "new")), renamed)).toEqual(
      nothing,
    );
  });

  it("newly fail to run, or run again", () => {
    const broken = { ...report(), failures: [{ policy: "a", urn: "u", message: "x" }] };
    expect(compare(report(), broken)).toEqual({ ...nothing, failing: ["a u"] });
    expect(compare(broken, report())).toEqual({ ...nothing, recovered: ["a u"] });
    expect(compare(broken, broken)).toEqual(nothing);
  });
});

describe("two plans of a stack", () => {
  const older = { of: "system", rtoMinutes: 60, estimateMinutes: 30, met: true, clause: "c" };
  const objective = (met: boolean) => ({
    ...older,
    estimateMinutes: met ? 30 : 90,
    met,
    procedure: "docs/a.md#b",
  });
  const estimate = (...objectives: Plan["estimate"]["objectives"]): Partial<Plan> => ({
    estimate: { rebuildMinutes: 1, criticalPath: [], objectives },
  });
  const compare = (before: Partial<Plan>, after: Partial<Plan>) =>
    compareStack(planOf(before), planOf(after));

  it.each<[string, Partial<Plan>]>([
    ["placement", { region: "ams3" }],
    ["resources", { resources: [] }],
    ["policies", { policies: report(violation("a", "u")) }],
    ["estimate", { estimate: { rebuildMinutes: 2, criticalPath: [], objectives: [] } }],
    ["objectives", estimate(objective(true))],
    ["warnings", { diagnostics: [{ severity: "warning", message: "m", urn: "" }] }],
  ])("differ by their %s", (_, after) => {
    expect(isUnchanged(compare({}, after))).toBe(false);
    expect(isUnchanged(compare(after, after))).toBe(true);
  });

  it("do not differ by informational messages", () => {
    const told = { diagnostics: [{ severity: "info" as const, message: "m", urn: "" }] };
    expect(isUnchanged(compare({}, told))).toBe(true);
  });

  it.each([
    [[true], [false], "newly missed"],
    [[false], [true], "newly met"],
    [[], [false], "newly missed"],
    [[], [true], "new, met"],
    [[false], [], "no longer an objective"],
  ])("with an objective met %j before and %j after: %s", (before, after, expected) => {
    const { estimate: found } = compare(
      estimate(...before.map(objective)),
      estimate(...after.map(objective)),
    );
    expect(found.objectives.map(verdictOf)).toEqual([expected]);
  });

  it("with an objective that lost its procedure", () => {
    const lost = { ...older, met: false };
    const { estimate: found } = compare(estimate(objective(true)), estimate(lost));
    expect(found.objectives.map(verdictOf)).toEqual(["without a procedure"]);
  });

  it("do not differ by a procedure that an older revision does not name", () => {
    expect(isUnchanged(compare(estimate(older), estimate(objective(true))))).toBe(true);
  });
});
