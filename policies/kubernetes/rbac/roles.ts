/** Roles and ClusterRoles: what their rules allow. */
import { together } from "../../../lib/words";
import { each, elements, knowsAllOf, type Check } from "../../expect";
import { POWERS, gives, type Power } from "./powers";
import { OPERATOR } from "../../in-manifests";
import type { Policy } from "../../policy";
import { STRICT_IN_PRODUCTION, finding } from "../../policy";
import type { Value } from "../../values";

export const ROLES = [
  "kubernetes:rbac.authorization.k8s.io:Role",
  "kubernetes:rbac.authorization.k8s.io:ClusterRole",
] as const;
const PRACTICES = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/";

function noPower(powers: readonly Power[]): (check: Check) => void {
  return (check) => {
    const { resource, context } = check;
    for (const rule of elements(check, resource.props.get("rules"))) {
      for (const power of powers) {
        const answer = gives(rule, power);
        if (answer === "unknown") noteRule(check, rule);
        if (answer !== "yes") continue;
        const names = power.namedIsFine === true ? ", or name the objects in resourceNames" : "";
        const expected = `its subjects may ${power.may}: remove what they do not need${names}`;
        const isCertain = power.isUnlimited === true;
        context.report({ ...finding(resource, rule, expected), isCertain });
      }
    }
  };
}

/** Notes unknowns that hide whether a rule grants a power. */
export function noteRule(check: Check, rule: Value): void {
  const keys = ["apiGroups", "resources", "verbs", "resourceNames"];
  knowsAllOf(check, ...keys.map((key) => rule.get(key)));
}

function noWildcards(check: Check): void {
  for (const rule of elements(check, check.resource.props.get("rules"))) {
    const [first, ...others] = ["verbs", "resources", "apiGroups", "nonResourceURLs"].filter(
      (key) => elements(check, rule.get(key)).some(({ string }) => string === "*"),
    );
    if (first === undefined) continue;
    const also =
      others.length === 0
        ? ""
        : `, and so ${others.length === 1 ? "does" : "do"} ${together(others)}`;
    const needed = together([first, ...others]);
    const expected = `it matches everything, now and in future${also}: list the ${needed} that are needed`;
    check.context.report(finding(check.resource, rule.get(first), expected));
  }
}

type Texts = Pick<
  Policy,
  "name" | "title" | "severity" | "prevents" | "description" | "remediation" | "inManifests"
> & {
  readonly controls: string;
  readonly anchor: string;
  readonly powers: readonly Power[];
};

const policy = ({ controls, anchor, powers, ...texts }: Texts): Policy => ({
  ...texts,
  clause: { reference: `PO-03; ${controls}`, url: `${PRACTICES}#${anchor}` },
  themes: ["rbac"],
  enforcement: STRICT_IN_PRODUCTION,
  check: each(ROLES, noPower(powers)),
});

export const roles: readonly Policy[] = [
  {
    name: "rbac-no-wildcards",
    title: "Roles have no wildcards",
    clause: {
      reference: "PO-03; CKV_K8S_49; kube-linter wildcard-in-rules; CIS Kubernetes 5.1.3",
      url: `${PRACTICES}#least-privilege`,
    },
    severity: "high",
    themes: ["rbac"],
    prevents: "A subject may do everything, even with kinds that are installed later.",
    description:
      "No rule of a Role or ClusterRole uses * for verbs, resources, API groups or URLs.",
    remediation: "List the verbs, resources, apiGroups and nonResourceURLs that are needed.",
    enforcement: STRICT_IN_PRODUCTION,
    inManifests: OPERATOR,
    coveredBy: ["rbac-no-cluster-admin"],
    check: each(ROLES, noWildcards),
  },
  policy({
    name: "rbac-no-exec",
    title: "Roles do not allow exec into pods",
    controls: "CKV2_K8S_2; Polaris rolebindingRolePodExecAttach",
    anchor: "access-to-proxy-subresource-of-nodes",
    severity: "high",
    prevents: "A compromised subject runs commands in every pod, with its secrets.",
    description: "No Role allows exec, attach or port-forward to pods, or the proxy of nodes.",
    remediation:
      "Remove pods/exec, pods/attach, pods/portforward and nodes/proxy from the rule; grant them to people for an hour when needed, outside this program.",
    powers: [POWERS.exec],
  }),
  policy({
    name: "rbac-no-secret-reading",
    title: "Roles do not allow reading all Secrets",
    controls: "CKV2_K8S_5; kube-linter access-to-secrets; CIS Kubernetes 5.1.2",
    anchor: "listing-secrets",
    severity: "high",
    prevents: "A compromised subject reads every password in its namespace or cluster.",
    description: "No Role allows get, list or watch on Secrets, unless it names them.",
    remediation:
      "Remove secrets from the rule and mount the Secret that is needed, or list its name in resourceNames with the verb get.",
    inManifests: OPERATOR,
    powers: [POWERS.secrets],
  }),
  policy({
    name: "rbac-no-workload-creation",
    title: "Roles do not allow creating pods",
    controls: "kube-linter access-to-create-pods; CIS Kubernetes 5.1.4",
    anchor: "workload-creation",
    severity: "high",
    prevents:
      "A subject starts a pod that mounts any Secret, or uses any ServiceAccount, of its namespace.",
    description: "No Role allows creating or changing pods or workloads, unless it names them.",
    remediation:
      "Remove the verbs create, update and patch; to scale a Deployment, the resource deployments/scale is enough.",
    inManifests: OPERATOR,
    powers: [POWERS.workloads],
  }),
  policy({
    name: "rbac-no-escalation",
    title: "Roles do not allow privilege escalation",
    controls:
      "CKV_K8S_157; CKV_K8S_158; CKV2_K8S_1; CKV2_K8S_3; CIS Kubernetes 5.1.8; CIS Kubernetes 5.1.13",
    anchor: "escalate-verb",
    severity: "critical",
    prevents: "A subject makes itself an administrator, or impersonates one.",
    description:
      "No Role allows escalate, bind or impersonate, or creating ServiceAccount tokens, unless it names the target.",
    remediation:
      "Remove the verb; if a controller needs a token of one ServiceAccount, list that in resourceNames.",
    inManifests: { ...OPERATOR, except: "for escalate, bind and impersonate" },
    powers: [POWERS.escalation, POWERS.impersonation, POWERS.tokens],
  }),
  policy({
    name: "rbac-no-cluster-control",
    title: "Roles do not control the cluster",
    controls:
      "CKV_K8S_155; CKV_K8S_156; CKV2_K8S_4; CVE-2020-8554; CIS Kubernetes 5.1.9; CIS Kubernetes 5.1.11; CIS Kubernetes 5.1.12",
    anchor: "control-admission-webhooks",
    severity: "critical",
    prevents:
      "A subject reads and changes everything that is written to the API server, or gets into a node.",
    description:
      "No Role allows changing admission webhooks, approving certificates, setting the addresses in the status of Services, or creating PersistentVolumes.",
    remediation: "Remove the resource from the rule; its controller comes with its own role.",
    inManifests: OPERATOR,
    powers: [POWERS.admission, POWERS.certificates, POWERS.traffic, POWERS.volumes],
  }),
];
