import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { POLICIES, policyNamed } from "./catalog";
import { configurePack } from "./configuration";
import { exampleOf } from "./describe";
import { policyPage, themePages } from "./docs";
import type { Policy } from "./policy";
import { PROD } from "./testing";

describe("policyPage", () => {
  it("has one row for each policy, under its first theme", () => {
    const rows = policyPage(POLICIES)
      .slice(policyPage(POLICIES).indexOf("## The"))
      .matchAll(/^\| \[`([a-z0-9-]+)`\]\(policies\/([a-z-]+)\.md#\1\) \|/gm);
    expect([...rows].map(([, name, theme]) => `${name ?? ""} ${theme ?? ""}`).sort()).toEqual(
      POLICIES.map(({ name, themes: [first] }) => `${name} ${first ?? ""}`).sort(),
    );
  });

  it("writes clause, severity and enforcement, and keeps a bar inside its cell", () => {
    const policy: Policy = {
      ...policyNamed("image-pinned"),
      description: "This | that.",
      clause: { reference: "PO-03; CKV_K8S_14", url: "https://example.com/images" },
      configuration: {
        properties: { digest: { type: "boolean", description: "Why", default: false } },
      },
    };
    const rows = policyPage([policy]).split("\n");
    expect(rows.at(-1)).toBe(
      "| [`image-pinned`](policies/images.md#image-pinned) | This \\| that. | [PO-03; CKV_K8S_14](https://example.com/images) | high | mandatory in production, advisory in staging |",
    );
    expect(rows).toContain("| `image-pinned` | `digest` | Why | `false` |");
  });

  it.each([
    [
      { production: "mandatory", staging: "disabled" },
      "mandatory in production, disabled in staging",
    ],
    [{ production: "advisory", staging: "advisory" }, "advisory"],
  ] as const)("describes %j as %s", (levels, text) => {
    const policy: Policy = { ...policyNamed("image-pinned"), enforcement: levels };
    expect(policyPage([policy]).endsWith(` | ${text} |`)).toBe(true);
  });

  it("lists an exemption of several stacks once", () => {
    const exemption = {
      policy: "image-pinned",
      resource: "*::a",
      reason: "It moves.",
      owner: "us",
      expires: "2027-01-31",
    };
    const page = policyPage(POLICIES, [
      { ...exemption, stack: "prod" },
      { ...exemption, stack: "staging" },
    ]);
    expect(page).toContain(
      "\n| `image-pinned` | `*::a` | It moves. | us | 2027-01-31 | prod, staging |\n",
    );
    expect(policyPage(POLICIES)).toContain("No stack of this repository has an exemption.");
  });

  it("throws for a theme without a heading", () => {
    const policy: Policy = { ...policyNamed("image-pinned"), themes: ["colour"] };
    expect(() => policyPage([policy])).toThrow(
      new Error(
        'The policy "image-pinned" has the first theme "colour"; it must be one of runbook, recovery, api, pod-security, workloads, availability, resources, images, jobs, network, tls, secrets, rbac, metadata, storage, logging, clusters, databases, caches, messaging, iam, keys, program, governance.',
      ),
    );
  });
});

describe("exampleOf", () => {
  it.each(POLICIES.map((policy) => [policy.name, policy] as const))(
    "shows a valid configuration of %s",
    (name, policy) => {
      const example: unknown = parse(exampleOf(policy));
      expect(Object.keys(example as object)).toEqual([name]);
      expect(configurePack(POLICIES, PROD, example).size).toBe(POLICIES.length);
    },
  );

  it("shows each option that has an example, with a value other than the default if there is one", () => {
    expect(exampleOf(policyNamed("aws-eks-upgrade-policy"))).toContain('  supportType: "EXTENDED"');
    expect(exampleOf(policyNamed("image-registry-allowed"))).toBe(
      [
        "image-registry-allowed:",
        "  enforcementLevel: mandatory",
        '  allowed: ["registry.example.com/team", "docker.io/library"]',
      ].join("\n"),
    );
    expect(exampleOf(policyNamed("recommended-labels"))).toContain(
      '  labels: ["app.kubernetes.io/name"]\n  instanceIsName: true',
    );
  });
});

describe("themePages", () => {
  it("describes what each policy prevents, how to pass it and its options", () => {
    const policy: Policy = {
      ...policyNamed("image-pinned"),
      remediate: () => [],
      configuration: {
        properties: { digest: { type: "boolean", description: "Why.", default: false } },
      },
    };
    expect(themePages([policy])).toEqual({
      images: [
        "# Images",
        "Generated from `policies/` by `npm run -s docs`.",
        "[All policies](../policies.md)",
        "## image-pinned",
        `${policy.severity} · mandatory in production, advisory in staging · [${policy.clause.reference}](${policy.clause.url ?? ""})`,
        policy.description,
        `**Prevents:** ${policy.prevents}`,
        `**To pass:** ${policy.remediation}`,
        "At the level `remediate` the policy applies this fix itself.",
        "**Configuration**",
        "- `digest`, true or false: Why. Default: `false`.",
        "```yaml\nimage-pinned:\n  enforcementLevel: mandatory\n  digest: true\n```",
      ].join("\n\n"),
    });
  });

  it("has a page for each theme with policies, and no other", () => {
    const pages = themePages(["stateful-protected", "image-pinned"].map(policyNamed));
    expect(Object.keys(pages)).toEqual(["recovery", "images"]);
    expect(pages.images).toContain("## image-pinned");
    expect(pages.images).not.toContain("## stateful-protected");
  });

  it("omits a missing remediation, configuration and URL", () => {
    const { remediate, configuration, ...policy } = policyNamed("image-pinned");
    expect([remediate, configuration]).not.toEqual([undefined, undefined]);
    const bare: Policy = { ...policy, clause: { reference: "PO-03" } };
    const { images = "" } = themePages([bare]);
    expect(images.split("\n\n").slice(4)).toEqual([
      `${policy.severity} · mandatory in production, advisory in staging · PO-03`,
      policy.description,
      `**Prevents:** ${policy.prevents}`,
      `**To pass:** ${policy.remediation}`,
      "```yaml\nimage-pinned: advisory\n```",
    ]);
  });

  it("omits a missing description of an option", () => {
    const properties = { digest: { type: "boolean" as const, default: true } };
    const policy: Policy = { ...policyNamed("image-pinned"), configuration: { properties } };
    expect(themePages([policy]).images).toContain(
      "\n- `digest`, true or false: . Default: `true`.",
    );
  });
});
