import { describe, expect, it } from "vitest";
import { renderGithub } from "./check-github";
import { renderGitlab } from "./check-gitlab";
import { renderJunit } from "./check-junit";
import { checkFindings } from "./check";
import { NO_PLACE } from "./findings";
import { CHECKED, CLEAN, TROUBLED } from "./fixtures/check";
import { renderSarif } from "./sarif";

describe("GitHub's annotations", () => {
  it("are errors for mandatory violations and warnings for advisory ones, the gravest first", () => {
    const lines = renderGithub(CHECKED).split("\n");
    expect(lines.slice(0, 3)).toEqual([
      "::error title=housed::There is no Namespace.%0AWrite a Namespace.",
      '::error file=deploy/a.yaml,line=9,col=3,title=replicas::Deployment "shop/api": spec.replicas is 1; it must be 2 or more.%0AWrite replicas.',
      '::warning file=deploy/a.yaml,line=4,col=5,title=tier::Deployment "shop/api": metadata.labels.tier is missing; it must be "web".%0AWrite tier.',
    ]);
    expect(lines[3]).toMatch(
      /^::warning file=\/out side\/b#\\u\{1b\}\.yaml,line=12,col=1,title=tier::/,
    );
    expect(lines.slice(4)).toEqual([
      "3 objects in 2 files: 2 mandatory violations, 2 advisory violations in 31 evaluations",
      "",
    ]);
  });

  it("cannot be forged by a name or a message", () => {
    const [first] = CHECKED.findings;
    const hostile = CHECKED.findings.slice(0, 1).map((one) => ({
      ...one,
      place: { file: "a,line=1::b\n::error::c", line: 1, column: 0 },
      message: "100%\n::error::d",
    }));
    expect(first).toBeDefined();
    expect(renderGithub({ ...CHECKED, findings: hostile }).split("\n")[0]).toBe(
      "::warning file=a%2Cline=1%3A%3Ab\\n%3A%3Aerror%3A%3Ac,line=1,title=tier::100%25\\n::error::d%0AWrite tier.",
    );
  });

  it("have errors first, and notes as notices", () => {
    const kinds = renderGithub(TROUBLED)
      .split("\n")
      .map((line) => line.split(/[ :]/)[2]);
    expect(kinds.slice(0, 4)).toEqual(["error", "error", "error", "warning"]);
    const { notes, undecidedList } = TROUBLED;
    expect(kinds.filter((kind) => kind === "notice")).toHaveLength(
      notes.length + undecidedList.length,
    );
  });
});

describe("GitLab's code quality report", () => {
  const rows = (report = CHECKED) => JSON.parse(renderGitlab(report)) as Record<string, unknown>[];

  it("has what GitLab reads of each violation", () => {
    expect(rows()[1]).toEqual({
      description:
        'Deployment "shop/api": spec.replicas is 1; it must be 2 or more. Write replicas.',
      check_name: "replicas",
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}:1$/) as string,
      severity: "critical",
      location: { path: "deploy/a.yaml", lines: { begin: 9 } },
    });
    expect(rows().map(({ severity }) => severity)).toEqual([
      "info",
      "critical",
      "info",
      "critical",
    ]);
  });

  it("places what has no file in the first one, and has errors as blockers", () => {
    expect(rows()[3]?.["location"]).toEqual({ path: "deploy/a.yaml", lines: { begin: 1 } });
    expect(rows(TROUBLED)[0]).toMatchObject({
      check_name: "runstack-check",
      severity: "blocker",
      location: { path: "c.yaml", lines: { begin: 2 } },
    });
    expect(rows(CLEAN)).toEqual([]);
  });

  it("has a fingerprint for each", () => {
    const prints = rows(TROUBLED).map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
  });
});

describe("JUnit's XML", () => {
  it("has a suite for each file and a test for each object, which mandatory violations fail", () => {
    expect(renderJunit(CHECKED).split("\n").slice(0, 13)).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="runstack check">',
      '  <testsuite name="deploy/a.yaml" tests="2" failures="1" errors="0">',
      '    <testcase classname="deploy/a.yaml" name="Deployment shop/api">',
      '      <failure type="replicas" message="replicas">',
      "deploy/a.yaml:9:3: replicas: Deployment &quot;shop/api&quot;: spec.replicas is 1; it must be 2 or more. Write replicas.",
      "</failure>",
      "      <system-out>",
      "deploy/a.yaml:4:5: tier: Deployment &quot;shop/api&quot;: metadata.labels.tier is missing; it must be &quot;web&quot;. Write tier.",
      "</system-out>",
      "    </testcase>",
      '    <testcase classname="deploy/a.yaml" name="Service shop/api"/>',
      "  </testsuite>",
    ]);
  });

  it("has what is about all objects, errors, and no character that XML does not allow", () => {
    const text = renderJunit(CHECKED);
    expect(text).toContain('  <testsuite name="all files" tests="1" failures="1" errors="0">');
    expect(text).not.toContain("\u001b");
    expect(renderJunit(TROUBLED)).toContain(
      '    <testcase classname="c.yaml:2:7" name="can be read">\n      <error message="bad indentation of a mapping entry"/>',
    );
  });
});

it("what is undecided is seen in every format, and is no failure", () => {
  const [first] = CHECKED.findings;
  const open = {
    ...CLEAN,
    undecidedList: first === undefined ? [] : [{ ...first, message: "may be made" }],
  };
  expect(renderGithub(open)).toContain(
    "::notice file=deploy/a.yaml,line=4,col=5,title=runstack check::undecided, tier: may be made\n",
  );
  expect(JSON.parse(renderGitlab(open))).toMatchObject([
    { severity: "info", check_name: "tier", description: "Undecided: may be made" },
  ]);
  expect(renderJunit(open)).toContain(
    '    <testcase classname="deploy/a.yaml:4:5" name="Deployment shop/api: tier">\n      <skipped message="may be made"/>',
  );
  expect(renderSarif(checkFindings(open), { id: "", exempt: "", whole: NO_PLACE })).toContain(
    "undecided, tier: may be made",
  );
});
