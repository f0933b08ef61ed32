/**
 * `npm run -s docs`: writes the documentation that is generated from code. A test checks that it is up to
 * date.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configurationPage, withConfigBlock } from "../settings/docs";

/** By path in the repository: a function from the current text to the new one. */
export const DOCUMENTS: Readonly<Record<string, (before: string) => string>> = {
  "Pulumi.yaml": withConfigBlock,
  "docs/configuration.md": configurationPage,
};

const ROOT = join(__dirname, "..");

/** Empty if the file does not exist yet. */
export function read(path: string): string {
  try {
    return readFileSync(join(ROOT, path), "utf8");
  } catch {
    return "";
  }
}

if (require.main === module) {
  for (const [path, write] of Object.entries(DOCUMENTS)) {
    writeFileSync(join(ROOT, path), write(read(path)));
  }
}
