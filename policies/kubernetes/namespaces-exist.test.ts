import { expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture, type Setting } from "../testing";
import { broken, deployment } from "../testing/fixtures";

const namespace = (name: unknown, provider?: string): Fixture => ({
  type: "kubernetes:core/v1:Namespace",
  name: `namespace-${String(name)}`,
  props: { metadata: { name } },
  ...(provider === undefined ? {} : { provider }),
});
const binding: Fixture = {
  type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
  name: "b",
  props: {
    metadata: { name: "b", namespace: "kube-system" },
    subjects: [{ kind: "ServiceAccount", name: "a", namespace: "stock" }],
  },
};
const policy: Fixture = {
  type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  name: "n",
  props: {
    metadata: { name: "n", namespace: "shop" },
    spec: {
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "sohp" } } }],
        },
      ],
    },
  },
};
const release: Fixture = {
  type: "kubernetes:helm.sh/v3:Release",
  name: "r",
  props: { namespace: "keda", values: { namespace: "anything" } },
};
const cluster: Fixture = {
  type: "digitalocean:index/kubernetesCluster:KubernetesCluster",
  name: "cluster",
  props: {},
};
const said = (resources: readonly Fixture[], setting?: Setting): Promise<readonly string[]> =>
  messages("namespace-exists", resources, setting);
const what = (path: string, value: string, hint: string): string =>
  `${path} is "${value}"; the stack creates no namespace of that name: ${hint}.`;

it("refuses namespaces that nobody creates, wherever they are named", async () => {
  const all = [cluster, namespace("shop"), deployment(), binding, policy, release];
  expect(await said(all)).toEqual([
    what('RoleBinding "kube-system/b": subjects[0].namespace', "stock", "create it"),
    what(
      'NetworkPolicy "shop/n": spec.ingress[0].from[0].namespaceSelector.matchLabels["kubernetes.io/metadata.name"]',
      "sohp",
      'did you mean "shop"',
    ),
    what('Release "r": namespace', "keda", "create it"),
  ]);
  const configuration = { "namespace-exists": { existing: ["stock", "sohp", "keda"] } };
  expect(await said(all, { configuration })).toEqual([]);
});

it("refuses only slips in a cluster that exists already, and leaves the others open", async () => {
  const all = [namespace("shop"), binding, policy, release];
  const found = await messages(["namespace-exists", "undecided"], all);
  expect(found[0]).toContain('did you mean "shop"');
  expect(found.slice(1)).toHaveLength(2);
  for (const one of found.slice(1)) {
    expect(one).toMatch(/^1 reference is not judged, because .*: namespace-exists \(1\)\.$/);
  }
});

it("says nothing where a stack creates no namespaces, or not all are known", async () => {
  const lost = broken(deployment(), ["metadata", "namespace"], "shpo");
  expect(await said([lost])).toEqual([]);
  expect(await said([lost, namespace("shop")])).toHaveLength(1);
  expect(await said([lost, namespace("shop"), namespace(UNKNOWN)])).toEqual([]);
  expect(await said([lost, namespace("shop", "another")])).toEqual([]);
  const open = broken(lost, ["metadata", "namespace"], UNKNOWN);
  expect(await said([open, namespace("shop")])).toEqual([]);
});

it("reads what is certain to be a namespace in a chart's values", async () => {
  const chart = (values: object): Fixture => ({
    ...release,
    props: { namespace: "shop", values },
  });
  const of = (values: object): Promise<readonly string[]> =>
    said([cluster, namespace("shop"), chart(values)]);
  expect(await of({ watchNamespaces: ["shop"], sidecar: { searchNamespace: "ALL" } })).toEqual([]);
  expect(await of({ sidecar: { searchNamespace: "shop,other" }, namespace: "x" })).toEqual([]);
  expect(await of({ watchNamespaces: ["sohp"] })).toEqual([
    what('Release "r": values.watchNamespaces[0]', "sohp", 'did you mean "shop"'),
  ]);
  expect(await of({ a: { matchLabels: { "kubernetes.io/metadata.name": "sohp" } } })).toEqual([
    what(
      'Release "r": values.a.matchLabels["kubernetes.io/metadata.name"]',
      "sohp",
      'did you mean "shop"',
    ),
  ]);
  expect(await of({ sidecar: { searchNamespace: "sohp" } })).toHaveLength(1);
});
