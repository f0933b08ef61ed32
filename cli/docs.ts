/**
 * `npm run -s docs`: writes what is documented from code. What is committed is compared by a test; the
 * pages of the policies are built into out/ only.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { listStacks, loadStack } from "../offline/stack-files";
import { POLICIES } from "../policies/catalog";
import { policyPage, themePages, type StackExemption } from "../policies/docs";
import { EXEMPTIONS_KEY } from "../policies/exemptions";
import { contractPage } from "../reports/contract";
import { configurationPage, withConfigBlock } from "../settings/docs";
import { SYSTEMS } from "../systems";

/** By path in the repository: a function from the current text to the new one. */
export const DOCUMENTS: Readonly<Record<string, (before: string) => string>> = {
  "Pulumi.yaml": withConfigBlock,
  "docs/configuration.md": configurationPage,
  "docs/application-contract.md": () => contractPage(Object.values(SYSTEMS)),
};

const ROOT = join(__dirname, "..");
/** Where pages are built that git does not keep. */
const BUILT = "out/docs";

/** Empty if the file does not exist yet. */
export function read(path: string): string {
  try {
    return readFileSync(join(ROOT, path), "utf8");
  } catch {
    return "";
  }
}

/** The pages of the policies, by path below `out/docs`. */
export const policyDocuments = (): Readonly<Record<string, string>> => ({
  "policies.md": policyPage(POLICIES, stackExemptions()),
  ...Object.fromEntries(
    Object.entries(themePages(POLICIES)).map(([theme, page]) => [`policies/${theme}.md`, page]),
  ),
});

function stackExemptions(): readonly StackExemption[] {
  return listStacks(ROOT).flatMap((stack) => {
    const written = loadStack(ROOT, stack).config.values[EXEMPTIONS_KEY] ?? "[]";
    const exemptions = JSON.parse(written) as readonly Omit<StackExemption, "stack">[];
    return exemptions.map((exemption) => ({ ...exemption, stack }));
  });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}

export function run(): void {
  for (const [path, text] of Object.entries(DOCUMENTS)) write(path, text(read(path)));
  // A theme that is gone leaves no page behind.
  rmSync(join(ROOT, BUILT, "policies"), { recursive: true, force: true });
  const pages = Object.entries(policyDocuments());
  for (const [path, text] of pages) write(join(BUILT, path), `${text}\n`);
  const names = Object.keys(DOCUMENTS).join(" and ");
  console.log(`Wrote ${names}, and ${pages.length} pages of the policies to ${BUILT}/.`);
}
