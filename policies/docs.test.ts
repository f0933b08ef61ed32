import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { format, resolveConfig } from "prettier";
import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { POLICIES, policyNamed } from "./catalog";
import { policyPage, themePages, type StackExemption } from "./docs";
import { readExemptions } from "./exemptions";
import type { Policy } from "./policy";

const DOCS = join(__dirname, "..", "docs");
const UPDATE = process.env.UPDATE === "1";

/** Exemptions of the stack files beside `Pulumi.yaml`. */
function stackExemptions(): readonly StackExemption[] {
  const root = join(__dirname, "..");
  return readdirSync(root)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort()
    .flatMap((stack) => {
      const { config } = parse(readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8")) as {
        config: Readonly<Record<string, unknown>>;
      };
      const written = (config["runstack:policyExemptions"] ?? []) as readonly StackExemption[];
      return written.map((exemption) => ({ ...exemption, stack }));
    });
}

const pages: readonly (readonly [string, string])[] = [
  ["policies.md", policyPage(POLICIES, stackExemptions())],
  ...Object.entries(themePages(POLICIES)).map(
    ([theme, page]) => [`policies/${theme}.md`, page] as const,
  ),
];

describe("docs/policies.md", () => {
  it.each(pages)(
    "%s is what the policies say (UPDATE=1 npx vitest run policies/docs.test.ts writes it)",
    async (file, text) => {
      const path = join(DOCS, file);
      const options = await resolveConfig(path);
      const page = await format(text, { ...options, parser: "markdown" });
      if (UPDATE) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, page);
      }
      expect(readFileSync(path, "utf8")).toBe(page);
    },
  );

  it("has no page that no theme has", () => {
    const written = readdirSync(join(DOCS, "policies")).map((file) => `policies/${file}`);
    expect(written.sort()).toEqual(
      pages
        .slice(1)
        .map(([file]) => file)
        .sort(),
    );
  });

  it("shows an exemption that is one", () => {
    const [, yaml = ""] = /```yaml\n([^]*?)```/.exec(policyPage(POLICIES)) ?? [];
    const { config } = parse(yaml) as { config: Record<string, unknown> };
    const exemptions = readExemptions(config["runstack:policyExemptions"], "2027-03-31");
    const urn =
      "urn:pulumi:prod::runstack::kubernetes:apps/v1:Deployment::todo-chatbot-legacy-importer";
    expect(exemptions.faults(new Set(["container-probes"]), [urn])).toEqual([]);
    expect(exemptions.cover("container-probes", urn)).toBe(true);
  });
});

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
      "| [`image-pinned`](policies/images.md#image-pinned) | This \\| that. | [PO-03; CKV_K8S_14](https://example.com/images) | high | mandatory; advisory in staging |",
    );
    expect(rows).toContain("| `image-pinned` | `digest` | Why | `false` |");
  });

  it.each([
    [{ production: "mandatory", staging: "disabled" }, "mandatory in production"],
    [{ production: "advisory", staging: "advisory" }, "advisory"],
  ] as const)("says of %j that it is %s", (levels, text) => {
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

  it("refuses a theme that it has no heading for", () => {
    const policy: Policy = { ...policyNamed("image-pinned"), themes: ["colour"] };
    expect(() => policyPage([policy])).toThrow(
      new Error(
        'The policy "image-pinned" has the first theme "colour"; it must be one of runbook, recovery, pod-security, workloads, availability, resources, images, jobs, network, tls, secrets, rbac, metadata, storage, logging, clusters, databases, caches, messaging, iam, keys, program, governance.',
      ),
    );
  });
});

describe("themePages", () => {
  it("says of each policy what it prevents, what to write and what can be configured", () => {
    const policy: Policy = {
      ...policyNamed("image-pinned"),
      remedy: () => [],
      configuration: {
        properties: { digest: { type: "boolean", description: "Why.", default: false } },
      },
    };
    expect(themePages([policy])).toEqual({
      images: [
        "# Images",
        "Generated from `policies/` by `UPDATE=1 npx vitest run policies/docs.test.ts`; do not edit by hand.",
        "[All policies](../policies.md)",
        "## image-pinned",
        `${policy.severity} · mandatory; advisory in staging · [${policy.clause.reference}](${policy.clause.url ?? ""})`,
        policy.description,
        `**Prevents:** ${policy.prevents}`,
        `**To pass:** ${policy.remediation}`,
        "At the level `remediate` the policy writes this itself.",
        "**Configuration**",
        "- `digest`: Why. Default: `false`.",
      ].join("\n\n"),
    });
  });
});
