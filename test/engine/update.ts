/**
 * `npm run test:up STACK`: what the README promises, with the real engine and the policy pack: `up`, a second `up` and a
 * `refresh` that change nothing, and `destroy` of all of it, which leaves nothing in the clouds but what docs/day-two.md
 * names. The clouds are simulated: nothing is created anywhere. The stack must protect nothing, or `destroy` is refused.
 * Ends with 77 if there is no engine.
 */
import type { DestroyResult, OpMap } from "@pulumi/pulumi/automation";
import { leftOf, WAITS_FOR_GOOGLE } from "../../rehearsal/clouds/stays";
import { timed, up, withEngine, type Live } from "../../rehearsal/engine/live";

/** What is wrong, a sentence each. */
async function play(live: Live): Promise<readonly string[]> {
  const first = await up(live);
  if (first.faults.length > 0) return first.faults;
  const second = await up(live);
  const { name, stack, clouds } = live;
  const refreshed = await timed(`${name}: refresh`, async () => stack.refresh());
  const changed = [
    ...notSame("second up", second.changes),
    ...notSame("refresh", refreshed.summary.resourceChanges ?? {}),
  ];
  const removed = await timed(`${name}: destroy`, () => destroyed(live));
  const left = (await stack.exportStack()).deployment as {
    readonly resources?: readonly unknown[];
  };
  return [
    ...second.faults,
    ...changed,
    ...((removed.summary.resourceChanges?.delete ?? 0) > 0 ? [] : ["destroy deleted nothing"]),
    ...(left.resources ?? []).map((one) => `destroy left ${JSON.stringify(one).slice(0, 200)}`),
    ...leftOf(clouds.held()),
  ];
}

/** Google lets go of the network some days after the last database: docs/day-two.md says to repeat it then. */
async function destroyed({ stack, clouds }: Live): Promise<DestroyResult> {
  return stack.destroy().catch((error: unknown) => {
    if (!String(error).includes(WAITS_FOR_GOOGLE)) throw error;
    clouds.pass(5);
    return stack.destroy();
  });
}

const notSame = (what: string, changes: OpMap): readonly string[] =>
  Object.entries(changes)
    .filter(([change]) => change !== "same")
    .map(([change, count]) => `the ${what} was to ${change} ${String(count)} resources`);

void withEngine(process.argv[2] ?? "staging", play);
