/** A preview by the real engine, as what can be compared with a plan. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { openStack } from "../../rehearsal/engine/engine";
import { fromEngine, type Goal, type Observed } from "./observed";

/** `root` is a folder that `copyProject` made. */
export async function enginePreview(root: string, stackName: string): Promise<Observed> {
  const stack = await openStack(root, stackName);
  const plan = join(root, `${stackName}.json`);
  const events: EngineEvent[] = [];
  try {
    await stack.preview({
      plan,
      policyPacks: [join(root, "project", "policies")],
      onEvent: (event) => events.push(event),
    });
  } catch (error) {
    // A mandatory violation also fails a preview. A failure without policy events is an error.
    if (!events.some(({ policyEvent }) => policyEvent?.enforcementLevel === "mandatory"))
      throw error;
  }
  return fromEngine(events, existsSync(plan) ? goalsIn(plan) : new Map());
}

/** The engine's goal for each resource; a failed preview writes none. */
function goalsIn(file: string): ReadonlyMap<string, Goal> {
  const { resourcePlans } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly resourcePlans: Readonly<Record<string, { readonly goal: Goal }>>;
  };
  return new Map(Object.entries(resourcePlans).map(([urn, { goal }]) => [urn, goal]));
}
