import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../../testing";
import { testPolicy } from "../../testing/cases";
import { broken, deployment } from "../../testing/fixtures";

const RBAC = "kubernetes:rbac.authorization.k8s.io/v1";
type Rule = k8s.types.input.rbac.v1.PolicyRule;
type Resource = k8s.types.input.rbac.v1.Subject;

const SECRETS: Rule = { apiGroups: [""], resources: ["secrets"], verbs: ["list"] };
const HARMLESS: Rule = { apiGroups: [""], resources: ["configmaps"], verbs: ["list"] };
const EVERYTHING: Rule = { apiGroups: ["*"], resources: ["*"], verbs: ["*"] };
const ACCOUNT = ["spec", "template", "spec", "serviceAccountName"] as const;

const role = (rules: readonly Rule[] = [HARMLESS]): Fixture => ({
  type: `${RBAC}:Role`,
  name: "reader",
  props: { metadata: { name: "reader", namespace: "shop" }, rules },
});
const clusterRole = (name: string, rest: object): Fixture => ({
  type: `${RBAC}:ClusterRole`,
  name,
  props: { metadata: { name, labels: { part: name } }, ...rest },
});
const binding = (
  roleRef: object = { kind: "Role", name: "reader" },
  subject: Resource = { kind: "ServiceAccount", name: "orders", namespace: "shop" },
  kind = "RoleBinding",
): Fixture => ({
  type: `${RBAC}:${kind}`,
  name: "readers",
  props: { metadata: { name: "readers", namespace: "shop" }, roleRef, subjects: [subject] },
});
const workload = (): Fixture => broken(deployment(), ACCOUNT, "orders");
const says = (may: string, by = 'RoleBinding "shop/readers"', account = "orders"): string =>
  `Deployment "shop/orders": its ServiceAccount "${account}" may ${may}, through ${by}; bind a role that does not allow it.`;
const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
  messages("rbac-workload-reach", fixture);
const AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-";
const ALL =
  "run commands in pods, read Secrets, start arbitrary pods, gain more permissions, impersonate others, create ServiceAccount tokens, change what the API server admits, approve the cluster's certificates, intercept traffic to addresses, mount directories of nodes";
const EDIT =
  "run commands in pods, read Secrets, start arbitrary pods, impersonate others, create ServiceAccount tokens";

testPolicy("rbac-workload-reach", {
  happy: () => [role(), binding(), workload()],
  broken: [
    { at: ["rules", 0], to: SECRETS, says: says("read Secrets") },
    { at: ["rules", 0], to: EVERYTHING, says: says(ALL) },
    { of: 1, at: ["roleRef"], to: { kind: "ClusterRole", name: "cluster-admin" }, says: says(ALL) },
    { of: 1, at: ["roleRef"], to: { kind: "ClusterRole", name: "admin" }, says: says(EDIT) },
    { of: 1, at: ["roleRef"], to: { kind: "ClusterRole", name: "edit" }, says: says(EDIT) },
    { of: 1, at: ["roleRef"], to: { kind: "ClusterRole", name: "view" }, says: [] },
    { of: 1, at: ["roleRef"], to: { kind: "ClusterRole", name: "toString" }, says: [] },
    { of: 1, at: ["roleRef"], to: { kind: "Role", name: "edit" }, says: [] },
  ],
  unknown: [
    [1, "roleRef", "name"],
    [1, "roleRef", "kind"],
    [1, "metadata", "namespace"],
    ["rules"],
    ["rules", 0],
    ["rules", 0, "resources", 0],
  ],
});

testPolicy("rbac-workload-reach", {
  happy: () => [
    role([SECRETS]),
    binding(undefined, { kind: "ServiceAccount", name: "cart" }),
    workload(),
  ],
  broken: [
    { of: 1, at: ["subjects", 0, "name"], to: "orders", says: says("read Secrets") },
    { of: 2, at: ACCOUNT, to: "cart", says: says("read Secrets", undefined, "cart") },
  ],
  unknown: [
    [1, "subjects"],
    [1, "subjects", 0],
    [1, "subjects", 0, "kind"],
    [1, "subjects", 0, "name"],
    [1, "subjects", 0, "namespace"],
    [1, "metadata", "namespace"],
    [2, ...ACCOUNT],
    [2, "spec", "template"],
    [2, "metadata", "namespace"],
  ],
});

testPolicy("rbac-workload-reach", {
  happy: () => [
    clusterRole("extra", { rules: [SECRETS] }),
    binding({ kind: "ClusterRole", name: "view" }),
    workload(),
  ],
  broken: [
    { at: ["metadata", "labels", `${AGGREGATE}view`], to: "true", says: says("read Secrets") },
    { at: ["metadata", "labels", `${AGGREGATE}view`], to: "false", says: [] },
    { at: ["metadata", "labels", `${AGGREGATE}edit`], to: "true", says: [] },
    { at: ["metadata", "labels", `${AGGREGATE}admin`], to: "true", says: [] },
  ],
  unknown: [
    ["metadata", "labels"],
    ["metadata", "labels", `${AGGREGATE}view`],
  ],
});

describe("who is bound", () => {
  const secrets = role([SECRETS]);
  const bound = (subject: Resource): Promise<readonly string[]> =>
    reported(secrets, binding(undefined, subject), workload());

  it.each<[Resource]>([
    [{ kind: "ServiceAccount", name: "orders" }],
    [{ kind: "User", name: "system:serviceaccount:shop:orders" }],
    [{ kind: "Group", name: "system:serviceaccounts:shop" }],
    [{ kind: "Group", name: "system:serviceaccounts" }],
    [{ kind: "Group", name: "system:authenticated" }],
  ])("matches %j to the ServiceAccount", async (subject) => {
    expect(await bound(subject)).toEqual([says("read Secrets")]);
  });

  it.each<[Resource]>([
    [{ kind: "ServiceAccount", name: "cart" }],
    [{ kind: "ServiceAccount", name: "orders", namespace: "stock" }],
    [{ kind: "User", name: "orders" }],
    [{ kind: "Group", name: "system:serviceaccounts:stock" }],
  ])("does not match %j", async (subject) => {
    expect(await bound(subject)).toEqual([]);
  });

  it("knows the default ServiceAccount, and several bindings", async () => {
    const subject = { kind: "ServiceAccount", name: "default" };
    const again = {
      ...broken(binding(undefined, subject), ["metadata", "name"], "again"),
      name: "again",
    };
    const both = [binding(undefined, subject), again];
    const by = 'RoleBinding "shop/readers" and RoleBinding "shop/again"';
    expect(await reported(secrets, ...both, broken(deployment(), ACCOUNT))).toEqual([
      says("read Secrets", by, "default"),
    ]);
    const edits = broken(again, ["roleRef"], { kind: "ClusterRole", name: "edit" });
    const more = `RoleBinding "shop/readers", and may ${EDIT}, through RoleBinding "shop/again"`;
    expect(
      await reported(secrets, binding(undefined, subject), edits, broken(deployment(), ACCOUNT)),
    ).toEqual([says("read Secrets", more, "default")]);
  });

  it("says once what copies of a binding allow", async () => {
    const copies = [binding(), { ...binding(), name: "copy" }];
    expect(await reported(secrets, ...copies, workload())).toEqual([says("read Secrets")]);
  });

  it("counts unknown subjects", async () => {
    expect(await bound({ kind: "ServiceAccount", name: UNKNOWN })).toEqual([]);
    expect(await reported(secrets, binding(), broken(deployment(), ACCOUNT, UNKNOWN))).toEqual([]);
    expect(
      await reported(secrets, binding(), broken(workload(), ["metadata", "namespace"], UNKNOWN)),
    ).toEqual([]);
  });
});

describe("cluster roles", () => {
  const ref = { kind: "ClusterRole", name: "all" };
  const AGGREGATED = {
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part: "secrets" } }] },
  };

  it("counts what a ClusterRole aggregates", async () => {
    const all = clusterRole("all", AGGREGATED);
    const parts = [
      clusterRole("secrets", { rules: [SECRETS] }),
      clusterRole("pods", { rules: [EVERYTHING] }),
    ];
    expect(
      await reported(all, ...parts, binding(ref, undefined, "ClusterRoleBinding"), workload()),
    ).toEqual([says("read Secrets", 'ClusterRoleBinding "shop/readers"')]);
    expect(
      await reported(all, clusterRole("pods", { rules: [SECRETS] }), binding(ref), workload()),
    ).toEqual([]);
  });

  it("counts unknown labels that may aggregate", async () => {
    const part = broken(clusterRole("x", { rules: [SECRETS] }), ["metadata", "labels"], UNKNOWN);
    expect(await reported(clusterRole("all", AGGREGATED), part, binding(ref), workload())).toEqual(
      [],
    );
  });

  it.each([
    ["edit", EDIT],
    ["admin", EDIT],
    ["cluster-admin", ALL],
  ])("adds roles that are aggregated into %s, once", async (name, may) => {
    const extra = broken(
      clusterRole("extra", { rules: [SECRETS] }),
      ["metadata", "labels", `${AGGREGATE}view`],
      "true",
    );
    const bound = binding({ kind: "ClusterRole", name });
    expect(await reported(extra, bound, workload())).toEqual([says(may)]);
    const escalating: Rule = {
      apiGroups: ["rbac.authorization.k8s.io"],
      resources: ["clusterroles"],
      verbs: ["bind"],
    };
    const more = broken(extra, ["rules"], [escalating]);
    expect(await reported(more, bound, workload())).toEqual([
      says(name === "cluster-admin" ? ALL : `${EDIT}, gain more permissions`),
    ]);
    const elsewhere = "urn:pulumi:prod::p::pulumi:providers:kubernetes::x";
    expect(await reported({ ...more, provider: elsewhere }, bound, workload())).toEqual([
      says(may),
    ]);
  });

  it("does not apply to a Rollout without a pod template", async () => {
    const rollout = { ...workload(), type: "kubernetes:argoproj.io/v1alpha1:Rollout" };
    const bound = binding(undefined, { kind: "Group", name: "system:serviceaccounts" });
    expect(await reported(role([SECRETS]), bound, rollout)).toHaveLength(1);
    const pointer = broken(rollout, ["spec"], { workloadRef: { name: "orders" } });
    expect(await reported(role([SECRETS]), bound, pointer)).toEqual([]);
  });

  it("distinguishes Roles from ClusterRoles, and namespaces", async () => {
    const other = broken(role([SECRETS]), ["metadata", "namespace"], "stock");
    expect(await reported(other, binding(), workload())).toEqual([]);
    expect(
      await reported(role([SECRETS]), binding({ kind: "ClusterRole", name: "reader" }), workload()),
    ).toEqual([]);
    const cluster = clusterRole("reader", { rules: [SECRETS] });
    expect(await reported(cluster, binding({ kind: "Role", name: "reader" }), workload())).toEqual(
      [],
    );
    expect(
      await reported(cluster, binding({ kind: "ClusterRole", name: "reader" }), workload()),
    ).toEqual([says("read Secrets")]);
  });

  it("prefers the stack's role to the built-in one", async () => {
    const own = clusterRole("edit", { rules: [SECRETS] });
    expect(await reported(own, binding({ kind: "ClusterRole", name: "edit" }), workload())).toEqual(
      [says("read Secrets")],
    );
  });
});
