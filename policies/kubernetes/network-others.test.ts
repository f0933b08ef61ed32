import { describe, expect, it } from "vitest";
import { deployment } from "../testing/fixtures";
import { UNKNOWN, messages, type Given } from "../testing";

const other = (kind: string, namespace?: string): Given => ({
  type: `kubernetes:${kind}`,
  name: "other",
  props: { metadata: { name: "other", ...(namespace === undefined ? {} : { namespace }) } },
});

describe.each(["namespace-default-deny", "pod-network-policy"])("%s", (policy) => {
  const said = async (...given: readonly Given[]): Promise<number> =>
    (await messages(policy, [deployment(), ...given])).length;

  it.each([
    "cilium.io/v2:CiliumNetworkPolicy",
    "crd.projectcalico.org/v1:NetworkPolicy",
    "projectcalico.org/v3:NetworkPolicy",
  ])("leaves the namespace of a %s to it", async (kind) => {
    expect(await said(other(kind, "shop"))).toBe(0);
    expect(await said(other(kind, UNKNOWN))).toBe(0);
    expect(await said(other(kind, "stock"))).toBe(1);
    expect(await said(other(kind))).toBe(1);
  });

  it.each([
    "cilium.io/v2:CiliumClusterwideNetworkPolicy",
    "crd.projectcalico.org/v1:GlobalNetworkPolicy",
    "projectcalico.org/v3:GlobalNetworkPolicy",
    "policy.networking.k8s.io/v1alpha1:AdminNetworkPolicy",
    "policy.networking.k8s.io/v1alpha1:BaselineAdminNetworkPolicy",
  ])("leaves the cluster of a %s to it", async (kind) => {
    expect(await said(other(kind))).toBe(0);
    const elsewhere = "urn:pulumi:prod::p::pulumi:providers:kubernetes::x";
    expect(await said({ ...other(kind), provider: elsewhere })).toBe(1);
  });
});
