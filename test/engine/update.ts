/**
 * `npm run test:up STACK`: what the README promises, with the real engine and the policy pack: `up`, a second `up`
 * that changes nothing, and `destroy` of all of it. The providers are our own: nothing is created anywhere. The
 * stack must protect nothing, or `destroy` is refused. Ends with 77 if there is no engine.
 */
import { timed, up, withEngine, type Live } from "../../rehearsal/engine/live";

/** What is wrong, a sentence each. */
async function play(live: Live): Promise<readonly string[]> {
  const first = await up(live);
  if (first.faults.length > 0) return first.faults;
  const second = await up(live);
  const changed = Object.entries(second.changes).filter(([change]) => change !== "same");
  const { name, stack } = live;
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

void withEngine(process.argv[2] ?? "staging", play);
