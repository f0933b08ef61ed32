/** Dapr's access control: its policies are about applications that exist. */
import { ELSEWHERE } from "../in-manifests";
import type { CheckContext, Policy, Stack } from "../policy";
import { STRICT_IN_PRODUCTION } from "../policy";
import { DaprApps } from "./dapr-apps";
import { inventoryOf } from "./references/inventory";

const CONFIGURATION = "kubernetes:dapr.io:Configuration";

/** A caller is looked up by its app ID and its namespace; one that is not found gets the default action. */
function everyCallerExists(stack: Stack, context: CheckContext): void {
  const apps = new DaprApps(stack);
  const inventory = inventoryOf(stack);
  for (const configuration of stack.of(CONFIGURATION)) {
    const policies = configuration.props.get("spec", "accessControl", "policies");
    for (const policy of policies.listOrUnknown()) {
      const [id, namespace] = [policy.get("appId"), policy.get("namespace")];
      const isOpen = [id, namespace].map((it) => context.noteUnknown(it, configuration.urn));
      if (isOpen.includes(true) || namespace.string === undefined || id.string === undefined)
        continue;
      if (inventory.owns(configuration, namespace.string))
        apps.expect(configuration, id, namespace.string, context);
    }
  }
}

export const daprAccess: Policy = {
  name: "dapr-access-caller",
  title: "Dapr access control names existing callers",
  clause: {
    reference: "PO-03; ALL-05",
    url: "https://docs.dapr.io/operations/configuration/invoke-allowlist/",
  },
  severity: "medium",
  themes: ["messaging", "dapr"],
  prevents: "A service's calls are refused, because the policy that allows them names another one.",
  description:
    "Every appId in the access control of a Dapr Configuration is the dapr.io/app-id of pods in the namespace that stands next to it, if the stack creates that namespace.",
  remediation:
    "Set appId and namespace to those of the caller's pods; remove the policies of callers that no longer exist.",
  enforcement: STRICT_IN_PRODUCTION,
  // A service allows callers that may be in other repositories.
  inManifests: ELSEWHERE,
  check: { kind: "stack", run: everyCallerExists },
};
