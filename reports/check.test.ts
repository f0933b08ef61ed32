import { describe, expect, it } from "vitest";
import { checkFindings, checkSummary, noteLines, renderCheckJson, renderCheckText } from "./check";
import { CHECKED, CLEAN, TROUBLED } from "./fixtures/check";
import { columns } from "./width";

describe("checkSummary", () => {
  it.each([
    [CLEAN, "1 object in 1 file: 0 violations in 1 evaluation"],
    [
      CHECKED,
      "3 objects in 2 files: 2 mandatory violations, 2 advisory violations in 31 evaluations",
    ],
    [
      TROUBLED,
      "3 objects in 2 files: 1 advisory violation in 31 evaluations; 3 exempt; 2 undecided; 1 other file skipped; 3 errors",
    ],
  ])("is one line", (report, line) => {
    expect(checkSummary(report)).toBe(line);
  });
});

describe("renderCheckJson", () => {
  it("contains violations in the format that scripts rely on, counts, errors and notes", () => {
    const text = renderCheckJson(TROUBLED);
    expect(text.endsWith("}\n")).toBe(true);
    expect(JSON.parse(text)).toEqual({
      version: 1,
      violations: [
        {
          policy: "tier",
          enforcement: "advisory",
          severity: "low",
          file: "deploy/a.yaml",
          line: 4,
          column: 5,
          apiVersion: "apps/v1",
          kind: "Deployment",
          namespace: "shop",
          name: "api",
          template: "",
          path: "metadata.labels.tier",
          message: 'Deployment "shop/api": metadata.labels.tier is missing; it must be "web".',
          remediation: "Write tier.",
          clause: "PO-03",
        },
      ],
      evaluated: 31,
      files: 2,
      objects: 3,
      skipped: 1,
      errors: [
        { file: "c.yaml", line: 2, column: 7, message: "bad indentation of a mapping entry" },
        { file: "d.yaml", line: 0, column: 0, message: "cannot be read: permission denied" },
        { file: "", line: 0, column: 0, message: "There is nothing to check in e." },
      ],
      notes: [
        { file: "charts/f", line: 0, column: 0, message: "is a Helm chart and was not checked" },
        {
          file: "g.yaml",
          line: 3,
          column: 1,
          message: `Pod a is written again in ${"h.yaml:1:1, ".repeat(9)}i.yaml:1:1`,
        },
        { file: "", line: 0, column: 0, message: "4 more objects are written more than once" },
      ],
      undecided: 2,
      undecidedList: [],
      exempted: 3,
      baseline: 0,
    });
  });

  it("escapes characters that control a terminal", () => {
    expect(renderCheckJson(CHECKED)).not.toContain("\u001b");
  });
});

it("checkFindings turns unreadable files into failures", () => {
  expect(checkFindings(TROUBLED).failures[0]).toEqual({
    place: { file: "c.yaml", line: 2, column: 7 },
    subject: "",
    subjectId: "",
    message: "bad indentation of a mapping entry",
  });
});

describe("renderCheckText", () => {
  it("is one line if there is no violation", () => {
    expect(renderCheckText(CLEAN)).toBe("1 object in 1 file: 0 violations in 1 evaluation\n");
  });

  it("has findings and notes, but no errors, which are printed separately", () => {
    expect(renderCheckText(TROUBLED).split("\n").slice(5)).toEqual([
      '      Deployment "shop/api": metadata.labels.tier is missing; it must be "web".',
      "",
      "Notes",
      "  charts/f: is a Helm chart and was not checked",
      "  g.yaml:3:1: Pod a is written again in h.yaml:1:1, h.yaml:1:1, h.yaml:1:1, h.yaml:1:1, h.yaml:1:1,",
      "    h.yaml:1:1, h.yaml:1:1, h.yaml:1:1, h.yaml:1:1, i.yaml:1:1",
      "  4 more objects are written more than once",
      "",
      "3 objects in 2 files: 1 advisory violation in 31 evaluations; 3 exempt; 2 undecided; 1 other file",
      "  skipped; 3 errors",
      "",
    ]);
  });

  it("counts on demand, from the most severe and the most frequent", () => {
    expect(renderCheckText(CHECKED, { counts: true }).split("\n")).toEqual([
      "  severity   mandatory  advisory",
      "  high               2         0",
      "  low                0         2",
      "",
      "  tier          2  ████████████████████████",
      "  housed        1  ████████████",
      "  replicas      1  ████████████",
      "",
      "3 objects in 2 files: 2 mandatory violations, 2 advisory violations in 31 evaluations",
      "",
    ]);
    expect(renderCheckText(CLEAN, { counts: true })).toBe(renderCheckText(CLEAN));
    expect(renderCheckText(TROUBLED, { counts: true })).toContain(
      `\n${TROUBLED.notes.length} notes, shown without --summary\n`,
    );
  });

  it("says what the baseline left out, and whose settings were used", () => {
    expect(checkSummary({ ...CLEAN, baseline: 7, settings: "../.runstack.yaml" })).toBe(
      "1 object in 1 file: 0 violations in 1 evaluation; 7 in the baseline; settings of ../.runstack.yaml",
    );
  });

  it("fits a terminal", () => {
    const lines = [CHECKED, TROUBLED].flatMap((report) => renderCheckText(report).split("\n"));
    expect(Math.max(...lines.map(columns))).toBeLessThanOrEqual(100);
    const narrow = renderCheckText(CHECKED, { width: 60 }).split("\n");
    expect(Math.max(...narrow.map(columns))).toBeLessThanOrEqual(60);
  });

  it("is coloured only on demand, its last line by the result", () => {
    const codes = [1, 2, 22, 31, 32, 33, 39].map((code) => `\u001b[${code}m`);
    const strip = (text: string): string =>
      codes.reduce((rest, code) => rest.replaceAll(code, ""), text);
    for (const report of [CHECKED, CLEAN, TROUBLED]) {
      expect(strip(renderCheckText(report, { colour: true }))).toBe(renderCheckText(report));
    }
    const last = (report: typeof CLEAN): string | undefined =>
      renderCheckText(report, { colour: true }).split("\n").at(-2)?.slice(0, 5);
    expect([CHECKED, CLEAN, TROUBLED, { ...TROUBLED, errors: [] }].map(last)).toEqual([
      "\u001b[31m",
      "\u001b[32m",
      "\u001b[31m",
      "\u001b[33m",
    ]);
  });
});

describe("noteLines", () => {
  it("starts with the position, and wraps long lines", () => {
    expect(TROUBLED.errors.flatMap((error) => noteLines(error))).toEqual([
      "c.yaml:2:7: bad indentation of a mapping entry",
      "d.yaml: cannot be read: permission denied",
      "There is nothing to check in e.",
    ]);
    const place = { file: "a", line: 1, column: 2 };
    expect(noteLines({ ...place, message: "b ".repeat(60) })).toEqual([
      `a:1:2: ${"b ".repeat(46)}b`,
      `  ${"b ".repeat(13).trim()}`,
    ]);
  });
});
