/** The end of an environment: nothing is left but what the documents name. */
import { leftOf, WAITS_FOR_GOOGLE } from "../clouds/stays";
import type { Rehearsal, Step } from "../rehearsal";
import { faultsOf, type Scenario } from "./scenario";

const DAY_TWO = "docs/day-two.md";

export const DESTROY: Scenario = {
  name: "destroy",
  summary: "the environment is deleted: nothing is left in the clouds but what the documents name",
  needs: "environment",
  leaves: "nothing",
  play: async (rehearsal) => {
    const lifted = faultsOf(await rehearsal.follow(DAY_TWO, "Step 1: lift the protection"));
    if (lifted.length > 0) return lifted;
    const faults = faultsOf(await destroyed(rehearsal));
    const state = await rehearsal.state();
    await rehearsal.run(
      "protect what comes next",
      'pulumi config rm --stack "$STACK" runstack:protect',
    );
    if (faults.length > 0) return faults;
    return [
      ...state.map(({ urn }) => `the state still has ${urn}`),
      ...leftOf(rehearsal.clouds.held()),
    ];
  },
};

async function destroyed(rehearsal: Rehearsal): Promise<Step> {
  const destroy = (): Promise<Step> => rehearsal.follow(DAY_TWO, "Step 2: destroy");
  const first = await destroy();
  if (!first.complaints.some((one) => one.includes(WAITS_FOR_GOOGLE))) return first;
  rehearsal.clouds.pass(5);
  return destroy();
}
