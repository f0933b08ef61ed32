/** `npm run -s docs`: writes what is documented from code. A test compares the files with it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configurationPage, withConfigBlock } from "../settings/docs";

/** By path in the repository: the file's text from what it is now. */
export const DOCUMENTS: Readonly<Record<string, (before: string) => string>> = {
  "Pulumi.yaml": withConfigBlock,
  "docs/configuration.md": configurationPage,
};

const ROOT = join(__dirname, "..");

/** Empty where there is no such file yet. */
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
