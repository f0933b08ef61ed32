/**
 * `npm run test:up STACK`: what the README promises, with the real engine and the policy pack: `up`, a second `up`
 * that changes nothing, and `destroy` of all of it. The providers are our own: nothing is created anywhere. The
 * stack must protect nothing, or `destroy` is refused. Ends with 77 if there is no engine.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent, OpMap, Stack } from "@pulumi/pulumi/automation";
import { loadStack } from "../../offline/stack-files";
import { secretsOf } from "../update/given";
import { copyProject, openStack, pathWithPulumi, SKIPPED, withOwnPlugins } from "./engine";

const PROJECT = join(__dirname, "..", "..");

async function main([name = "staging"]: readonly string[]): Promise<number> {
  const path = pathWithPulumi();
  if (path === undefined) {
    console.log("skipped: an up with the real engine, because there is no pulumi on the PATH");
    return SKIPPED;
  }
  const root = copyProject(PROJECT);
  process.env["PATH"] = withOwnPlugins(path, join(root, "plugins"), true);
  try {
    const faults = await live(root, name);
    for (const fault of faults) console.log(`  ${fault}`);
    return faults.length === 0 ? 0 : 1;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** What is wrong, a sentence each. */
async function live(root: string, name: string): Promise<readonly string[]> {
  const stack = await openStack(root, name);
  for (const [key, value] of secretsOf(loadStack(PROJECT, name))) {
    await stack.setConfig(`runstack:secrets.${key}`, { value, secret: true }, true);
  }
  const first = await up(stack, root, name);
  if (first.faults.length > 0) return first.faults;
  const second = await up(stack, root, name);
  const changed = Object.entries(second.changes).filter(([change]) => change !== "same");
  const removed = await timed(`${name}: destroy`, async () => stack.destroy());
  const left = (await stack.exportStack()).deployment as {
    readonly resources?: readonly unknown[];
  };
  return [
    ...second.faults,
    ...changed.map(
      ([change, count]) => `the second up was to ${change} ${String(count)} resources`,
    ),
    ...((removed.summary.resourceChanges?.delete ?? 0) > 0 ? [] : ["destroy deleted nothing"]),
    ...(left.resources ?? []).map((one) => `destroy left ${JSON.stringify(one).slice(0, 200)}`),
  ];
}

interface Updated {
  readonly changes: OpMap;
  readonly faults: readonly string[];
}

/** With the policy pack, as the README writes it. */
async function up(stack: Stack, root: string, name: string): Promise<Updated> {
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
  return { changes: result?.summary.resourceChanges ?? {}, faults: [...violations, ...failed] };
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  console.log(`${what} took ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return result;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
