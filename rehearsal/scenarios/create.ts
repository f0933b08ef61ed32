/** From nothing: the `up` of a new environment, and one that finds nothing to do. */
import { unready } from "./objects";
import { changed, faultsOf, missing, REBUILD, recover, type Scenario } from "./scenario";

export const CREATE: Scenario = {
  name: "create",
  summary: "up into an empty account: everything of the plan exists, and every workload is ready",
  needs: "nothing",
  leaves: "environment",
  play: async (rehearsal) => {
    const faults = faultsOf(await recover(rehearsal, REBUILD));
    return faults.length > 0
      ? faults
      : [...(await missing(rehearsal)), ...(await unready(rehearsal))];
  },
};

export const NOOP: Scenario = {
  name: "noop",
  summary: "up once more: nothing changes",
  needs: "environment",
  leaves: "environment",
  play: async (rehearsal) => {
    const step = await recover(rehearsal, REBUILD);
    return [...faultsOf(step), ...changed(step)];
  },
};
