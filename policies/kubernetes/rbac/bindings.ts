/** RoleBindings and ClusterRoleBindings: their roles and subjects. */
import { isThat, rules } from "../../rules";
import { each, elements, expectNot, knows, type Check } from "../../expect";
import type { Policy } from "../../policy";
import { STRICT_IN_PRODUCTION, finding, typeKey } from "../../policy";
import type { Value } from "../../values";

export const BINDINGS = [
  "kubernetes:rbac.authorization.k8s.io:RoleBinding",
  "kubernetes:rbac.authorization.k8s.io:ClusterRoleBinding",
] as const;
const CLUSTER_ROLE = "kubernetes:rbac.authorization.k8s.io:ClusterRole";
const DOCS = "https://kubernetes.io/docs/reference/access-authn-authz/rbac/";
const PRACTICES = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/";

/** Names that stand for everyone, or that cannot be revoked. */
const EVERYBODY: readonly string[] = [
  "system:anonymous",
  "system:unauthenticated",
  "system:authenticated",
  "system:serviceaccounts",
];

function noAdministrator(check: Check): void {
  const { type, props } = check.resource;
  if (typeKey(type) === CLUSTER_ROLE) {
    for (const rule of elements(check, props.get("rules"))) noFullRule(check, rule);
    return;
  }
  const narrow = "bind a role with only the rules that are needed";
  expectNot(check, props.get("roleRef", "name"), "cluster-admin", narrow);
  for (const subject of elements(check, props.get("subjects"))) {
    const expected = "permissions of that group cannot be revoked: use your own group";
    expectNot(check, subject.get("name"), "system:masters", expected);
  }
}

function noFullRule(check: Check, rule: Value): void {
  const isAll = ["apiGroups", "resources", "verbs"].every((key) =>
    elements(check, rule.get(key)).some(({ string }) => string === "*"),
  );
  if (!isAll) return;
  const expected = "with every resource it is cluster-admin by another name: list what is needed";
  check.context.report(finding(check.resource, rule.get("verbs"), expected));
}

function noDefaultAccount(check: Check): void {
  for (const subject of elements(check, check.resource.props.get("subjects"))) {
    const kind = subject.get("kind");
    if (!knows(check, kind) || kind.string !== "ServiceAccount") continue;
    const expected =
      "every pod without its own ServiceAccount uses it: bind a ServiceAccount that only one workload uses";
    expectNot(check, subject.get("name"), "default", expected);
  }
}

export const bindings: readonly Policy[] = [
  {
    name: "rbac-no-cluster-admin",
    title: "Nobody is cluster-admin",
    clause: {
      reference:
        "PO-03; Polaris clusterrolebindingClusterAdmin; kube-linter cluster-admin-role-binding; CIS Kubernetes 5.1.1; CIS Kubernetes 5.1.7",
      url: `${DOCS}#user-facing-roles`,
    },
    severity: "critical",
    themes: ["rbac"],
    prevents: "One leaked token exposes the whole cluster.",
    description:
      "No binding refers to the ClusterRole cluster-admin, and none to the group system:masters; no other ClusterRole allows everything.",
    remediation: "Bind a role with only the rules that are needed.",
    enforcement: STRICT_IN_PRODUCTION,
    check: each([...BINDINGS, CLUSTER_ROLE], noAdministrator),
  },
  {
    name: "rbac-no-everybody",
    title: "Roles are not bound to everyone",
    clause: {
      reference: "PO-03; CIS GKE 4.1.8; CIS GKE 4.1.9; CIS GKE 4.1.10",
      url: `${PRACTICES}#hardening`,
    },
    severity: "critical",
    themes: ["rbac"],
    prevents: "Anyone who reaches the API server, authenticated or not, has the role.",
    description:
      "No subject of a binding is system:anonymous, system:unauthenticated, system:authenticated or system:serviceaccounts.",
    remediation: "List the ServiceAccounts, users or groups that need the role.",
    enforcement: STRICT_IN_PRODUCTION,
    check: rules(BINDINGS, {
      "subjects[].name": isThat(
        ({ string = "" }) => !EVERYBODY.includes(string),
        "it stands for everyone: list the ServiceAccounts, users or groups",
      ),
    }),
  },
  {
    name: "rbac-no-default-account",
    title: "Default ServiceAccounts have no roles",
    clause: {
      reference: "PO-03; CKV_K8S_42; CIS Kubernetes 5.1.5",
      url: `${PRACTICES}#least-privilege`,
    },
    severity: "high",
    themes: ["rbac"],
    prevents: "A pod that sets no ServiceAccount gets permissions that another one needed.",
    description: 'No subject of a binding is the ServiceAccount "default" of a namespace.',
    remediation:
      "Create a ServiceAccount for the workload, set the pod's serviceAccountName to it, and bind that.",
    enforcement: STRICT_IN_PRODUCTION,
    check: each(BINDINGS, noDefaultAccount),
  },
];
