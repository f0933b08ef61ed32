import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { format, resolveConfig } from "prettier";
import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { POLICIES } from "./catalog";
import { policyPage, themePages, type StackExemption } from "./docs";
import { readExemptions } from "./exemptions";

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
    const exemptions = readExemptions(config["runstack:policyExemptions"], { day: "2027-03-31" });
    const urn =
      "urn:pulumi:prod::runstack::kubernetes:apps/v1:Deployment::todo-chatbot-legacy-importer";
    expect(exemptions.faults(new Set(["container-probes"]), [urn])).toEqual([]);
    expect(exemptions.cover("container-probes", urn)).toBe(true);
  });
});
