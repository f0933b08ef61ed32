import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import { messages, type Fixture } from "../testing";
import type { Key } from "../values";

const POD: readonly Key[] = ["spec", "template", "spec"];
const NAME: readonly Key[] = [...POD, "serviceAccountName"];
const TOKEN: readonly Key[] = [...POD, "automountServiceAccountToken"];
const WHO = 'Deployment "shop/orders": spec.template.spec';

const account = (name: unknown = "orders", more: object = {}): Fixture => ({
  type: "kubernetes:core/v1:ServiceAccount",
  name: `account-${typeof name === "string" ? name : "open"}`,
  props: { metadata: { name, namespace: "shop" }, automountServiceAccountToken: false, ...more },
});
const namespace = (): Fixture => ({
  type: "kubernetes:core/v1:Namespace",
  name: "shop",
  props: { metadata: { name: "shop" } },
});

const own = "set it to the name of its own ServiceAccount.";

testPolicy("pod-service-account", {
  happy: deployment,
  broken: [
    { at: NAME, to: "default", says: `${WHO}.serviceAccountName is "default"; ${own}` },
    { at: NAME, to: "", says: `${WHO}.serviceAccountName is ""; ${own}` },
    { at: NAME, to: 7, says: `${WHO}.serviceAccountName is 7; ${own}` },
    { at: NAME, says: `${WHO}.serviceAccountName is missing; ${own}` },
  ],
  unknown: [NAME],
});

testPolicy("pod-service-account", {
  happy: () => broken(broken(deployment(), NAME), [...POD, "serviceAccount"], "orders"),
  broken: [
    {
      at: [...POD, "serviceAccount"],
      to: "default",
      says: `${WHO}.serviceAccount is "default"; ${own}`,
    },
  ],
  unknown: [[...POD, "serviceAccount"]],
});

const deprecated = "the field is deprecated: use serviceAccountName.";

testPolicy("pod-service-account-field", {
  happy: deployment,
  broken: [
    { at: [...POD, "serviceAccount"], to: "orders", says: [] },
    {
      at: [...POD, "serviceAccount"],
      to: "cart",
      says: `${WHO}.serviceAccount is "cart"; ${deprecated}`,
    },
  ],
  unknown: [NAME, [...POD, "serviceAccount"]],
});

testPolicy("pod-service-account-field", {
  happy: () => broken(deployment(), NAME),
  broken: [
    { at: [...POD, "serviceAccount"], to: 7, says: `${WHO}.serviceAccount is 7; ${deprecated}` },
    {
      at: [...POD, "serviceAccount"],
      to: "a",
      says: `${WHO}.serviceAccount is "a"; ${deprecated}`,
    },
  ],
  unknown: [],
});

const missing = (name: string): string =>
  `${WHO}.serviceAccountName is ${name}; namespace "shop" has no such ServiceAccount: correct the name, or create it.`;

const release: Fixture = {
  type: "kubernetes:helm.sh/v3:Release",
  name: "chart",
  props: { namespace: "stock" },
};

testPolicy("pod-service-account-exists", {
  happy: () => [deployment(), namespace(), account(), release],
  broken: [
    { at: NAME, to: "cart", says: missing('"cart"') },
    { at: NAME, to: "default", says: [] },
    { at: NAME, to: 7, says: [] },
    { at: NAME, says: [] },
    { of: 2, at: ["metadata", "name"], to: "cart", says: missing('"orders"') },
    { of: 2, at: ["metadata", "namespace"], to: "stock", says: missing('"orders"') },
    // It has a generated name.
    { of: 2, at: ["metadata", "name"], says: [] },
  ],
  unknown: [NAME, ["metadata", "namespace"], POD],
});

it("leaves an account open that a chart in the namespace may create", async () => {
  const said = (props: Fixture["props"]): Promise<readonly string[]> =>
    messages(
      ["pod-service-account-exists", "undecided"],
      [deployment(), namespace(), { ...release, props }],
    );
  expect(await said({ namespace: "shop" })).toEqual([
    '1 reference is not judged, because Release "chart" (helm.sh/v3) may create what is missing: pod-service-account-exists (1).',
  ]);
  expect(await said({ namespace: "stock" })).toEqual([missing('"orders"')]);
  expect(await said({})).toEqual([missing('"orders"')]);
});

testPolicy("pod-service-account-exists", {
  happy: () => [deployment(), account(), namespace()],
  broken: [
    { of: 1, at: ["metadata", "name"], to: "cart", says: missing('"orders"') },
    { of: 2, at: ["metadata", "name"], to: "stock", says: [] },
    { of: 2, at: ["metadata", "name"], says: [] },
  ],
  unknown: [],
});

const operator = (namespace: unknown, name: unknown = "orders"): Fixture => ({
  type: "kubernetes:postgresql.cnpg.io/v1:Cluster",
  name: "cluster",
  props: { metadata: { name, namespace } },
});

testPolicy("pod-service-account-exists", {
  happy: () => [deployment(), namespace(), operator("shop")],
  broken: [
    { of: 2, at: ["metadata", "name"], to: "cart", says: missing('"orders"') },
    { of: 2, at: ["metadata", "namespace"], to: "stock", says: missing('"orders"') },
  ],
  unknown: [
    [2, "metadata", "name"],
    [2, "metadata", "namespace"],
    [2, "metadata"],
  ],
});

testPolicy("pod-service-account-exists", {
  happy: () => [deployment(), namespace(), account()],
  broken: [
    { of: 2, at: ["metadata"], to: { name: "a", namespace: "shop" }, says: missing('"orders"') },
  ],
  unknown: [
    [2, "metadata"],
    [2, "metadata", "name"],
    [2, "metadata", "namespace"],
  ],
});

const token = (shown: string): string =>
  `${WHO}.automountServiceAccountToken is ${shown}; set it to false, or to true if the program calls the API server.`;
const never = { configuration: { "pod-service-account-token": { never: true } } };

testPolicy("pod-service-account-token", {
  happy: deployment,
  broken: [
    { at: TOKEN, to: true, says: [] },
    {
      at: TOKEN,
      to: true,
      setting: never,
      says: `${WHO}.automountServiceAccountToken is true; it must be false.`,
    },
    { at: TOKEN, to: false, setting: never, says: [] },
    { at: TOKEN, to: "no", says: token('"no"') },
    { at: TOKEN, says: token("missing") },
  ],
  unknown: [TOKEN],
});

testPolicy("pod-service-account-token", {
  happy: () => [broken(deployment(), TOKEN), account()],
  broken: [
    { of: 1, at: ["automountServiceAccountToken"], to: true, says: token("missing") },
    { of: 1, at: ["automountServiceAccountToken"], says: token("missing") },
    { of: 1, at: ["metadata", "name"], to: "cart", says: token("missing") },
    { of: 1, at: ["metadata", "namespace"], to: "stock", says: token("missing") },
    { at: TOKEN, to: true, says: [] },
  ],
  unknown: [NAME, ["metadata", "namespace"], [1, "automountServiceAccountToken"]],
});

testPolicy("pod-service-account-token", {
  happy: () => [
    broken(broken(deployment(), TOKEN), NAME),
    { ...account("default"), type: "kubernetes:core/v1:ServiceAccountPatch" },
  ],
  broken: [{ of: 1, at: ["metadata", "name"], to: "other", says: token("missing") }],
  unknown: [],
});

const binding = (): Fixture => ({
  type: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
  name: "reads",
  props: {
    metadata: { name: "reads", namespace: "shop" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
    subjects: [
      { kind: "Group", name: "developers" },
      { kind: "ServiceAccount", name: "orders" },
    ],
  },
});
const SUBJECT: readonly Key[] = ["subjects", 1];

describe("a ServiceAccount with a role", () => {
  testPolicy("pod-service-account-token", {
    happy: () => [broken(deployment(), TOKEN), binding()],
    broken: [
      { of: 1, at: [...SUBJECT, "namespace"], to: "shop", says: [] },
      { of: 1, at: [...SUBJECT, "namespace"], to: "stock", says: token("missing") },
      { of: 1, at: [...SUBJECT, "name"], to: "cart", says: token("missing") },
      { of: 1, at: [...SUBJECT, "kind"], to: "Group", says: token("missing") },
      { of: 1, at: ["subjects"], says: token("missing") },
    ],
    unknown: [
      [1, "subjects"],
      [1, ...SUBJECT],
      [1, ...SUBJECT, "kind"],
      [1, ...SUBJECT, "name"],
      [1, ...SUBJECT, "namespace"],
    ],
  });

  it("still mounts no token where none is allowed", async () => {
    const fixtures = [broken(deployment(), TOKEN), binding()];
    expect(await messages("pod-service-account-token", fixtures, never)).toEqual([
      `${WHO}.automountServiceAccountToken is missing; it must be false.`,
    ]);
  });
});

testPolicy("default-service-account-unused", {
  happy: () => [
    account("default"),
    account("orders", { automountServiceAccountToken: true }),
    { ...account("default"), type: "kubernetes:core/v1:ServiceAccountPatch" },
  ],
  broken: [
    {
      at: ["automountServiceAccountToken"],
      says: 'ServiceAccount "shop/default": automountServiceAccountToken is missing; it must be false.',
    },
    {
      of: 2,
      at: ["automountServiceAccountToken"],
      to: true,
      says: 'ServiceAccountPatch "shop/default": automountServiceAccountToken is true; it must be false.',
    },
  ],
  unknown: [["automountServiceAccountToken"]],
});
