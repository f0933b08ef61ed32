/** The machine that runs the update dies: again and again, at other places. */
import { setTimeout as pause } from "node:timers/promises";
import type { Rehearsal } from "../rehearsal";
import { recover, faultsOf, REBUILD, whole, type Scenario } from "./scenario";

/** How often an `up` is killed before one may finish. */
const KILLS = 4;
/** Milliseconds. */
const LOOK = 100;

/** Numbers from 0 to 1 that look random and are the same in every run (mulberry32). */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

export const INTERRUPTED: Scenario = {
  name: "interrupted",
  summary: `up is killed ${KILLS} times on the way: the last one finishes what they began`,
  needs: "nothing",
  leaves: "environment",
  play: async (rehearsal) => {
    const random = numbers(rehearsal.plan.resources.length);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await killed(rehearsal, kill, random.next().value);
    }
    const faults = faultsOf(await recover(rehearsal, "An update was interrupted"));
    return faults.length > 0 ? faults : whole(rehearsal);
  },
};

/** Kills an `up` once it has done a part of what is left. */
async function killed(rehearsal: Rehearsal, kill: number, part: number): Promise<void> {
  const left = rehearsal.plan.resources.length - (await rehearsal.state()).length;
  const last = Math.ceil(part * left);
  const commands = kill === 0 ? REBUILD : "An update was interrupted";
  const begun = rehearsal.beginFollowing("docs/recovery.md", commands);
  const over = begun.ended.then(() => true);
  while (begun.done() < last && !(await Promise.race([over, pause(LOOK, false)])));
  begun.kill("SIGKILL");
  await begun.ended;
}
