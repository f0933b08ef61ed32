import { describe, expect, it } from "vitest";
import { messageLines, renderCheckText } from "./check-text";
import { columns } from "./width";
import { CHECKED, CLEAN, TROUBLED } from "./fixtures/check";

describe("renderCheckText", () => {
  it("groups by file and object, and says once how to mend what a policy finds", () => {
    expect(renderCheckText(CHECKED).split("\n")).toEqual([
      "deploy/a.yaml",
      "  Deployment shop/api",
      "    deploy/a.yaml:4:5: advisory, low: tier",
      '      Deployment "shop/api": metadata.labels.tier is missing; it must be "web".',
      "    deploy/a.yaml:9:3: mandatory, high: replicas",
      '      Deployment "shop/api": spec.replicas is 1; it must be 2 or more.',
      "",
      "/out side/b#\\u{1b}.yaml",
      "  Namespace shop (shop/templates/b.yaml)",
      "    /out side/b#\\u{1b}.yaml:12:1: advisory, low: tier",
      '      Namespace "shop": a very long text a very long text a very long text a very long text a very',
      "        long text a very long text a very long text a very long text \\u{1b}[31m.",
      "",
      "  All objects together",
      "    mandatory, high: housed",
      "      There is no Namespace.",
      "",
      "To mend",
      "  replicas: More than one",
      "    Write replicas.",
      "    enforces PO-01; CKV_1, https://example.com/replicas",
      "  tier: Tiers are named",
      "    Write tier.",
      "    enforces PO-03",
      "  housed: There is a Namespace",
      "    Write a Namespace.",
      "    enforces PO-04",
      "",
      "3 objects in 2 files: 2 mandatory violations, 2 advisory violations in 31 evaluations",
      "",
    ]);
  });

  it("has one heading for what is of no object, in a file or not", () => {
    const all = CHECKED.violations.filter(({ kind }) => kind === "");
    const violations = [...all, ...all.map((one) => ({ ...one, file: "exemptions.yaml" }))];
    const lines = renderCheckText({ ...CHECKED, violations, policies: [] }).split("\n");
    expect(lines.slice(0, -2)).toEqual([
      "  All objects together",
      "    mandatory, high: housed",
      "      There is no Namespace.",
      "    mandatory, high: housed",
      "      There is no Namespace.",
      "",
    ]);
  });

  it("is one line where all is well", () => {
    expect(renderCheckText(CLEAN)).toBe(
      "1 object in 1 file: 0 mandatory violations in 1 evaluation\n",
    );
  });

  it("has notes, but no errors, which are said elsewhere", () => {
    expect(renderCheckText(TROUBLED).split("\n").slice(10)).toEqual([
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

  it("fits a terminal", () => {
    const lines = [CHECKED, TROUBLED].flatMap((report) => renderCheckText(report).split("\n"));
    expect(Math.max(...lines.map(columns))).toBeLessThanOrEqual(100);
    const narrow = renderCheckText(CHECKED, { width: 60 }).split("\n");
    expect(Math.max(...narrow.map(columns))).toBeLessThanOrEqual(60);
  });

  it("is coloured only on demand", () => {
    const codes = [1, 2, 22, 31, 32, 33, 39].map((code) => `\u001b[${code}m`);
    const strip = (text: string): string =>
      codes.reduce((rest, code) => rest.replaceAll(code, ""), text);
    for (const report of [CHECKED, CLEAN, TROUBLED]) {
      const coloured = renderCheckText(report, { colour: true });
      expect(strip(coloured)).toBe(renderCheckText(report));
    }
    const last = (report: typeof CLEAN): string | undefined =>
      renderCheckText(report, { colour: true }).split("\n").at(-2);
    expect(last(CHECKED)?.slice(0, 5)).toBe("\u001b[31m");
    expect(last(CLEAN)?.slice(0, 5)).toBe("\u001b[32m");
    expect(last(TROUBLED)?.slice(0, 5)).toBe("\u001b[31m");
    expect(last({ ...TROUBLED, errors: [] })?.slice(0, 5)).toBe("\u001b[33m");
    const text = renderCheckText(CHECKED, { colour: true });
    expect(text).toContain("deploy/a.yaml:4:5: \u001b[33madvisory, low:\u001b[39m tier");
    expect(text).toContain("deploy/a.yaml:9:3: \u001b[31mmandatory, high:\u001b[39m replicas");
  });
});

describe("messageLines", () => {
  it("puts the place in front, and breaks long lines", () => {
    expect(TROUBLED.errors.flatMap((error) => messageLines(error))).toEqual([
      "c.yaml:2:7: bad indentation of a mapping entry",
      "d.yaml: cannot be read: permission denied",
      "There is nothing to check in e.",
    ]);
    expect(messageLines({ file: "a", line: 1, column: 2, message: "b ".repeat(60) })).toEqual([
      `a:1:2: ${"b ".repeat(46)}b`,
      `  ${"b ".repeat(13).trim()}`,
    ]);
  });
});
