import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { POLICIES, policyNamed } from "./catalog";
import { policyPage } from "./docs";
import { readExemptions } from "./exemptions";
import type { Policy } from "./policy";

const PAGE = join(__dirname, "..", "docs", "policies.md");

describe("docs/policies.md", () => {
  it("is what the policies say (UPDATE=1 npx vitest run policies/docs.test.ts writes it)", async () => {
    const options = await resolveConfig(PAGE);
    const page = await format(policyPage(POLICIES), { ...options, parser: "markdown" });
    if (process.env.UPDATE === "1") writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, "utf8")).toBe(page);
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
      .match(/^\| `[a-z0-9-]+` \|/gm);
    expect([...(rows ?? [])].sort()).toEqual(POLICIES.map(({ name }) => `| \`${name}\` |`).sort());
  });

  it("writes clause, severity and enforcement, and keeps a bar inside its cell", () => {
    const policy: Policy = { ...policyNamed("image-pinned"), prevents: "This | that." };
    const rows = policyPage([policy]).split("\n");
    expect(rows.at(-1)).toBe(
      "| `image-pinned` | Images carry a tag other than latest, or a digest. | This \\| that. | [PO-03](https://kubernetes.io/docs/concepts/containers/images/#image-names) | high | mandatory; advisory in staging |",
    );
    expect(rows).toContain(
      "| `image-pinned` | `digest` | Whether a tag is not enough: the image needs a digest | `false` |",
    );
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
