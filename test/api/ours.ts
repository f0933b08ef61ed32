/** The verdict of the policies that say what the API server refuses. */
import { POLICIES } from "../../policies/catalog";
import { configurePack } from "../../policies/configuration";
import { evaluateManifests } from "../../policies/manifests/evaluate";
import { manifestOf } from "../../policies/manifests/resource";
import type { PolicyContext } from "../../policies/policy-context";
import type { Json } from "./client";

const policies = POLICIES.filter(({ themes }) => themes.includes("api"));
const policyContext: PolicyContext = {
  environment: "prod",
  exemptions: [],
  podSecurityMinor: Infinity,
  zoned: true,
  restored: {},
};
const configured = configurePack(policies, policyContext);

/** What the policies say of an object, alone. */
export function ours(object: Json, definitions: readonly Json[] = []): readonly string[] {
  const manifest = manifestOf("object", object);
  if (manifest === undefined) return ["it is no object"];
  const { found } = evaluateManifests(policies, [manifest], {
    policyContext: { ...policyContext, definitions },
    configured,
  });
  return found.map(({ policy, message }) => `${policy.name}: ${message}`);
}
