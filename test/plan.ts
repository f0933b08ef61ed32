import { join } from "node:path";
import { previewStack } from "../offline/host";
import type { Plan } from "../offline/plan";
import { loadStack, type StackFile } from "../offline/stack-files";
import { assemble, recoveryTimes } from "../reports/assemble";
import { secretsOf } from "../settings/secrets";
import { SYSTEMS, type SystemId } from "../systems";

/** The repository, which whole-system tests plan. */
export const PROJECT = join(__dirname, "..");

const plans = new Map<string, Promise<Plan>>();

/** The plan of a stack of this repository, made once for all test files of a worker: nobody may change it. */
export function planned(stack: string): Promise<Plan> {
  const plan = plans.get(stack) ?? planOf(stack);
  plans.set(stack, plan);
  return plan;
}

/** The plan of a stack of this repository, or of a stack file that a test created. */
export async function planOf(stack: string | StackFile): Promise<Plan> {
  const file = typeof stack === "string" ? loadStack(PROJECT, stack) : stack;
  const { values } = file.config;
  const system = SYSTEMS[values["runstack:system"] as SystemId];
  const preview = await previewStack({
    projectDir: PROJECT,
    stack: file,
    policyPackDir: join(PROJECT, "policies"),
    policyFacts: (resources) => recoveryTimes(resources, system),
  });
  if (preview.failed) {
    throw new Error(preview.diagnostics.map(({ message }) => message).join("\n"));
  }
  const secrets = secretsOf(values);
  return assemble(
    preview,
    { name: file.name, config: values, ...(secrets && { secrets }) },
    system,
  );
}
