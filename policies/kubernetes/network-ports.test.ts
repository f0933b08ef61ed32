import { expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { LABELS, broken, deployment } from "../testing/fixtures";

const listening = broken(
  deployment(),
  ["spec", "template", "spec", "containers", 0, "ports"],
  [{ name: "http", containerPort: 8110 }],
);
const policy = (spec: object): Fixture => ({
  type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  name: "n",
  props: { metadata: { name: "n", namespace: "shop" }, spec },
});
const said = (spec: object, ...pods: readonly Fixture[]): Promise<readonly string[]> =>
  messages("network-policy-ports", [policy(spec), ...(pods.length === 0 ? [listening] : pods)]);
const opens = (...ports: readonly object[]): object => ({
  podSelector: { matchLabels: LABELS },
  ingress: [{ from: [{ podSelector: {} }], ports }],
});
const leads = (peers: readonly object[], port: number): object => ({
  podSelector: {},
  egress: [{ to: peers, ports: [{ port }] }],
});
const ONLY = (path: string, value: string, ports: string): readonly string[] => [
  `NetworkPolicy "shop/n": ${path} is ${value}; the pods that the rule is about have only the ports ${ports}: use one of them, or list it in the container's ports.`,
];

it("compares an ingress rule with the ports of the pods that the policy selects", async () => {
  expect(await said(opens({ port: 8110 }, { port: "http" }))).toEqual([]);
  expect(await said(opens({ port: 8111 }))).toEqual(
    ONLY("spec.ingress[0].ports[0].port", "8111", '8110, "http"'),
  );
  expect(await said(opens({ port: "htp" }))).toHaveLength(1);
  expect(await said(opens({ port: 8000, endPort: 9000 }))).toEqual([]);
  expect(await said(opens({ port: 9000, endPort: 9100 }))).toHaveLength(1);
  expect(await said(opens({ port: UNKNOWN }))).toEqual([]);
});

it("compares an egress rule with the ports of the pods that it leads to", async () => {
  const peer = { podSelector: { matchLabels: LABELS } };
  expect(await said(leads([peer], 8110))).toEqual([]);
  expect(await said(leads([peer], 80))).toHaveLength(1);
  expect(await said(leads([peer, { ipBlock: { cidr: "10.1.2.0/24" } }], 80))).toEqual([]);
  const dns = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
    podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
  };
  expect(await said(leads([dns], 53))).toEqual([]);
  expect(await said(leads([dns], 54))).toHaveLength(1);
});

it("says nothing of pods that list no ports, or that are not all known", async () => {
  expect(await said(opens({ port: 9 }), deployment())).toEqual([]);
  const release = (chart: string): Fixture => ({
    type: "kubernetes:helm.sh/v3:Release",
    name: "r",
    props: { namespace: "shop", chart },
  });
  const all = { podSelector: {}, ingress: [{ ports: [{ port: 9 }] }] };
  expect(await said(all, release("unknown"), listening)).toEqual([]);
  expect(await said(all, release("keda"))).toHaveLength(1);
});
