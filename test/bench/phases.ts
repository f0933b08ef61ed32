/** Runs one plan in its own process, phase by phase, and prints the phases as JSON. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { previewStack } from "../../offline/host";
import { loadStack } from "../../offline/stack-files";
import { assemble } from "../../reports/assemble";
import { renderText } from "../../reports/text";

export interface Phases {
  readonly loadMs: number;
  readonly programMs: number;
  readonly policiesMs: number;
  readonly reportMs: number;
  readonly resources: number;
}

async function phases(projectDir: string, stack: string, packDir: string): Promise<Phases> {
  const file = loadStack(projectDir, stack);
  const pack = existsSync(join(packDir, "PulumiPolicy.yaml")) ? { policyPackDir: packDir } : {};
  const preview = await previewStack({ projectDir, stack: file, ...pack });
  if (preview.failed) {
    throw new Error(preview.diagnostics.map(({ message }) => message).join("\n"));
  }
  const started = performance.now();
  renderText(assemble(preview, { name: stack, config: file.config.values }));
  const reportMs = performance.now() - started;
  return { ...preview.phases, reportMs, resources: preview.resources.length };
}

const [projectDir = ".", stack = "prod", packDir = "policies"] = process.argv.slice(2);
phases(projectDir, stack, packDir).then(
  (result) => {
    process.stderr.write(JSON.stringify(result));
  },
  (error: unknown) => {
    process.stderr.write(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  },
);
