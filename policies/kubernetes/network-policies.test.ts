import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { UNKNOWN, UNKNOWN_OBJECT, messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { LABELS, broken, deployment } from "../testing/fixtures";
import type { Key } from "../values";

const CART = { app: "cart" };

const networkPolicy = (
  spec: k8s.types.input.networking.v1.NetworkPolicySpec = {
    podSelector: { matchLabels: LABELS },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ podSelector: { matchLabels: CART } }], ports: [{ port: 8110 }] }],
    egress: [{ to: [{ ipBlock: { cidr: "10.3.0.0/16" } }] }],
  },
  name = "orders",
): Fixture => ({
  type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  name,
  props: { metadata: { name, namespace: "shop" }, spec },
});

const cart = (): Fixture => {
  const fixture = broken(deployment(), ["metadata", "name"], "cart");
  return { ...broken(fixture, ["spec", "template", "metadata", "labels"], CART), name: "cart" };
};
const POD_LABELS: readonly Key[] = ["spec", "template", "metadata", "labels"];
const AT = 'NetworkPolicy "shop/orders": spec.';

describe("pods and their policies", () => {
  const expected = "add one to its namespace whose podSelector selects the pod's labels";
  const none = (what: string): string =>
    `Deployment "shop/orders": no NetworkPolicy covers its ${what}; ${expected}.`;

  testPolicy("pod-network-policy", {
    happy: () => [networkPolicy(), deployment()],
    broken: [
      { at: ["spec", "podSelector", "matchLabels"], to: CART, says: none("ingress or egress") },
      { at: ["spec", "podSelector", "matchLabels"], to: {}, says: [] },
      { at: ["spec", "policyTypes"], to: ["Ingress"], says: none("egress") },
      { at: ["spec", "policyTypes"], to: ["Egress"], says: none("ingress") },
      { at: ["spec", "policyTypes"], says: [] },
      // A namespace without any policy is for namespace-default-deny.
      { at: ["metadata", "namespace"], to: "stock", says: [] },
      { at: ["metadata", "namespace"], of: 1, to: "stock", says: [] },
      { of: 1, at: POD_LABELS, to: CART, says: none("ingress or egress") },
      { of: 1, at: POD_LABELS, says: none("ingress or egress") },
      { of: 1, at: ["spec", "template", "spec", "hostNetwork"], to: false, says: [] },
    ],
    unknown: [
      ["metadata", "namespace"],
      ["spec", "policyTypes"],
      ["spec", "policyTypes", 0],
      ["spec", "podSelector"],
      ["spec", "podSelector", "matchLabels"],
      ["spec", "podSelector", "matchLabels", "app.kubernetes.io/name"],
      [1, ...POD_LABELS],
      [1, ...POD_LABELS, "app.kubernetes.io/name"],
      [1, "metadata", "namespace"],
      [1, "spec", "template", "spec"],
    ],
  });

  const narrow = { "app.kubernetes.io/name": "cart", tier: UNKNOWN };
  testPolicy("pod-network-policy", {
    happy: () => [
      networkPolicy({ podSelector: { matchLabels: narrow } }, "cart"),
      networkPolicy(),
      deployment(),
    ],
    broken: [],
    unknown: [["spec", "podSelector", "matchLabels"]],
  });

  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("pod-network-policy", fixture);

  it("applies a policy without policyTypes to egress if it has egress rules", async () => {
    const spec = (egress?: unknown): Fixture =>
      broken(networkPolicy({ podSelector: {} }), ["spec", "egress"], egress);
    expect(await reported(spec(), deployment())).toEqual([none("egress")]);
    expect(await reported(spec([]), deployment())).toEqual([none("egress")]);
    expect(await reported(spec([{ ports: [{ port: 53 }] }]), deployment())).toEqual([]);
    expect(await reported(spec(UNKNOWN), deployment())).toEqual([]);
  });

  it("reports one direction while the other is unknown", async () => {
    const open = { podSelector: { matchLabels: { app: UNKNOWN } }, policyTypes: ["Ingress"] };
    const pod = broken(deployment(), POD_LABELS, { app: "orders" });
    expect(await reported(networkPolicy(open), pod)).toEqual([none("egress")]);
  });

  it("counts a policy of an unknown namespace that may select the pod", async () => {
    const roaming = broken(networkPolicy(), ["metadata", "namespace"], UNKNOWN);
    expect(await reported(roaming, deployment(), cart())).toEqual([
      none("ingress or egress").replace("shop/orders", "shop/cart"),
    ]);
    const elsewhere = {
      ...roaming,
      provider: "urn:pulumi:prod::p::pulumi:providers:kubernetes::x",
    };
    expect(await reported(elsewhere, deployment())).toEqual([]);
    const others = broken(networkPolicy(), ["spec", "podSelector", "matchLabels"], CART);
    expect(await reported(elsewhere, others, deployment())).toEqual([none("ingress or egress")]);
  });

  it("ignores pods on the host network, and counts those that may be", async () => {
    for (const to of [true, UNKNOWN]) {
      const fixture = broken(deployment(), ["spec", "template", "spec", "hostNetwork"], to);
      expect(await reported(fixture)).toEqual([]);
    }
  });

  it("knows Rollouts, with and without a pod template", async () => {
    const rollout = { ...deployment(), type: "kubernetes:argoproj.io/v1alpha1:Rollout" };
    expect(await reported(networkPolicy(), rollout)).toEqual([]);
    const others = broken(networkPolicy(), ["spec", "podSelector", "matchLabels"], CART);
    expect(await reported(others, rollout)).toEqual([
      none("ingress or egress").replace("Deployment", "Rollout"),
    ]);
    const pointer = broken(rollout, ["spec"], { workloadRef: { kind: "Deployment", name: "x" } });
    expect(await reported(pointer)).toEqual([]);
  });
});

describe("selectors", () => {
  const nothing = (at: string, labels: object, namespace = "shop"): string =>
    `${AT}${at} is ${JSON.stringify({ matchLabels: labels })}; it selects no pod of the namespace "${namespace}": use the labels of one.`;
  const GONE = { app: "gone" };

  testPolicy("network-policy-selects", {
    happy: () => [networkPolicy(), deployment(), cart()],
    broken: [
      {
        at: ["spec", "podSelector"],
        to: { matchLabels: GONE },
        says: nothing("podSelector", GONE),
      },
      { at: ["spec", "podSelector"], to: {}, says: [] },
      { at: ["spec", "podSelector"], says: [] },
      {
        at: ["spec", "podSelector"],
        to: { matchExpressions: [{ key: "app", operator: "In", values: ["gone"] }] },
        says: `${AT}podSelector is {"matchExpressions":[{"key":"app","operator":"In","values":["gone"]}]}; it selects no pod of the namespace "shop": use the labels of one.`,
      },
      {
        at: ["spec", "podSelector"],
        to: { matchExpressions: [{ key: "app", operator: "Exists" }] },
        says: [],
      },
      {
        at: ["spec", "ingress", 0, "from", 0, "podSelector"],
        to: { matchLabels: GONE },
        says: nothing("ingress[0].from[0].podSelector", GONE),
      },
      {
        at: ["spec", "egress", 0, "to", 0],
        to: {
          podSelector: { matchLabels: GONE },
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } },
        },
        says: nothing("egress[0].to[0].podSelector", GONE),
      },
      // A namespace of another program, and several namespaces.
      {
        at: ["spec", "egress", 0, "to", 0],
        to: {
          podSelector: { matchLabels: GONE },
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "stock" } },
        },
        says: [],
      },
      {
        at: ["spec", "egress", 0, "to", 0],
        to: { podSelector: { matchLabels: GONE }, namespaceSelector: {} },
        says: [],
      },
    ],
    unknown: [
      ["metadata", "namespace"],
      ["spec", "podSelector"],
      ["spec", "podSelector", "matchLabels", "app.kubernetes.io/name"],
      ["spec", "ingress"],
      ["spec", "ingress", 0, "from"],
      ["spec", "egress", 0, "to"],
      ["spec", "ingress", 0, "from", 0, "namespaceSelector"],
    ],
  });

  const dangling = networkPolicy({ podSelector: { matchLabels: GONE } });
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("network-policy-selects", [dangling, deployment(), ...fixture]);

  it.each<[string, Fixture]>([
    ["a chart", { type: "kubernetes:helm.sh/v3:Release", name: "r", props: { namespace: "shop" } }],
    [
      "an object of an unknown kind",
      {
        type: "kubernetes:example.com/v1:Cluster",
        name: "c",
        props: { metadata: { namespace: "shop" } },
      },
    ],
    [
      "a namespace that is not known",
      broken(broken(cart(), POD_LABELS, GONE), ["metadata", "namespace"], UNKNOWN),
    ],
  ])("does not report a selector if %s may have more pods", async (_, fixture) => {
    expect(await reported(fixture)).toEqual([]);
  });

  it.each<[string, Fixture]>([
    [
      "another namespace's chart",
      { type: "kubernetes:helm.sh/v3:Release", name: "r", props: { namespace: "stock" } },
    ],
    [
      "an operator's pods with labels of their own",
      {
        type: "kubernetes:postgresql.cnpg.io/v1:Cluster",
        name: "c",
        props: { metadata: { namespace: "shop" } },
      },
    ],
    [
      "another provider's resource",
      { type: "aws:rds/cluster:Cluster", name: "c", props: { namespace: "shop" } },
    ],
  ])("reports it next to %s", async (_, fixture) => {
    expect(await reported(fixture)).toEqual([nothing("podSelector", GONE)]);
  });

  it("counts unknown labels", async () => {
    const own = { app: "gone", tier: UNKNOWN };
    for (const labels of [UNKNOWN_OBJECT, own, { app: UNKNOWN, tier: "x" }]) {
      const fixture = broken(cart(), POD_LABELS, labels);
      const policy = networkPolicy({ podSelector: { matchLabels: { app: "gone", tier: "x" } } });
      expect(await messages("network-policy-selects", [policy, fixture])).toEqual([]);
    }
    const other = broken(cart(), POD_LABELS, { app: "other", tier: UNKNOWN });
    expect(await messages("network-policy-selects", [dangling, other])).toEqual([
      nothing("podSelector", GONE),
    ]);
  });
});

describe("rules", () => {
  const all = (at: string, found: string, peers: string): string =>
    `${AT}${at} is ${found}; it allows everything: list the peers in ${peers}, or the ports.`;

  testPolicy("network-policy-not-open", {
    happy: () => networkPolicy(),
    broken: [
      { at: ["spec", "ingress", 0], to: {}, says: all("ingress[0]", "{}", "from") },
      { at: ["spec", "egress", 0], to: {}, says: all("egress[0]", "{}", "to") },
      {
        at: ["spec", "egress", 0],
        to: { to: [], ports: [] },
        says: all("egress[0]", '{"ports":[],"to":[]}', "to"),
      },
      { at: ["spec", "ingress", 0, "from"], says: [] },
      { at: ["spec", "ingress", 0, "ports"], says: [] },
      { at: ["spec", "egress"], says: [] },
    ],
    unknown: [
      ["spec", "ingress"],
      ["spec", "ingress", 0],
      ["spec", "egress", 0, "to"],
      ["spec", "ingress", 0, "ports"],
    ],
  });

  const internet = (cidr = "0.0.0.0/0"): Fixture =>
    networkPolicy({
      podSelector: {},
      ingress: [{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 8443 }] }],
      egress: [
        {
          to: [{ ipBlock: { cidr, except: ["10.0.0.0/8", "169.254.0.0/16"] } }],
          ports: [{ port: 443 }],
        },
      ],
    });
  const BLOCK: readonly Key[] = ["spec", "egress", 0, "to", 0, "ipBlock"];
  const noPorts = (at: string, cidr: string): string =>
    `${AT}${at}.ipBlock.cidr is "${cidr}"; that is every address on every port: list the ports, or the addresses.`;
  const metadata = (found: string): string =>
    `${AT}egress[0].to[0].ipBlock.except is ${found}; the node's metadata service is reachable: add 169.254.0.0/16.`;

  testPolicy("network-policy-internet", {
    happy: () => internet(),
    broken: [
      { at: ["spec", "ingress", 0, "ports"], says: noPorts("ingress[0].from[0]", "0.0.0.0/0") },
      { at: ["spec", "egress", 0, "ports"], to: [], says: noPorts("egress[0].to[0]", "0.0.0.0/0") },
      { at: [...BLOCK, "except"], says: metadata("missing") },
      { at: [...BLOCK, "except"], to: ["169.254.1.0/24"], says: metadata('["169.254.1.0/24"]') },
      { at: [...BLOCK, "except"], to: ["169.254.169.254/32"], says: [] },
      { at: BLOCK, to: { cidr: "128.0.0.0/1" }, says: metadata("missing") },
      { at: BLOCK, to: { cidr: "0.0.0.0/1" }, says: [] },
      { at: BLOCK, to: { cidr: "::/0" }, says: [] },
      { at: BLOCK, to: { cidr: "52.0.0.0/8" }, says: [] },
    ],
    unknown: [
      ["spec", "egress"],
      ["spec", "egress", 0, "to"],
      [...BLOCK, "cidr"],
      [...BLOCK, "except"],
      [...BLOCK, "except", 1],
      ["spec", "egress", 0, "ports"],
    ],
  });

  it("knows the two halves of all addresses", async () => {
    for (const cidr of ["0.0.0.0/1", "128.0.0.0/1", "::/0"]) {
      const fixture = broken(internet(cidr), ["spec", "egress", 0, "ports"]);
      expect(await messages("network-policy-internet", [fixture])).toEqual([
        noPorts("egress[0].to[0]", cidr),
      ]);
    }
  });
});
