import { describe, expect, it } from "vitest";
import { HOSTILE, known, planOf } from "./fixtures/plan";
import { minutesText, renderText, summaryLine } from "./text";
import { columns } from "./width";

const FULL = planOf({
  policies: {
    violations: [
      {
        policy: "replicas",
        enforcement: "mandatory",
        urn: known.backend.urn,
        message: "One replica is none.\nhas 1 replica.\nIt had 2.",
        clause: "PO-01: Scaling",
      },
    ],
    failures: [{ policy: "broken", urn: "", message: "cannot read x" }],
    evaluated: 40,
    descriptions: [
      {
        name: "replicas",
        title: "Several replicas",
        description: "One replica is none.",
        remediation: "Set spec.replicas to 2.",
        url: "",
        severity: "high",
      },
    ],
  },
  estimate: {
    rebuildMinutes: 125.5,
    criticalPath: [known.vpc.urn, known.kafka.urn],
    objectives: [
      {
        of: "system",
        rtoMinutes: 120,
        estimateMinutes: 125.5,
        met: false,
        procedure: "docs/a.md#b",
        clause: "ALL-13: Outage",
      },
      {
        of: "kafka",
        rtoMinutes: 30,
        estimateMinutes: 15,
        met: true,
        procedure: "docs/a.md#b",
        clause: "P5-07: Kafka",
      },
      { of: "namespace", rtoMinutes: 9, estimateMinutes: 7, met: false, clause: "P5-08" },
      { of: "redis", rtoMinutes: 3, estimateMinutes: 7, met: false, clause: "P5-09" },
    ],
  },
  diagnostics: [
    { severity: "warning", message: "soon to go", urn: known.vpc.urn },
    { severity: "info", message: "not shown", urn: "" },
    { severity: "error", message: "bad", urn: "" },
  ],
});

describe("renderText", () => {
  it("shows everything in a useful order", () => {
    const [head, rest] = renderText(FULL).split("\npulumi:pulumi:Stack");
    expect(head).toBe(
      "Stack      prod\n" +
        "System     todo-chatbot, prod\n" +
        "Cloud      digitalocean, nyc3\n" +
        "Resources  14: 3 components, 4 digitalocean, 7 kubernetes (and 1 provider, not drawn)\n",
    );
    expect(rest?.slice(rest.indexOf("\n\nPolicies"))).toBe(`

Policies
  could not run  broken
    - the stack as a whole
      cannot read x
  mandatory, high  replicas: Several replicas
    One replica is none.
    fix       Set spec.replicas to 2.
    enforces  PO-01: Scaling
    - Deployment todo-chatbot-backend
      has 1 replica.
      It had 2.
  1 mandatory violation in 40 evaluations, 1 policy could not run

Rebuild from nothing: 2 h 6 min
  The longest path of typical provisioning times, without restoring data.
      0.1 min  Vpc todo-chatbot
       15 min  DatabaseCluster todo-chatbot-pubsub
  missed  system: 2 h 6 min of 2 h (ALL-13: Outage)
  met     kafka: 15 min of 30 min (P5-07: Kafka)
  open    namespace: 7 min of 9 min, and no document says how (P5-08)
  missed  redis: 7 min of 3 min, and no document says how (P5-09)

Diagnostics
  error: bad
  warning: Vpc todo-chatbot: soon to go

prod: 14 resources; 1 mandatory violation in 40 evaluations, 1 policy could not run; rebuild 2 h 6
min, 2 objectives missed, 1 objective without a procedure
`);
  });

  it("shows if a program has no such settings", () => {
    const none = { system: "", environment: "", cloud: "", region: "" };
    expect(renderText(planOf(none)).split("\n").slice(1, 3)).toEqual([
      "System     not set",
      "Cloud      not set",
    ]);
  });

  it("lists the secrets that an up needs, and how to set those that are missing", () => {
    const secrets = [
      { key: "A", what: "A token", set: true },
      { key: "B", what: "A password", set: false },
      { key: "C", what: "An authority", set: false, optional: true },
    ];
    const text = renderText(planOf({ secrets }));
    expect(text).toContain(
      [
        "Secrets for pulumi up: 1 of 3 set",
        "  set       A: A token",
        "  not set   B: A password",
        "  optional  C: An authority",
        "  Set each with: pulumi config set --secret --path 'runstack:secrets.KEY'",
        "",
      ].join("\n"),
    );
    const enough = renderText(planOf({ secrets: secrets.filter(({ key }) => key !== "B") }));
    expect(enough).toContain("1 of 2 set");
    expect(enough).not.toContain("Set each with");
  });

  it("has no section for unimportant diagnostics", () => {
    expect(renderText(planOf())).not.toContain("Diagnostics");
    expect(renderText(planOf())).toContain("  0 violations in 0 evaluations\n");
  });

  it("stays within the width and prints no hidden character, with any names", () => {
    const evil = { urn: HOSTILE, message: `${HOSTILE}${"x".repeat(200)}`, policy: HOSTILE };
    const text = renderText(
      planOf({
        stack: HOSTILE,
        system: HOSTILE,
        environment: HOSTILE,
        cloud: HOSTILE,
        region: HOSTILE,
        policies: {
          violations: [{ ...evil, enforcement: "advisory", clause: HOSTILE }],
          failures: [evil],
          evaluated: 1,
        },
        estimate: {
          rebuildMinutes: 1,
          criticalPath: [HOSTILE],
          objectives: [
            { of: HOSTILE, rtoMinutes: 1, estimateMinutes: 1, met: true, clause: HOSTILE },
          ],
        },
        diagnostics: [{ severity: "warning", ...evil }],
      }),
    );
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(Math.max(...text.split("\n").map(columns))).toBeLessThanOrEqual(100);
  });

  it("colours problems, only on demand", () => {
    const red = `${String.fromCharCode(27)}[31m`;
    expect(renderText(FULL, { colour: true })).toContain(`${red}  mandatory, high  replicas`);
    expect(renderText(FULL)).not.toContain(red);
  });
});

describe("minutesText", () => {
  it.each([
    [0, "0 min"],
    [42.5, "42.5 min"],
    [60, "1 h"],
    [119.8, "2 h"],
    [125.5, "2 h 6 min"],
  ])("%d is %s", (minutes, expected) => {
    expect(minutesText(minutes)).toBe(expected);
  });
});

describe("summaryLine", () => {
  it("is one line that says whether the change can proceed", () => {
    expect(summaryLine(planOf())).toBe(
      "prod: 14 resources; 0 violations in 0 evaluations; rebuild 0 min",
    );
  });
});
