import { expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { UNKNOWN, remediated, type Fixture } from "../testing";

it.each([
  ["aws-eks-endpoint-private", "Cluster", { vpcConfig: { endpointPrivateAccess: true } }],
  ["aws-eks-zonal-shift", "Cluster", { zonalShiftConfig: { enabled: true } }],
  ["aws-eks-nodes-repaired", "NodeGroup", { nodeRepairConfig: { enabled: true } }],
])("%s writes the fix, and does not overwrite unknowns", async (name, type, after) => {
  const fixture = (props: object): Fixture => ({
    type: `aws:eks/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`,
    name: "town",
    props: { ...props },
  });
  const policies = [policyNamed(name)];
  const [key = ""] = Object.keys(after);
  expect(await remediated(policies, fixture({}))).toEqual(after);
  expect(await remediated(policies, fixture(after))).toBeUndefined();
  expect(await remediated(policies, fixture({ [key]: UNKNOWN }))).toBeUndefined();
});
