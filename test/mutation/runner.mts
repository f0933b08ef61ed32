/**
 * A test runner that runs each test once as it is, and then once more for every mutant whose condition
 * it asked and that no test has failed for yet.
 */
import { setMaxListeners } from "node:events";
import { appendFileSync } from "node:fs";
import { TestRunner, type RunnerTestCase } from "vitest";
import { MutationSwitch } from "./switch.js";
import { SWITCH } from "./mutants.js";

const mutation = new MutationSwitch();
Reflect.set(globalThis, SWITCH, mutation);

const killed = new Set<string>();

/** One line for each mutant that was asked, and one for each that a test failed for. */
function record(what: "asked" | "killed", id: string): void {
  appendFileSync(process.env["MUTATION_LOG"] ?? "/dev/null", `${what} ${id}\n`);
}

export default class MutationRunner extends TestRunner {
  async runTask(test: RunnerTestCase): Promise<void> {
    const run = TestRunner.getTestFn(test);
    // Each run listens for the test's end, and there are many.
    setMaxListeners(0, test.context.signal);
    mutation.asked.clear();
    await run();
    for (const id of [...mutation.asked]) {
      if (killed.has(id)) continue;
      record("asked", id);
      mutation.active = id;
      try {
        await run();
      } catch {
        killed.add(id);
        record("killed", id);
      } finally {
        mutation.active = undefined;
      }
    }
  }
}
