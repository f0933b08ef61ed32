/** For tests: runs one of the programs in `fixtures/programs` as its own project. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { previewStack, type Preview, type PreviewOptions } from "./host";
import type { PlannedResource } from "./plan";
import { loadStack } from "./stack-files";

const FIXTURES = join(__dirname, "fixtures");
export const POLICY_PACK = join(FIXTURES, "policy-pack");

const PROJECT = `name: fixture
runtime:
  name: nodejs
  options:
    typescript: false
    nodeargs: "--require=tsx/cjs"
`;

interface Fixture {
  /** File in `fixtures/programs`, with its extension. */
  readonly program: string;
  /** The `config:` block of Pulumi.yaml, as YAML. */
  readonly declarations?: string;
  /** The `config:` block of the stack `dev`, as YAML. */
  readonly config?: string;
}

/** Writes the project into a new temporary directory, which the caller removes. */
export function writeProject(fixture: Fixture): string {
  const dir = mkdtempSync(join(tmpdir(), "offline-"));
  const entry = fixture.program.endsWith(".ts") ? "index.ts" : "index.js";
  const declared = fixture.declarations === undefined ? "" : `config:\n${fixture.declarations}`;
  writeFileSync(join(dir, "Pulumi.yaml"), `${PROJECT}main: ${entry}\n${declared}`);
  writeFileSync(
    join(dir, "Pulumi.dev.yaml"),
    `config:\n${fixture.config ?? "  other:key: value\n"}`,
  );
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name: "fixture" }));
  mkdirSync(join(dir, "files"));
  writeFileSync(join(dir, "files", "note.txt"), "note");
  copyFileSync(join(FIXTURES, "programs", fixture.program), join(dir, entry));
  symlinkSync(resolve(__dirname, "..", "node_modules"), join(dir, "node_modules"));
  return dir;
}

export async function previewFixture(
  fixture: Fixture | string,
  options: Partial<PreviewOptions> = {},
): Promise<Preview & { readonly dir: string }> {
  const dir = writeProject(typeof fixture === "string" ? { program: fixture } : fixture);
  try {
    const preview = await previewStack({
      projectDir: dir,
      stack: loadStack(dir, "dev"),
      ...options,
    });
    return { ...preview, dir };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** `urn:pulumi:dev::fixture::<type>::<name>` */
export const urnOf = (type: string, name: string): string =>
  `urn:pulumi:dev::fixture::${type}::${name}`;

/** The resource of a name; names are unique in the fixtures. */
export function resourceNamed(preview: Preview, name: string): PlannedResource {
  const found = preview.resources.filter((resource) => resource.name === name);
  const [resource] = found;
  if (resource === undefined || found.length > 1) {
    throw new Error(`${String(found.length)} resources are named ${name}`);
  }
  return resource;
}

export const errorsOf = (preview: Preview): string[] =>
  preview.diagnostics.filter((item) => item.severity === "error").map((item) => item.message);
