import { describe, expect, it } from "vitest";
import { AFTER, BEFORE, differenceOf, EVERYTHING } from "../fixtures/difference";
import { HOSTILE, known, planOf } from "../fixtures/plan";
import { LIMIT, renderDifferenceMarkdown } from "./markdown";

/** A plan with this many Deployments, each with an input of this length. */
const deployments = (number: number, size: number, value: string) => ({
  resources: Array.from({ length: number }, (_, n) => ({
    ...known.backend,
    urn: `${known.backend.urn}-${n}`,
    name: `workload-${n}`,
    inputs: { [`key-${n}`]: `${value}${n}`.repeat(size) },
  })),
});

describe("a difference as Markdown", () => {
  it("has a row for each stack, then sections in diff colours", () => {
    expect(renderDifferenceMarkdown(EVERYTHING)).toMatchInlineSnapshot(`
      "### Plans against <code>main</code> (0123456): 4 of 5 stacks change

      | Stack | Resources |  |  |
      | --- | --- | --- | --- |
      | <code>prod</code> | &#43;1 &#126;1 »1 ±1 -1 | <code>&#43;&#126;»±-</code> | **1 refused**, **1 new mandatory violation**, 1 violation gone, **1 objective newly missed**, rebuild 40 min → 1 h 15 min |
      | <code>staging</code> | &#43;1 &#126;1 »1 ±1 -1 | <code>&#43;&#126;»±-</code> | **1 refused**, **1 new mandatory violation**, 1 violation gone, **1 objective newly missed**, rebuild 40 min → 1 h 15 min |

      new: new stack, 14 resources

      old: stack removed, 14 resources

      unchanged: same

      **Replaced (1)**

      The cloud creates a new one and deletes the old one.

      \`\`\`diff
      - ± digitalocean:index:KubernetesCluster todo-chatbot (protected: the engine refuses)  in both stacks
          region: "nyc3" → "ams3"  (forces replacement)
      \`\`\`

      **Deleted (1)**

      \`\`\`diff
      - digitalocean:index:DatabaseKafkaTopic todo-chatbot-task-events  6 partitions RF 3 min ISR 2
          in both stacks
      \`\`\`

      **Renamed (1)**

      Same type and inputs under another name or parent. Without an alias, the engine creates a new one and deletes the old one.

      \`\`\`diff
      - » helm.sh/v3:Release dapr → dapr-2  in both stacks
      \`\`\`

      **Created (1)**

      \`\`\`diff
      + digitalocean:index:SpacesBucket todo-chatbot-archive (protected)  in both stacks
      \`\`\`

      **Changed (1)**

      \`\`\`diff
      ! ~ digitalocean:index:DatabaseCluster todo-chatbot-pubsub  in both stacks
          nodeCount: 3 → 5
      \`\`\`

      **Policies (2)**

      \`\`\`diff
      - newly violated: new
          Deployment todo-chatbot-backend: new is violated. — mandatory in both stacks
      + no longer violated: old
          Deployment todo-chatbot-backend: old is violated. — advisory in both stacks
      \`\`\`

      **Rebuild from nothing (1)**

      \`\`\`diff
      - ~ 40 min → 1 h 15 min  in both stacks
          newly missed  system: 40 min → 1 h 15 min of 1 h
      \`\`\`

      **Warnings (1)**

      \`\`\`diff
      ! new: soon to go  in both stacks
      \`\`\`

      **Order (1)**

      \`\`\`diff
      ! ~ Resources with changed dependencies (--json lists them): 2 in prod, 2 in staging
      \`\`\`

      "
    `);
  });

  it("folds long sections and shows short ones", () => {
    const found = differenceOf(
      { prod: planOf({ ...BEFORE, ...deployments(30, 1, "a") }) },
      { prod: planOf({ ...AFTER, ...deployments(30, 1, "b") }) },
    );
    const text = renderDifferenceMarkdown(found);
    expect(text).toContain("<details><summary><b>Changed (30)</b></summary>");
    expect(text).toContain("\n**Policies (2)**\n");
    expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? 0);
  });

  it.each([2_500, 5_000, LIMIT])(
    "is never longer than %i characters, and counts omitted entries",
    (limit) => {
      const found = differenceOf(
        { prod: planOf({ ...BEFORE, ...deployments(800, 19, "a") }) },
        { prod: planOf({ ...AFTER, ...deployments(800, 19, "b") }) },
      );
      const text = renderDifferenceMarkdown(found, limit);
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(text.length).toBeGreaterThan(limit / 3);
      const [, left, all] = /… and (\d+) more of (\d+) that do not fit here\./.exec(text) ?? [];
      expect(Number(all)).toBe(800);
      expect(800 - Number(left)).toBe(text.match(/^! ~ apps/gm)?.length ?? 0);
      // The short parts are complete.
      if (limit === LIMIT) expect(text).toContain("newly missed  system");
    },
  );

  it("lists at most sixty stacks", () => {
    const stacks = (plan: typeof BEFORE) =>
      Object.fromEntries(
        Array.from({ length: 70 }, (_, n) => [`s${n}`, { ...plan, stack: `s${n}` }]),
      );
    const text = renderDifferenceMarkdown(differenceOf(stacks(BEFORE), stacks(AFTER)));
    expect(text.match(/^\| <code>s/gm)).toHaveLength(60);
    expect(text).toContain("… and 10 more stacks.");
  });

  it("lets no name break out of its block", () => {
    const hostile = `${HOSTILE}\n\`\`\`\`\n</details><script>`;
    const found = differenceOf(
      { prod: planOf({ resources: [{ ...known.backend, name: hostile, inputs: { a: 1 } }] }) },
      {
        prod: planOf({
          stack: hostile,
          resources: [{ ...known.backend, name: hostile, inputs: { a: hostile } }],
        }),
      },
      { revision: { name: hostile, commit: "0123456789", subject: hostile } },
    );
    const text = renderDifferenceMarkdown(found);
    const [fence] = /^`{5,}(?=diff$)/m.exec(text) ?? [];
    expect(fence).toBe("`````");
    const outside = text
      .split(/^`{5}.*$/m)
      .filter((_, at) => at % 2 === 0)
      .join("");
    expect(outside).not.toMatch(/<script|@team|^# head/m);
    expect(outside).not.toContain("</details>");
  });
});
