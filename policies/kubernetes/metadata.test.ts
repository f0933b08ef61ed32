import { describe, expect, it } from "vitest";
import type { Fixture, Setting } from "../testing";
import { UNKNOWN, messages, urnOf } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import type { Key } from "../values";
import { isKey } from "./labels";

const named = (token: string, name: unknown): Fixture => ({
  type: `kubernetes:${token}`,
  name: "x",
  props: { metadata: { name } },
});
const NAME: readonly Key[] = ["metadata", "name"];
const lower = "lower-case letters, digits and hyphens";

testPolicy("object-name-valid", {
  happy: () => [
    deployment(),
    named("example.com/v1:Thing", "a.b-1.c"),
    { type: "kubernetes:helm.sh/v3:Release", name: "r", props: { metadata: { name: "R!" } } },
    { type: "aws:s3/bucket:Bucket", name: "b", props: { metadata: { name: "B!" } } },
  ],
  broken: [
    {
      at: NAME,
      to: "Orders",
      says: `Deployment "shop/Orders": metadata.name is "Orders"; a name has at most 253 characters: ${lower}, with dots between them.`,
    },
    {
      at: NAME,
      to: 7,
      says: `Deployment "shop/orders": metadata.name is 7; a name has at most 253 characters: ${lower}, with dots between them.`,
    },
    { at: NAME, says: [] },
  ],
  unknown: [NAME, ["metadata"]],
});

describe("object-name-valid", () => {
  it.each<[string, string, boolean]>([
    ["core/v1:ConfigMap", "a", true],
    ["core/v1:ConfigMap", "9-a.b", true],
    ["core/v1:ConfigMap", "a..b", false],
    ["core/v1:ConfigMap", "-a", false],
    ["core/v1:ConfigMap", "a-", false],
    ["core/v1:ConfigMap", "a.-b", false],
    ["core/v1:ConfigMap", "a_b", false],
    ["core/v1:ConfigMap", "", false],
    ["core/v1:ConfigMap", "a".repeat(253), true],
    ["core/v1:ConfigMap", "a".repeat(254), false],
    ["core/v1:Namespace", "9-shop", true],
    ["core/v1:Namespace", "shop.eu", false],
    ["core/v1:Namespace", "a".repeat(63), true],
    ["core/v1:Namespace", "a".repeat(64), false],
    ["core/v1:Service", "shop-9", true],
    ["core/v1:Service", "9-shop", false],
    ["core/v1:Service", "a".repeat(63), true],
    ["core/v1:Service", "a".repeat(64), false],
    ["batch/v1:Job", "a.b", true],
    ["batch/v1:Job", "a".repeat(63), true],
    ["batch/v1:Job", "a".repeat(64), false],
    ["batch/v1:CronJob", "a".repeat(52), true],
    ["batch/v1:CronJob", "a".repeat(53), false],
    ["apps/v1:StatefulSet", "a".repeat(52), true],
    ["apps/v1:StatefulSet", "a".repeat(53), false],
    ["rbac.authorization.k8s.io/v1:Role", "system:Reader", true],
    ["rbac.authorization.k8s.io/v1:RoleBinding", "a/b", false],
    ["rbac.authorization.k8s.io/v1:ClusterRole", "..", false],
    ["rbac.authorization.k8s.io/v1:ClusterRole", ".", false],
    ["rbac.authorization.k8s.io/v1:ClusterRole", "..a", true],
    ["rbac.authorization.k8s.io/v1:ClusterRoleBinding", "50%", false],
    ["rbac.authorization.k8s.io/v1:ClusterRoleBinding", "a:b", true],
    ["rbac.authorization.k8s.io/v1:RoleBinding", "a:b", true],
    ["rbac.authorization.k8s.io/v1:Role", "a".repeat(254), false],
    ["flowcontrol.apiserver.k8s.io/v1:FlowSchema", "A:b", true],
    ["flowcontrol.apiserver.k8s.io/v1:PriorityLevelConfiguration", "A:b", true],
    ["networking.k8s.io/v1:IPAddress", "2001:db8::1", true],
    ["networking.k8s.io/v1:IPAddress", "a".repeat(40), false],
    ["networking.k8s.io/v1:IPAddress", "host-1", false],
  ])("%s %s: %s", async (token, name, isValid) => {
    const found = await messages("object-name-valid", [named(token, name)]);
    expect(found).toHaveLength(isValid ? 0 : 1);
  });
});

const LABELS: readonly Key[] = ["metadata", "labels"];
const TEMPLATE: readonly Key[] = ["spec", "template", "metadata"];
const WHO = 'Deployment "shop/orders"';
const label = "a label has at most 63 letters, digits, hyphens, dots or underscores.";
const quote = "it must be a string: quote it.";

testPolicy("object-labels-valid", {
  happy: () => [
    // Separate labels, because the fixture shares them with its template.
    broken(
      broken(deployment(), LABELS, { "example.com/tier": "web" }),
      ["metadata", "annotations"],
      { "example.com/words": "anything, at all", gone: null, late: UNKNOWN },
    ),
    { type: "kubernetes:core/v1:Pod", name: "p", props: { metadata: { labels: { a: "" } } } },
    { type: "aws:s3/bucket:Bucket", name: "b", props: { metadata: { labels: { "!": 1 } } } },
  ],
  broken: [
    { at: [...LABELS, "a"], to: "-x", says: `${WHO}: metadata.labels.a is "-x"; ${label}` },
    { at: [...LABELS, "a"], to: "x".repeat(63), says: [] },
    {
      at: [...LABELS, "a"],
      to: "x".repeat(64),
      says: `${WHO}: metadata.labels.a is "${"x".repeat(64)}"; ${label}`,
    },
    { at: [...LABELS, "a"], to: true, says: `${WHO}: metadata.labels.a is true; ${quote}` },
    { at: [...LABELS, "a"], to: null, says: [] },
    {
      at: [...LABELS, "a b"],
      to: "x",
      says: `${WHO}: metadata.labels["a b"] is "x"; a key is a name of at most 63 characters, or a domain, a slash and a name.`,
    },
    {
      at: ["metadata", "annotations", "a"],
      to: 7,
      says: `${WHO}: metadata.annotations.a is 7; ${quote}`,
    },
    {
      at: [...TEMPLATE, "labels", "a"],
      to: "a b",
      says: `${WHO}: spec.template.metadata.labels.a is "a b"; ${label}`,
    },
    {
      at: [...TEMPLATE, "annotations"],
      to: { a: false },
      says: `${WHO}: spec.template.metadata.annotations.a is false; ${quote}`,
    },
    {
      of: 1,
      at: ["metadata", "labels", "a"],
      to: "é",
      says: `Pod "default/p": metadata.labels.a is "é"; ${label}`.replace("default/", ""),
    },
  ],
  unknown: [LABELS, [...LABELS, "a"], ["metadata", "annotations"], [...TEMPLATE, "labels"]],
});

describe("isKey", () => {
  it.each([
    ["a", true],
    ["A_b.c-9", true],
    ["example.com/a", true],
    ["a".repeat(63), true],
    ["a".repeat(64), false],
    ["", false],
    ["-a", false],
    ["example.com/", false],
    ["/a", false],
    ["Example.com/a", false],
    ["a/b/c", false],
    [`${"a".repeat(253)}/a`, true],
    [`${"a".repeat(254)}/a`, false],
  ])("%s: %s", (key, expected) => {
    expect(isKey(key)).toBe(expected);
  });
});

const set = (settings: object): Setting => ({
  configuration: { "recommended-labels": { ...settings } },
});

testPolicy("recommended-labels", {
  happy: deployment,
  broken: [
    {
      at: [...LABELS, "app.kubernetes.io/name"],
      says: `${WHO}: metadata.labels["app.kubernetes.io/name"] is missing; add the label.`,
    },
    {
      at: LABELS,
      setting: set({ labels: ["owner", "team"] }),
      says: ["owner", "team"].map(
        (key) => `${WHO}: metadata.labels.${key} is missing; add the label.`,
      ),
    },
    { at: LABELS, setting: set({ labels: [] }), says: [] },
    {
      at: ["metadata", "annotations"],
      to: { mail: "" },
      setting: set({ annotations: ["mail"] }),
      says: `${WHO}: metadata.annotations.mail is ""; add the annotation.`,
    },
    {
      at: [...LABELS, "app.kubernetes.io/instance"],
      to: "cart",
      setting: set({ instanceIsName: true }),
      says: `${WHO}: metadata.labels["app.kubernetes.io/instance"] is "cart"; it must be "orders".`,
    },
    { at: [...LABELS, "app.kubernetes.io/instance"], to: "cart", says: [] },
    {
      at: [...LABELS, "app.kubernetes.io/instance"],
      to: "orders",
      setting: set({ instanceIsName: true }),
      says: [],
    },
    { at: NAME, setting: set({ instanceIsName: true }), says: [] },
  ],
  unknown: [LABELS],
});

const NAMESPACE: readonly Key[] = ["metadata", "namespace"];
const own = "set a dedicated namespace.";

testPolicy("namespace-not-default", {
  happy: () => [
    deployment(),
    named("core/v1:Namespace", "shop"),
    { type: "kubernetes:core/v1:Secret", name: "read", props: {} },
  ],
  broken: [
    {
      at: NAMESPACE,
      to: "default",
      says: `Deployment "default/orders": metadata.namespace is "default"; ${own}`,
    },
    { at: NAMESPACE, to: "", says: `Deployment "/orders": metadata.namespace is ""; ${own}` },
    { at: NAMESPACE, says: `Deployment "orders": metadata.namespace is missing; ${own}` },
  ],
  unknown: [NAMESPACE],
});

describe("namespace-not-default", () => {
  const inDefault = (type: string, name: string, spec?: object): Fixture => ({
    type: `kubernetes:${type}`,
    name,
    props: { metadata: { name, namespace: "default" }, ...(spec === undefined ? {} : { spec }) },
  });

  it("accepts what belongs to the default namespace", async () => {
    const own = [
      inDefault("core/v1:ServiceAccount", "default"),
      inDefault("core/v1:Service", "kubernetes"),
      inDefault("networking.k8s.io/v1:NetworkPolicy", "deny", { podSelector: {} }),
    ];
    expect(await messages("namespace-not-default", own)).toEqual([]);
  });

  it.each([
    inDefault("core/v1:ServiceAccount", "orders"),
    inDefault("core/v1:Service", "default"),
    inDefault("networking.k8s.io/v1:NetworkPolicy", "some", {
      podSelector: { matchLabels: { app: "orders" } },
    }),
    named("core/v1:ServiceAccount", "default"),
  ])("refuses $type $name", async (fixture) => {
    expect(await messages("namespace-not-default", [fixture])).toHaveLength(1);
  });
});

const provider: Fixture = {
  type: "pulumi:providers:kubernetes",
  name: "cluster",
  props: { namespace: "shop" },
};

testPolicy("namespace-not-default", {
  happy: () => [{ ...broken(deployment(), NAMESPACE), provider: urnOf(provider) }, provider],
  broken: [
    {
      of: 1,
      at: ["namespace"],
      says: `Deployment "orders": metadata.namespace is missing; ${own}`,
    },
    {
      of: 1,
      at: ["namespace"],
      to: "default",
      says: `Deployment "orders": metadata.namespace is missing; ${own}`,
    },
    {
      at: NAMESPACE,
      to: "default",
      says: `Deployment "default/orders": metadata.namespace is "default"; ${own}`,
    },
  ],
  unknown: [[1, "namespace"]],
});
