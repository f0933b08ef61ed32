/** The end of an environment: nothing is left but what the documents name. */
import type { Held } from "../contract";
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
    const faults = faultsOf(await rehearsal.follow(DAY_TWO, "Step 2: destroy"));
    const state = await rehearsal.state();
    return [
      ...faults,
      ...state.map(({ urn }) => `the state still has ${urn}`),
      ...rehearsal.clouds.held().map(left),
    ];
  },
};

const left = ({ type, name, region }: Held): string =>
  `${type} ${name} is left${region === "" ? "" : ` in ${region}`}`;
