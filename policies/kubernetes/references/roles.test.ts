import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../../testing/cases";
import { broken } from "../../testing/fixtures";
import { UNKNOWN, messages, type Fixture } from "../../testing";
import type { Key } from "../../values";

const object = (type: string, name: string, props: object = {}, namespace = "shop"): Fixture => ({
  type: `kubernetes:${type}`,
  name: `${type}-${name}-${namespace}`,
  props: { metadata: { name, namespace }, ...props },
});
const RBAC = "rbac.authorization.k8s.io";
const namespace = (name: string): Fixture => ({
  type: "kubernetes:core/v1:Namespace",
  name,
  props: { metadata: { name } },
});

const binding = (): Fixture =>
  object(`${RBAC}/v1:RoleBinding`, "reads", {
    roleRef: { apiGroup: RBAC, kind: "Role", name: "reader" },
    subjects: [
      { kind: "ServiceAccount", name: "api" },
      { kind: "ServiceAccount", name: "prometheus", namespace: "monitoring" },
      { kind: "Group", name: "developers" },
    ],
  } satisfies k8s.types.input.rbac.v1.RoleBinding);
const WHO = 'RoleBinding "shop/reads"';
const none = (path: string, name: string, kind: string, place = 'namespace "shop"'): string =>
  `${WHO}: ${path} is "${name}"; ${place} has no such ${kind}: correct the name, or create it.`;
const SUBJECTS: readonly Key[] = ["subjects"];

testPolicy("role-binding-reference", {
  happy: () => [
    binding(),
    namespace("shop"),
    namespace("monitoring"),
    object(`${RBAC}/v1:Role`, "reader"),
    object("core/v1:ServiceAccount", "api"),
    object("core/v1:ServiceAccount", "prometheus", {}, "monitoring"),
  ],
  broken: [
    { at: ["roleRef", "name"], to: "writer", says: none("roleRef.name", "writer", "Role") },
    { at: ["roleRef", "name"], to: "default", says: none("roleRef.name", "default", "Role") },
    { at: ["roleRef"], to: { kind: "ClusterRole", name: "anything" }, says: [] },
    // As an extension API server reads how to authenticate.
    { at: ["roleRef", "name"], to: "extension-apiserver-authentication-reader", says: [] },
    { at: ["roleRef", "name"], to: "system:controller:token-cleaner", says: [] },
    {
      at: [...SUBJECTS, 0, "name"],
      to: "app",
      says: none("subjects[0].name", "app", "ServiceAccount"),
    },
    { at: [...SUBJECTS, 0, "name"], to: "default", says: [] },
    {
      at: [...SUBJECTS, 1, "namespace"],
      says: none("subjects[1].name", "prometheus", "ServiceAccount"),
    },
    { at: [...SUBJECTS, 1, "namespace"], to: "elsewhere", says: [] },
    {
      at: [...SUBJECTS, 1, "namespace"],
      to: "elsewhere",
      setting: { configuration: { "role-binding-reference": { foreign: true } } },
      says: none("subjects[1].name", "prometheus", "ServiceAccount", 'namespace "elsewhere"'),
    },
  ],
  unknown: [
    ["roleRef", "name"],
    [...SUBJECTS, 0, "name"],
    [...SUBJECTS, 1, "namespace"],
  ],
});

describe("role-binding-reference", () => {
  const bound = (name: string): Fixture =>
    broken(broken(binding(), ["subjects"], []), ["roleRef"], { kind: "ClusterRole", name });
  const own: Fixture = {
    type: `kubernetes:${RBAC}/v1:ClusterRole`,
    name: "own",
    props: { metadata: { name: "own" } },
  };
  const release = {
    type: "kubernetes:helm.sh/v3:Release",
    name: "r",
    props: { namespace: "stock" },
  };
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("role-binding-reference", [namespace("shop"), ...fixture]);

  it("knows ClusterRoles if the stack creates some, and has no charts", async () => {
    expect(await reported(bound("own"), own)).toEqual([]);
    expect(await reported(bound("other"), own)).toEqual([
      none("roleRef.name", "other", "ClusterRole", "the cluster"),
    ]);
    expect(await reported(bound("other"))).toEqual([]);
    expect(await reported(bound("other"), own, release)).toEqual([]);
  });

  it("checks ClusterRoles in the stack's namespaces, or for ServiceAccounts in them", async () => {
    const wide = (namespace: unknown): Fixture => ({
      type: `kubernetes:${RBAC}/v1:ClusterRoleBinding`,
      name: "wide",
      props: {
        metadata: { name: "wide" },
        roleRef: { kind: "ClusterRole", name: "other" },
        subjects: [{ kind: "ServiceAccount", name: "default", namespace }],
      },
    });
    const foreign = { configuration: { "role-binding-reference": { foreign: true } } };
    const missing =
      'ClusterRoleBinding "wide": roleRef.name is "other"; the cluster has no such ClusterRole: correct the name, or create it.';
    expect(await reported(wide("shop"), own)).toEqual([missing]);
    expect(await reported(wide("stock"), own)).toEqual([]);
    expect(await reported(wide(UNKNOWN), own)).toEqual([]);
    expect(await messages("role-binding-reference", [wide("stock"), own], foreign)).toContain(
      missing,
    );
    expect(await messages("role-binding-reference", [bound("other"), own])).toEqual([]);
  });

  it.each(["view", "edit", "admin", "cluster-admin", "system:node"])("knows %s", async (name) => {
    expect(await reported(bound(name), own)).toEqual([]);
    expect(await reported(bound(`${name.replace(":", "-")}-x`), own)).toHaveLength(1);
  });
});
