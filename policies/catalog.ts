/** All policies of the pack, in the order in which they are evaluated and documented. */
import { availability } from "./availability";
import { digitalocean } from "./digitalocean";
import { exempted, exemptionValid } from "./exemptions";
import { images } from "./images";
import { network } from "./network";
import { podSecurity } from "./pod-security";
import type { Policy } from "./policy";
import { protection } from "./protection";
import { resources } from "./resources";
import { runbook } from "./runbook";
import { secrets } from "./secrets";
import { undecided } from "./undecided";

export const POLICIES: readonly Policy[] = [
  ...podSecurity,
  ...resources,
  ...images,
  ...availability,
  ...network,
  ...secrets,
  ...protection,
  ...digitalocean,
  ...runbook,
  exemptionValid,
  // These two count what became of the others' findings, so they come after them.
  exempted,
  undecided,
];

/** The policy of that name; tests and documents refer to policies by name. */
export function policyNamed(name: string): Policy {
  const found = POLICIES.find((policy) => policy.name === name);
  if (found === undefined) throw new Error(`The pack has no policy "${name}".`);
  return found;
}
