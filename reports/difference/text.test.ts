import { describe, expect, it } from "vitest";
import { AFTER, BEFORE, differenceOf, EVERYTHING } from "../fixtures/difference";
import { HOSTILE, known, planOf } from "../fixtures/plan";
import { columns } from "../width";
import { renderDifference } from "./text";

describe("a difference as text", () => {
  it("shows the stacks first, then the changes, most serious first", () => {
    expect(renderDifference(EVERYTHING)).toMatchInlineSnapshot(`
      "Against main (0123456 the last change)

        prod     +1 ~1 »1 ±1 -1  +~»±-  1 refused, 1 new mandatory violation, 1 violation gone,
                                        1 objective newly missed, rebuild 40 min → 1 h 15 min
        staging  +1 ~1 »1 ±1 -1  +~»±-  1 refused, 1 new mandatory violation, 1 violation gone,
                                        1 objective newly missed, rebuild 40 min → 1 h 15 min
        new: new stack, 14 resources
        old: stack removed, 14 resources
        unchanged: same

      Replaced
        The cloud creates a new one and deletes the old one.
        ± digitalocean:index:KubernetesCluster todo-chatbot (protected: the engine refuses)
            in both stacks
            region: "nyc3" → "ams3"  (forces replacement)

      Deleted
        - digitalocean:index:DatabaseKafkaTopic todo-chatbot-task-events  6 partitions RF 3 min ISR 2
            in both stacks

      Renamed
        Same type and inputs under another name or parent. Without an alias, the engine creates a new one
        and deletes the old one.
        » helm.sh/v3:Release dapr → dapr-2  in both stacks

      Created
        + digitalocean:index:SpacesBucket todo-chatbot-archive (protected)  in both stacks

      Changed
        ~ digitalocean:index:DatabaseCluster todo-chatbot-pubsub  in both stacks
            nodeCount: 3 → 5

      Policies
        + newly violated: new
            Deployment todo-chatbot-backend: new is violated. — mandatory in both stacks
        - no longer violated: old
            Deployment todo-chatbot-backend: old is violated. — advisory in both stacks

      Rebuild from nothing
        ~ 40 min → 1 h 15 min  in both stacks
            newly missed  system: 40 min → 1 h 15 min of 1 h

      Warnings
        + new: soon to go  in both stacks

      Order
        ~ Resources with changed dependencies (--json lists them): 2 in prod, 2 in staging

      4 of 5 stacks change
      "
    `);
  });

  it("does not name the stack if only one changes", () => {
    const text = renderDifference(differenceOf({ prod: BEFORE }, { prod: AFTER }));
    expect(text).not.toContain(" stacks");
    expect(text.endsWith("\n1 of 1 stack changes\n")).toBe(true);
  });

  it("reports that nothing changes, and what could not be compared", () => {
    expect(renderDifference(differenceOf({ prod: BEFORE }, { prod: BEFORE }))).toBe(
      "Against main (0123456 the last change)\n\n  unchanged: prod\n\nnothing changes in 1 stack\n",
    );
    const failed = [{ stack: "prod", side: "revision" as const, errors: ["It is broken."] }];
    expect(renderDifference(differenceOf({}, { prod: BEFORE }, { failed }))).toBe(
      "Against main (0123456 the last change)\n\n  prod: could not be planned at the revision\n\n" +
        "nothing changes in the 0 stacks that could be planned\n",
    );
  });

  it("fits a hundred columns and colours only on demand, with any names", () => {
    const hostile = planOf({
      resources: [{ ...known.backend, name: HOSTILE, inputs: { [HOSTILE]: HOSTILE.repeat(9) } }],
      policies: {
        violations: [
          { policy: HOSTILE, enforcement: "mandatory", urn: "", message: HOSTILE, clause: "" },
        ],
        failures: [],
        evaluated: 1,
      },
      diagnostics: [{ severity: "warning", message: HOSTILE, urn: "" }],
    });
    const before = planOf({ resources: [{ ...known.backend, name: HOSTILE }] });
    const found = differenceOf({ prod: before, x: BEFORE }, { prod: hostile, x: AFTER });
    const plain = renderDifference(found);
    expect(plain.split("\n").filter((line) => columns(line) > 100)).toEqual([]);
    expect(plain.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    const coloured = renderDifference(found, { colour: true });
    const [first, ...more] = coloured.split("\u001b");
    expect([first, ...more.map((part) => part.replace(/^\[\d+m/, ""))].join("")).toBe(plain);
    expect(coloured).toContain("\u001b[31m");
  });

  it("gives the number of omitted changes", () => {
    const many = (value: number) =>
      planOf({
        resources: [
          {
            ...known.backend,
            inputs: Object.fromEntries(
              Array.from({ length: 20 }, (_, n) => [`key${n}`, `${n} ${value}`]),
            ),
          },
        ],
      });
    expect(renderDifference(differenceOf({ prod: many(1) }, { prod: many(2) }))).toContain(
      '      key11: "11 1" → "11 2"\n      … 8 more changes (--json lists all)\n',
    );
  });

  it("shows each message of a policy once, with its levels and fix", () => {
    const violated = (stack: string, enforcement: "mandatory" | "advisory", system: string) =>
      planOf({
        ...{ stack, system },
        policies: {
          violations: [
            {
              ...{ policy: "replicas", enforcement, clause: "" },
              urn: known.backend.urn.replace("todo-chatbot", system),
              message: "Several replicas run.\nhas 1 replica.\nIt had 2.",
            },
          ],
          failures: [],
          evaluated: 1,
          descriptions: [
            {
              ...{ name: "replicas", title: "Several replicas", url: "", severity: "high" },
              ...{ description: "Several replicas run.", remediation: "Set spec.replicas to 2." },
            },
          ],
        },
      });
    const clean = (stack: string, system: string) => planOf({ stack, system });
    const found = differenceOf(
      { a: clean("a", "one"), b: clean("b", "two"), c: clean("c", "two") },
      {
        a: violated("a", "mandatory", "one"),
        b: violated("b", "advisory", "two"),
        c: violated("c", "mandatory", "two"),
      },
    );
    expect(renderDifference(found).split("\n").slice(6, 12)).toEqual([
      "Policies",
      "  + newly violated: replicas, Several replicas",
      "      to fix: Set spec.replicas to 2.",
      "      Deployment …-backend: has 1 replica. — mandatory in 2 stacks: a, c; advisory in b",
      "",
      "3 of 3 stacks change",
    ]);
  });

  it("lists resources with the same change together, by what they have in common", () => {
    const all = (value: string, ...types: readonly string[]) =>
      planOf({
        resources: types.map((type, n) => ({
          ...known.backend,
          ...{ type, urn: `${type}-${n}`, name: `todo-chatbot-w${n}`, inputs: { value } },
        })),
      });
    const title = (...types: readonly string[]) =>
      renderDifference(differenceOf({ p: all("a", ...types) }, { p: all("b", ...types) }))
        .split("\n")
        .filter((line) => line.startsWith("  ~"));
    const [deployment, service] = ["kubernetes:apps/v1:Deployment", "kubernetes:core/v1:Service"];
    expect(title(deployment, deployment)).toEqual(["  ~ 2 × apps/v1:Deployment: …-w0, …-w1"]);
    expect(title(deployment, service)).toEqual(["  ~ 2 resources: Deployment …-w0, Service …-w1"]);
    expect(title(...Array.from({ length: 9 }, () => service))).toEqual([
      "  ~ 9 × core/v1:Service: …-w0, …-w1, …-w2, …-w3 and 5 more",
    ]);
  });
});
