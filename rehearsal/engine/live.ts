/** Updates of a stack by the real engine, with the policy pack and simulated clouds: nothing is created anywhere. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent, OpMap, Stack } from "@pulumi/pulumi/automation";
import { loadStack } from "../../offline/stack-files";
import { startClouds } from "../clouds/clouds";
import type { Clouds } from "../contract";
import { secretsOf } from "../secrets";
import { copyProject, openStack, pathWithPulumi, SKIPPED, withOwnPlugins } from "./engine";

const PROJECT = join(__dirname, "..", "..");

/** A stack in a state of its own, with a value for every secret that its `up` asks for. */
export interface Live {
  readonly name: string;
  readonly root: string;
  readonly stack: Stack;
  readonly clouds: Clouds;
}

/** Prints the faults that `play` returns, and ends the process with 1 if there are any, or 77 without an engine. */
export async function withEngine(
  name: string,
  play: (live: Live) => Promise<readonly string[]>,
): Promise<void> {
  const path = pathWithPulumi();
  if (path === undefined) {
    console.log("skipped: an up with the real engine, because there is no pulumi on the PATH");
    process.exitCode = SKIPPED;
    return;
  }
  const root = copyProject(PROJECT);
  process.env["PATH"] = withOwnPlugins(path, join(root, "plugins"), true);
  const clouds = await startClouds({ file: join(root, "clouds.json") });
  Object.assign(process.env, clouds.environment);
  try {
    const stack = await openStack(root, name);
    for (const [key, value] of secretsOf(loadStack(PROJECT, name))) {
      await stack.setConfig(`runstack:secrets.${key}`, { value, secret: true }, true);
    }
    const faults = await play({ name, root, stack, clouds });
    for (const fault of faults) console.log(`  ${fault}`);
    process.exitCode = faults.length === 0 ? 0 : 1;
  } finally {
    await clouds.close();
    rmSync(root, { recursive: true, force: true });
  }
}

export interface Updated {
  readonly changes: OpMap;
  /** Of mandatory policies and, without one, of the engine. */
  readonly faults: readonly string[];
  readonly events: readonly EngineEvent[];
}

/** With the policy pack, as the README writes it. */
export async function up({ stack, root, name }: Live): Promise<Updated> {
  const events: EngineEvent[] = [];
  const policyPacks = [join(root, "project", "policies")];
  let failure = "";
  const result = await timed(`${name}: up`, () =>
    stack.up({ policyPacks, onEvent: (event) => events.push(event) }).catch((error: unknown) => {
      failure = error instanceof Error ? error.message : String(error);
    }),
  );
  const violations = events.flatMap(({ policyEvent }) =>
    policyEvent?.enforcementLevel === "mandatory" || /can't run/u.test(policyEvent?.message ?? "")
      ? [`${policyEvent?.policyName ?? ""}: ${policyEvent?.message.trim() ?? ""}`]
      : [],
  );
  const failed = violations.length === 0 && failure !== "" ? [failure] : [];
  return {
    changes: result?.summary.resourceChanges ?? {},
    faults: [...violations, ...failed],
    events,
  };
}

export async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  console.log(`${what} took ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return result;
}
