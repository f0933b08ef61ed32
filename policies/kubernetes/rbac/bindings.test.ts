import type * as k8s from "@pulumi/kubernetes";
import type { Fixture } from "../../testing";
import { testPolicy } from "../../testing/cases";

const binding = (kind = "RoleBinding"): Fixture => ({
  type: `kubernetes:rbac.authorization.k8s.io/v1:${kind}`,
  name: "orders",
  props: {
    metadata: { name: "orders", namespace: "shop" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
    subjects: [
      { kind: "ServiceAccount", name: "orders" },
      { kind: "Group", name: "support" },
    ],
  } satisfies k8s.types.input.rbac.v1.RoleBinding,
});
const says = (at: string, found: string, expected: string, kind = "RoleBinding"): string =>
  `${kind} "shop/orders": ${at} is ${found}; ${expected}.`;

for (const kind of ["RoleBinding", "ClusterRoleBinding"]) {
  testPolicy("rbac-no-cluster-admin", {
    happy: () => binding(kind),
    broken: [
      {
        at: ["roleRef", "name"],
        to: "cluster-admin",
        says: says(
          "roleRef.name",
          '"cluster-admin"',
          "bind a role with only the rules that are needed",
          kind,
        ),
      },
      {
        at: ["subjects", 1, "name"],
        to: "system:masters",
        says: says(
          "subjects[1].name",
          '"system:masters"',
          "permissions of that group cannot be revoked: use your own group",
          kind,
        ),
      },
      { at: ["subjects"], says: [] },
    ],
    unknown: [["roleRef", "name"], ["subjects"], ["subjects", 0], ["subjects", 1, "name"]],
  });
}

const everything = (): Fixture => ({
  type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
  name: "all",
  props: {
    metadata: { name: "all" },
    rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["get"] }],
  } satisfies k8s.types.input.rbac.v1.ClusterRole,
});

testPolicy("rbac-no-cluster-admin", {
  happy: everything,
  broken: [
    {
      at: ["rules", 0, "verbs"],
      to: ["*"],
      says: 'ClusterRole "all": rules[0].verbs is ["*"]; with every resource it is cluster-admin by another name: list what is needed.',
    },
    { at: ["rules"], says: [] },
  ],
  unknown: [["rules"], ["rules", 0], ["rules", 0, "verbs"], ["rules", 0, "verbs", 0]],
});

testPolicy("rbac-no-everybody", {
  happy: () => binding(),
  broken: [
    "system:anonymous",
    "system:unauthenticated",
    "system:authenticated",
    "system:serviceaccounts",
  ].map((name) => ({
    at: ["subjects", 1, "name"],
    to: name,
    says: says(
      "subjects[1].name",
      `"${name}"`,
      "it stands for everyone: list the ServiceAccounts, users or groups",
    ),
  })),
  unknown: [["subjects"], ["subjects", 1, "name"]],
});

testPolicy("rbac-no-default-account", {
  happy: () => binding(),
  broken: [
    {
      at: ["subjects", 0, "name"],
      to: "default",
      says: says(
        "subjects[0].name",
        '"default"',
        "every pod without its own ServiceAccount uses it: bind a ServiceAccount that only one workload uses",
      ),
    },
    { at: ["subjects", 1, "name"], to: "default", says: [] },
  ],
  unknown: [
    ["subjects", 0, "kind"],
    ["subjects", 0, "name"],
  ],
});
