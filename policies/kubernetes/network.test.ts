import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import { policyNamed } from "../catalog";
import { UNKNOWN, UNKNOWN_OBJECT, evaluate, messages, urnOf, type Fixture } from "../testing";

const policy = (spec: object, namespace: unknown = "shop", name = "deny"): Fixture => ({
  type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  name,
  props: { metadata: { name, namespace }, spec },
});
const BOTH = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

describe("namespace-default-deny", () => {
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("namespace-default-deny", [deployment(), ...fixture]);
  const missing = (what: string, types: string): string =>
    `Namespace "shop" has no NetworkPolicy that denies all ${what} by default; add one with an empty podSelector, policyTypes [${types}] and no rules.`;
  const all = missing("ingress and egress", '"Ingress","Egress"');
  const none = all
    .replace(
      "that denies all ingress and egress by default",
      "so that its pods reach everything and are reached by everything",
    )
    .replace("NetworkPolicy so", "NetworkPolicy, so");

  it("accepts one policy for both directions, or one for each", async () => {
    expect(await reported(policy(BOTH))).toEqual([]);
    expect(await reported(policy({ ...BOTH, podSelector: undefined, ingress: [] }))).toEqual([]);
    expect(
      await reported(
        policy({ podSelector: {}, policyTypes: ["Egress"] }),
        policy({ podSelector: { matchLabels: {} } }, "shop", "ingress"),
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
    expect(await reported(policy(spec))).toEqual([text]);
  });

  it("accepts rules for all pods that name peers or ports", async () => {
    const dns = { ports: [{ protocol: "UDP", port: 53 }] };
    const peers = [{ podSelector: {} }];
    expect(await reported(policy({ ...BOTH, egress: [dns] }))).toEqual([]);
    expect(await reported(policy({ ...BOTH, egress: [dns, { to: peers }] }))).toEqual([]);
    expect(await reported(policy({ ...BOTH, ingress: [{ from: peers }] }))).toEqual([]);
    expect(await reported(policy({ ...BOTH, egress: [{ from: peers }] }))).toEqual([
      missing("egress", '"Egress"'),
    ]);
    expect(await reported(policy({ ...BOTH, ingress: [dns, { from: [] }] }))).toEqual([
      missing("ingress", '"Ingress"'),
    ]);
  });

  it("reports on the Namespace if it is in the stack, otherwise on a workload", async () => {
    const urns = async (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
      (await evaluate([policyNamed("namespace-default-deny")], fixture)).map(({ urn }) => urn);
    const namespace = (name: string): Fixture => ({
      type: "kubernetes:core/v1:Namespace",
      name: `the-${name}`,
      props: { metadata: { name } },
    });
    const shop = namespace("shop");
    expect(await urns(deployment(), shop)).toEqual([urnOf(shop)]);
    expect(await urns(deployment(), namespace("stock"))).toEqual([urnOf(deployment())]);
  });

  it("refuses a namespace without policies, or with another namespace's", async () => {
    expect(await reported()).toEqual([none]);
    expect(await reported(policy(BOTH, "stock"))).toEqual([none]);
    const onHost = broken(deployment(), ["spec", "template", "spec", "hostNetwork"], true);
    expect(await messages("namespace-default-deny", [onHost])).toEqual([]);
  });

  it("counts an unknown namespace", async () => {
    const fixture = broken(deployment(), ["metadata", "namespace"], UNKNOWN);
    expect(await messages("namespace-default-deny", [fixture])).toEqual([]);
  });

  it("counts a policy of an unknown namespace for each namespace of its cluster", async () => {
    expect(await reported(policy(BOTH, UNKNOWN))).toEqual([]);
    expect(await reported(policy({ podSelector: {} }, UNKNOWN))).toEqual([
      missing("egress", '"Egress"'),
    ]);
    const elsewhere = "urn:pulumi:prod::p::pulumi:providers:kubernetes::x";
    expect(await reported({ ...policy(BOTH, UNKNOWN), provider: elsewhere })).toEqual([none]);
  });

  it("applies to the namespaces of Rollouts too", async () => {
    const rollout = { ...deployment(), type: "kubernetes:argoproj.io/v1alpha1:Rollout" };
    expect(await messages("namespace-default-deny", [rollout])).toEqual([none]);
  });
});

testPolicy("namespace-default-deny", {
  happy: () => [
    policy({ ...BOTH, podSelector: { matchLabels: {} }, egress: [{ ports: [{ port: 53 }] }] }),
    deployment(),
  ],
  broken: [{ of: 1, at: ["metadata", "namespace"], to: "shop", says: [] }],
  unknown: [
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
  const namespace = (labels: unknown): Fixture => ({
    type: "kubernetes:core/v1:Namespace",
    name: "shop",
    props: { metadata: { name: "shop", labels } },
  });
  const reported = (labels: unknown): Promise<readonly string[]> =>
    messages("namespace-pod-security-label", [namespace(labels)]);
  const label = "pod-security.kubernetes.io/enforce";
  const at = `Namespace "shop": metadata.labels["${label}"] is`;

  it("accepts restricted and baseline", async () => {
    expect(await reported({ [label]: "restricted" })).toEqual([]);
    expect(await reported({ [label]: "baseline" })).toEqual([]);
  });

  it("refuses privileged and no label", async () => {
    const expected = 'it must be "restricted" or "baseline".';
    expect(await reported({ [label]: "privileged" })).toEqual([`${at} "privileged"; ${expected}`]);
    expect(await reported(undefined)).toEqual([`${at} missing; ${expected}`]);
  });

  it("counts unknown labels", async () => {
    expect(await reported({ [label]: UNKNOWN })).toEqual([]);
    expect(await reported(UNKNOWN_OBJECT)).toEqual([]);
  });
});
