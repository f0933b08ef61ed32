/** Bindings: their role and their ServiceAccounts. */
import type { Policy, Stack, StackResource } from "../../policy";
import { STRICT_IN_PRODUCTION } from "../../policy";
import type { Value } from "../../values";
import { isKnownChart } from "./charts";
import { ACCOUNT } from "./makers";
import { FOREIGN, resolve, type Reference } from "./reference";

const RBAC = "kubernetes:rbac.authorization.k8s.io";

/** The API server creates these itself. */
const BUILT_IN = /^(system:.*|cluster-admin|admin|edit|view)$/;

/** The API server creates these Roles, most of them in kube-system. */
const BUILT_IN_ROLE = /^(system:.*|extension-apiserver-authentication-reader)$/;

const isBuiltIn = (name: string, to: string): boolean =>
  to === ACCOUNT ? name === "default" : BUILT_IN_ROLE.test(name);

/** References to the stack's roles and ServiceAccounts; ClusterRoles often come from a chart. */
function referencesOf(from: StackResource): readonly Reference[] {
  const role = from.props.get("roleRef");
  const isOwn = role.get("kind").string === "Role";
  const accounts = from.props
    .get("subjects")
    .list()
    .filter((subject) => subject.get("kind").string === "ServiceAccount")
    .map((subject) => ({
      from,
      to: ACCOUNT,
      value: subject.get("name"),
      namespace: subject.get("namespace"),
    }));
  return [...(isOwn ? [{ from, to: `${RBAC}:Role`, value: role.get("name") }] : []), ...accounts];
}

const clusterRole = (from: StackResource): readonly Value[] => {
  const role = from.props.get("roleRef");
  return role.get("kind").string === "ClusterRole" ? [role.get("name")] : [];
};

/**
 * References to ClusterRoles, if the stack creates all of the cluster's: where it has no unknown charts. A
 * ClusterRoleBinding uses the namespace of its first ServiceAccount.
 */
function clusterRoles(stack: Stack): readonly Reference[] {
  const charts = stack.of("kubernetes:helm.sh:Release", "kubernetes:helm.sh:Chart");
  // A well-known chart binds its ClusterRoles itself.
  if (charts.some((chart) => !isKnownChart(chart)) || stack.of(`${RBAC}:ClusterRole`).length === 0)
    return [];
  return bindings(stack).flatMap((from) => {
    const own = from.props.get("metadata", "namespace");
    const namespace = own.isMissing ? from.props.get("subjects", 0, "namespace") : own;
    return clusterRole(from).map((value) => ({
      from,
      to: `${RBAC}:ClusterRole`,
      value,
      namespace,
      isClusterWide: true,
    }));
  });
}

const bindings = (stack: Stack): readonly StackResource[] =>
  stack.of(`${RBAC}:RoleBinding`, `${RBAC}:ClusterRoleBinding`);

export const roles: readonly Policy[] = [
  {
    name: "role-binding-reference",
    title: "Bindings refer to existing roles and ServiceAccounts",
    clause: {
      reference: "PO-03",
      url: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding",
    },
    severity: "medium",
    themes: ["rbac"],
    prevents:
      "The API server refuses the program's requests, or anyone who later creates a ServiceAccount of that name gets its permissions.",
    description:
      "The Role of every binding, and the ServiceAccounts that it names, exist in their namespaces.",
    remediation:
      "Correct roleRef.name, or the name and namespace in subjects; remove subjects that no longer exist.",
    enforcement: STRICT_IN_PRODUCTION,
    configuration: FOREIGN,
    check: {
      kind: "stack",
      run: (stack, context) => {
        const references = bindings(stack).flatMap(referencesOf);
        resolve(stack, context, references, isBuiltIn);
        resolve(stack, context, clusterRoles(stack), (name) => BUILT_IN.test(name));
      },
    },
  },
];
