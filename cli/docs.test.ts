import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { POLICIES } from "../policies/catalog";
import { readExemptions } from "../policies/exemptions";
import { DOCUMENTS, policyDocuments, read } from "./docs";

it.each(Object.entries(DOCUMENTS))("%s is what `npm run -s docs` writes", (path, write) => {
  const text = read(path);
  expect(write(text)).toBe(text);
});

describe("the pages of the policies", () => {
  const pages = policyDocuments();

  it("are a list, and a page for each theme that is linked from it", () => {
    const { "policies.md": index = "", ...themes } = pages;
    const linked = [...index.matchAll(/\]\((policies\/[a-z-]+\.md)#/g)].map(([, path]) => path);
    expect(new Set(linked)).toEqual(new Set(Object.keys(themes)));
    expect(linked).toHaveLength(POLICIES.length);
    expect(index).toContain("`docs/enforcement.md`");
  });

  it("say of each policy its rule, its fix, and a configuration", () => {
    for (const { name, themes, description, remediation } of POLICIES) {
      const page = pages[`policies/${themes[0] ?? ""}.md`] ?? "";
      const own = page.slice(page.indexOf(`## ${name}\n`)).split("\n## ")[0] ?? "";
      for (const text of [description, remediation, "```yaml"]) expect(own).toContain(text);
    }
  });
});

it("docs/enforcement.md shows an exemption that is one", () => {
  const page = readFileSync(join(__dirname, "..", "docs", "enforcement.md"), "utf8");
  const [, yaml = ""] = /```yaml\n([^]*?)```/.exec(page) ?? [];
  const { config } = parse(yaml) as { config: Record<string, unknown> };
  const exemptions = readExemptions(config["runstack:policyExemptions"], { day: "2027-03-31" });
  const urn =
    "urn:pulumi:prod::runstack::kubernetes:apps/v1:Deployment::todo-chatbot-legacy-importer";
  expect(exemptions.faults(new Set(["container-probes"]), [urn])).toEqual([]);
  expect(exemptions.cover("container-probes", urn)).toBe(true);
});
