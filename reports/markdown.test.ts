import { describe, expect, it } from "vitest";
import { HOSTILE, known, planOf, resource } from "./fixtures/plan";
import { renderMarkdown } from "./markdown";

describe("renderMarkdown", () => {
  it("is short if there are no problems", () => {
    expect(renderMarkdown(planOf({ resources: [known.vpc] }))).toBe(`## ✅ Plan of <code>prod</code>

|  |  |
| --- | --- |
| System | todo-chatbot, prod |
| Cloud | digitalocean, nyc3 |
| Resources | 1: 0 components, 1 digitalocean |
| Policies | 0 violations in 0 evaluations |
| Rebuild | 0 min |

<details><summary>Resources</summary>

<pre>
digitalocean:index:Vpc   todo-chatbot 10.10.0.0/20, nyc3
</pre>

</details>
`);
  });

  it("lists violations, policies that could not run, and objectives", () => {
    const text = renderMarkdown(
      planOf({
        policies: {
          violations: [
            {
              policy: "replicas",
              enforcement: "mandatory",
              urn: known.backend.urn,
              message: "One replica is none.\nhas 1 replica.\n  Set 2.",
              clause: "PO-01",
            },
          ],
          failures: [{ policy: "broken", urn: "", message: "no" }],
          evaluated: 9,
          descriptions: [
            {
              name: "replicas",
              title: "Several replicas",
              description: "One replica is none.",
              remediation: "Set *spec.replicas*.",
              url: "",
              severity: "",
            },
          ],
        },
        estimate: {
          rebuildMinutes: 40,
          criticalPath: [],
          objectives: [
            { of: "kafka", rtoMinutes: 30, estimateMinutes: 40, met: false, clause: "P5-07" },
            { of: "namespace", rtoMinutes: 9, estimateMinutes: 7, met: false, clause: "P5-08" },
          ],
        },
      }),
    );
    expect(text.split("\n").slice(0, 26).join("\n")).toBe(`## ❌ Plan of <code>prod</code>

|  |  |
| --- | --- |
| System | todo-chatbot, prod |
| Cloud | digitalocean, nyc3 |
| Resources | 14: 3 components, 4 digitalocean, 7 kubernetes |
| Policies | 1 mandatory violation in 9 evaluations, 1 policy could not run |
| Rebuild | 40 min, **1 objective missed**, **1 objective without a procedure** |

### Policies

- <code>broken</code> could not run on <code>the stack as a whole</code>: no
- **mandatory** <code>replicas</code> (PO-01): Several replicas. One replica is none. Fix: Set &#42;spec.replicas&#42;.
  - <code>Deployment todo-chatbot-backend</code>: has 1 replica. Set 2.

### Rebuild from nothing

| Objective | Estimate | RTO |  | Clause |
| --- | --- | --- | --- | --- |
| <code>kafka</code> | 40 min | 30 min | **missed** | P5-07 |
| <code>namespace</code> | 7 min | 9 min | no procedure | P5-08 |

<details><summary>Resources</summary>

<pre>`);
  });

  it("lets no name break out of its cell, list item or code", () => {
    const evil = { policy: HOSTILE, urn: HOSTILE, message: HOSTILE };
    const text = renderMarkdown(
      planOf({
        stack: HOSTILE,
        resources: [resource({ type: "a:b:C", name: `</pre>${HOSTILE}`, parent: null })],
        policies: {
          violations: [{ ...evil, enforcement: "advisory", clause: HOSTILE }],
          failures: [evil],
          evaluated: 1,
        },
      }),
    );
    const [before] = text.split("<pre>");
    expect(before).not.toMatch(/<img|\[a\]|`|@team|\u202e/);
    expect(text).not.toMatch(/<img|\u202e/);
    expect(text.match(/<\/?pre>/g)).toEqual(["<pre>", "</pre>"]);
    expect(text.split("\n").filter((line) => /^\s*#/.test(line))).toHaveLength(2);
  });

  it("cuts a tree that is too long for a page", () => {
    const many = Array.from({ length: 1003 }, (_, n) =>
      resource({ type: "a:b:C", name: `c${n}`, parent: null }),
    );
    expect(renderMarkdown(planOf({ resources: many }))).toContain("\n… and 3 more\n</pre>");
  });
});
