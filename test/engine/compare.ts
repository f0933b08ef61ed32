/**
 * `npm run test:engine [stack ...]`: previews every stack (or those named) with the real engine and
 * compares it with the offline plan: the same resources in the same order of creation, the same
 * inputs, secrets, unknowns and options, the same policy verdicts. Needs `pulumi` on the PATH; without its language
 * host beside it, our own plugins are used. Ends with 1 if there is a difference, and with 77 if a stack could not be
 * compared.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { previewStack } from "../../offline/host";
import { listStacks, loadStack } from "../../offline/stack-files";
import {
  copyProject,
  pathWithPulumi,
  SKIPPED,
  withOwnPlugins,
} from "../../rehearsal/engine/engine";
import { compare, fromPlan } from "./observed";
import { enginePreview } from "./preview";

const PROJECT = join(__dirname, "..", "..");

/** The engine's message that it has no plugin and cannot get one. */
const NO_PLUGIN =
  /(no resource plugin|could not (install|download|find)[^\n]*plugin|plugin[^\n]*(not found|not installed))/i;

async function main(chosen: readonly string[]): Promise<number> {
  const path = pathWithPulumi();
  if (path === undefined) {
    console.log(
      "skipped: the comparison with the real engine, because there is no pulumi on the PATH",
    );
    return SKIPPED;
  }
  const root = copyProject(PROJECT);
  process.env["PATH"] = withOwnPlugins(path, join(root, "plugins"), false);
  const found: (number | undefined)[] = [];
  try {
    // One after the other, because each uses all memory and CPUs.
    for (const name of chosen.length > 0 ? chosen : listStacks(PROJECT)) {
      found.push(await compareStack(root, name));
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  if (found.some((one) => one !== undefined && one > 0)) return 1;
  return found.includes(undefined) ? SKIPPED : 0;
}

/** Prints the differences and returns their number; undefined if a required plugin is missing. */
async function compareStack(root: string, name: string): Promise<number | undefined> {
  // From the copy, so that both sides see the same files even if they change meanwhile.
  const projectDir = join(root, "project");
  const started = performance.now();
  const engine = await enginePreview(root, name).catch((error: unknown) => {
    console.log(`${name}: skipped, because a plugin cannot be had: ${missingPlugin(error)}`);
  });
  if (engine === undefined) return undefined;
  const previewed = performance.now();
  const plan = await previewStack({
    projectDir,
    stack: loadStack(projectDir, name),
    policyPackDir: join(projectDir, "policies"),
  });
  const differing = compare(engine, fromPlan(plan));
  console.log(
    [
      `${name}: ${String(engine.resources.size)} resources`,
      `${String(engine.verdicts.size)} verdicts`,
      `${String(differing.length)} differences`,
      `the engine took ${seconds(previewed - started)}, the plan ${seconds(performance.now() - previewed)}`,
    ].join(", "),
  );
  for (const one of differing) console.log(`  ${one}`);
  return differing.length;
}

/** @throws the error itself if it is about something else */
function missingPlugin(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split("\n").find((one) => NO_PLUGIN.test(one));
  if (line === undefined) throw error;
  return line.trim();
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
