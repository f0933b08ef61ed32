import { describe, expect, it } from "vitest";
import { deployment } from "../testing/fixtures";
import { UNKNOWN, messages, type Fixture } from "../testing";

const other = (kind: string, namespace?: string): Fixture => ({
  type: `kubernetes:${kind}`,
  name: "other",
  props: { metadata: { name: "other", ...(namespace === undefined ? {} : { namespace }) } },
});

describe.each(["namespace-default-deny", "pod-network-policy"])("%s", (policy) => {
  // A policy for other pods: a namespace without any is for namespace-default-deny only.
  const own: Fixture = {
    type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    name: "own",
    props: {
      metadata: { name: "own", namespace: "shop" },
      spec: { podSelector: { matchLabels: { app: "own" } }, policyTypes: ["Ingress", "Egress"] },
    },
  };
  const reported = async (...fixture: readonly Fixture[]): Promise<number> =>
    (await messages(policy, [deployment(), own, ...fixture])).length;

  it.each([
    "cilium.io/v2:CiliumNetworkPolicy",
    "crd.projectcalico.org/v1:NetworkPolicy",
    "projectcalico.org/v3:NetworkPolicy",
  ])("does not apply to the namespace of a %s", async (kind) => {
    expect(await reported(other(kind, "shop"))).toBe(0);
    expect(await reported(other(kind, UNKNOWN))).toBe(0);
    expect(await reported(other(kind, "stock"))).toBe(1);
    expect(await reported(other(kind))).toBe(1);
  });

  it.each([
    "cilium.io/v2:CiliumClusterwideNetworkPolicy",
    "crd.projectcalico.org/v1:GlobalNetworkPolicy",
    "projectcalico.org/v3:GlobalNetworkPolicy",
    "policy.networking.k8s.io/v1alpha1:AdminNetworkPolicy",
    "policy.networking.k8s.io/v1alpha1:BaselineAdminNetworkPolicy",
  ])("does not apply to the cluster of a %s", async (kind) => {
    expect(await reported(other(kind))).toBe(0);
    const elsewhere = "urn:pulumi:prod::p::pulumi:providers:kubernetes::x";
    expect(await reported({ ...other(kind), provider: elsewhere })).toBe(1);
  });
});
