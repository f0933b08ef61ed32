/** All policies of the pack, in the order in which they are evaluated and documented. */
import { aws } from "./aws";
import { digitalocean } from "./digitalocean";
import { gcp } from "./gcp";
import { exempted, exemptionExpiring, exemptionNeeded, exemptionValid } from "./governance";
import { kubernetes } from "./kubernetes";
import { podSecurity } from "./pod-security";
import type { Policy } from "./policy";
import { pulumi } from "./pulumi";
import { runbook } from "./runbook";
import { unknownValues } from "./unknown-values";

export const POLICIES: readonly Policy[] = [
  ...podSecurity,
  ...kubernetes,
  ...pulumi,
  ...digitalocean,
  ...aws,
  ...gcp,
  ...runbook,
  exemptionValid,
  exemptionExpiring,
  // These look at the findings of the others, so they come last.
  exemptionNeeded,
  exempted,
  unknownValues,
];

/** Finds a policy by name, for tests and documents. */
export function policyNamed(name: string): Policy {
  const found = POLICIES.find((policy) => policy.name === name);
  if (found === undefined) throw new Error(`The pack has no policy "${name}".`);
  return found;
}
