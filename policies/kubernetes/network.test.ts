import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import { policyNamed } from "../catalog";
import { UNKNOWN, UNKNOWN_OBJECT, judge, messages, urnOf, type Given } from "../testing";

const policy = (spec: object, namespace: unknown = "shop"): Given => ({
  type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  name: "deny",
  props: { metadata: { name: "deny", namespace }, spec },
});
const BOTH = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

describe("namespace-default-deny", () => {
  const said = (...given: readonly Given[]): Promise<readonly string[]> =>
    messages("namespace-default-deny", [deployment(), ...given]);
  const missing = (what: string, types: string): string =>
    `Namespace "shop" has no NetworkPolicy that denies all ${what} by default; write one with an empty podSelector, policyTypes [${types}] and no rules.`;
  const all = missing("ingress and egress", '"Ingress","Egress"');

  it("accepts one policy for both directions, or one for each", async () => {
    expect(await said(policy(BOTH))).toEqual([]);
    expect(await said(policy({ ...BOTH, podSelector: undefined, ingress: [] }))).toEqual([]);
    expect(
      await said(
        policy({ podSelector: {}, policyTypes: ["Egress"] }),
        policy({ podSelector: { matchLabels: {} } }),
      ),
    ).toEqual([]);
  });

  it.each<[string, object, string]>([
    ["only ingress by default", { podSelector: {} }, missing("egress", '"Egress"')],
    ["an egress rule", { ...BOTH, egress: [{}] }, missing("egress", '"Egress"')],
    ["an unknown label", { ...BOTH, podSelector: { matchLabels: { app: UNKNOWN } } }, all],
    ["an expression", { ...BOTH, podSelector: { matchExpressions: [{ key: "a" }] } }, all],
    ["some pods only", { ...BOTH, podSelector: { matchLabels: { app: "orders" } } }, all],
  ])("refuses %s", async (_, spec, text) => {
    expect(await said(policy(spec))).toEqual([text]);
  });

  it("accepts rules for all pods that name peers or ports", async () => {
    const dns = { ports: [{ protocol: "UDP", port: 53 }] };
    const peers = [{ podSelector: {} }];
    expect(await said(policy({ ...BOTH, egress: [dns] }))).toEqual([]);
    expect(await said(policy({ ...BOTH, egress: [dns, { to: peers }] }))).toEqual([]);
    expect(await said(policy({ ...BOTH, ingress: [{ from: peers }] }))).toEqual([]);
    expect(await said(policy({ ...BOTH, egress: [{ from: peers }] }))).toEqual([
      missing("egress", '"Egress"'),
    ]);
    expect(await said(policy({ ...BOTH, ingress: [dns, { from: [] }] }))).toEqual([
      missing("ingress", '"Ingress"'),
    ]);
  });

  it("speaks of the Namespace where the stack has it, else of a pod's holder", async () => {
    const urns = async (...given: readonly Given[]): Promise<readonly string[]> =>
      (await judge([policyNamed("namespace-default-deny")], given)).map(({ urn }) => urn);
    const namespace = (name: string): Given => ({
      type: "kubernetes:core/v1:Namespace",
      name: `the-${name}`,
      props: { metadata: { name } },
    });
    const shop = namespace("shop");
    expect(await urns(deployment(), shop)).toEqual([urnOf(shop)]);
    expect(await urns(deployment(), namespace("stock"))).toEqual([urnOf(deployment())]);
  });

  it("refuses a namespace without any, and another namespace's", async () => {
    expect(await said()).toEqual([all]);
    expect(await said(policy(BOTH, "stock"))).toEqual([all]);
  });

  it("leaves open which namespace an unknown one is", async () => {
    const given = broken(deployment(), ["metadata", "namespace"], UNKNOWN);
    expect(await messages("namespace-default-deny", [given])).toEqual([]);
  });

  it("counts a policy of an unknown namespace for each of its cluster", async () => {
    expect(await said(policy(BOTH, UNKNOWN))).toEqual([]);
    expect(await said(policy({ podSelector: {} }, UNKNOWN))).toEqual([
      missing("egress", '"Egress"'),
    ]);
    const elsewhere = "urn:pulumi:prod::p::pulumi:providers:kubernetes::x";
    expect(await said({ ...policy(BOTH, UNKNOWN), provider: elsewhere })).toEqual([all]);
  });

  it("looks at the namespaces of Rollouts too", async () => {
    const rollout = { ...deployment(), type: "kubernetes:argoproj.io/v1alpha1:Rollout" };
    expect(await messages("namespace-default-deny", [rollout])).toEqual([all]);
  });
});

testPolicy("namespace-default-deny", {
  happy: () => [
    policy({ ...BOTH, podSelector: { matchLabels: {} }, egress: [{ ports: [{ port: 53 }] }] }),
    deployment(),
  ],
  broken: [{ of: 1, at: ["metadata", "namespace"], to: "shop", says: [] }],
  undecided: [
    ["metadata", "namespace"],
    ["spec"],
    ["spec", "podSelector"],
    ["spec", "podSelector", "matchLabels"],
    ["spec", "podSelector", "matchExpressions"],
    ["spec", "policyTypes"],
    ["spec", "policyTypes", 1],
    ["spec", "egress"],
    ["spec", "egress", 0],
    ["spec", "egress", 0, "ports"],
    ["spec", "ingress"],
    [1, "metadata", "namespace"],
  ],
});

describe("namespace-pod-security-label", () => {
  const namespace = (labels: unknown): Given => ({
    type: "kubernetes:core/v1:Namespace",
    name: "shop",
    props: { metadata: { name: "shop", labels } },
  });
  const said = (labels: unknown): Promise<readonly string[]> =>
    messages("namespace-pod-security-label", [namespace(labels)]);
  const label = "pod-security.kubernetes.io/enforce";
  const at = `Namespace "shop": metadata.labels["${label}"] is`;

  it("accepts restricted and baseline", async () => {
    expect(await said({ [label]: "restricted" })).toEqual([]);
    expect(await said({ [label]: "baseline" })).toEqual([]);
  });

  it("refuses privileged and none", async () => {
    const wanted = 'it must be "restricted" or "baseline".';
    expect(await said({ [label]: "privileged" })).toEqual([`${at} "privileged"; ${wanted}`]);
    expect(await said(undefined)).toEqual([`${at} missing; ${wanted}`]);
  });

  it("leaves unknown labels open", async () => {
    expect(await said({ [label]: UNKNOWN })).toEqual([]);
    expect(await said(UNKNOWN_OBJECT)).toEqual([]);
  });
});
