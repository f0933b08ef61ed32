/** Dangerous permissions in Role rules, by what an attacker could do with them. */
import type { Value } from "../../values";

export interface Power {
  /** Completes "may …" in messages. */
  readonly may: string;
  readonly verbs: readonly string[];
  /** Group and resource: `apps/deployments`, and `/pods` for the core group. */
  readonly resources: readonly string[];
  /** Whether a rule for named objects is acceptable. */
  readonly namedIsFine?: boolean;
  /** Whether RBAC no longer limits a subject that has it. */
  readonly isUnlimited?: boolean;
}

const WRITE = ["create", "update", "patch"] as const;
const CHANGE = [...WRITE, "delete", "deletecollection"] as const;

export const POWERS = {
  exec: {
    may: "run commands in pods",
    verbs: ["create", "get"],
    resources: ["/pods/exec", "/pods/attach", "/pods/portforward", "/nodes/proxy"],
  },
  secrets: {
    may: "read Secrets",
    verbs: ["get", "list", "watch"],
    resources: ["/secrets"],
    namedIsFine: true,
  },
  workloads: {
    may: "start arbitrary pods",
    verbs: WRITE,
    resources: [
      "/pods",
      "/replicationcontrollers",
      "apps/daemonsets",
      "apps/deployments",
      "apps/replicasets",
      "apps/statefulsets",
      "batch/cronjobs",
      "batch/jobs",
    ],
    namedIsFine: true,
  },
  escalation: {
    may: "gain more permissions",
    verbs: ["escalate", "bind"],
    resources: ["rbac.authorization.k8s.io/roles", "rbac.authorization.k8s.io/clusterroles"],
    namedIsFine: true,
    isUnlimited: true,
  },
  impersonation: {
    may: "impersonate others",
    verbs: ["impersonate"],
    resources: [
      "/users",
      "/groups",
      "/serviceaccounts",
      "authentication.k8s.io/uids",
      "authentication.k8s.io/userextras",
    ],
    namedIsFine: true,
    isUnlimited: true,
  },
  tokens: {
    may: "create ServiceAccount tokens",
    verbs: ["create"],
    resources: ["/serviceaccounts/token"],
    namedIsFine: true,
  },
  admission: {
    may: "change what the API server admits",
    verbs: CHANGE,
    resources: [
      "admissionregistration.k8s.io/mutatingwebhookconfigurations",
      "admissionregistration.k8s.io/validatingwebhookconfigurations",
      "admissionregistration.k8s.io/mutatingadmissionpolicies",
      "admissionregistration.k8s.io/validatingadmissionpolicies",
      "admissionregistration.k8s.io/validatingadmissionpolicybindings",
    ],
    namedIsFine: true,
  },
  certificates: {
    may: "approve the cluster's certificates",
    verbs: ["update", "patch", "approve", "sign"],
    resources: [
      "certificates.k8s.io/certificatesigningrequests/approval",
      "certificates.k8s.io/certificatesigningrequests/status",
      "certificates.k8s.io/signers",
    ],
  },
  traffic: {
    may: "intercept traffic to addresses",
    verbs: ["update", "patch"],
    resources: ["/services/status"],
  },
  volumes: {
    may: "mount directories of nodes",
    verbs: ["create"],
    resources: ["/persistentvolumes"],
  },
} as const satisfies Readonly<Record<string, Power>>;

/** `yes` if one of the words is in the list, `unknown` if one may be. */
type Answer = "yes" | "no" | "unknown";

function names(list: Value, expected: readonly string[]): Answer {
  if (list.isUnknown) return "unknown";
  const words = list.list();
  if (words.some(({ string }) => string !== undefined && expected.includes(string))) return "yes";
  return words.some(({ isUnknown }) => isUnknown) ? "unknown" : "no";
}

/**
 * Whether a rule grants a power. The verb `*` counts; the resource and group `*` count only with
 * `whole`, because `rbac-no-wildcards` reports those on the rule itself.
 */
export function gives(rule: Value, power: Power, whole = false): Answer {
  if (rule.isUnknown) return "unknown";
  const all = whole ? ["*"] : [];
  const answers = power.resources.map((each) => {
    const [group = "", ...path] = each.split("/");
    const resource = path.join("/");
    return both(
      names(rule.get("apiGroups"), [group, "*"]),
      // `*/exec` matches that subresource of every resource.
      names(rule.get("resources"), [resource, ...part(path), ...all]),
    );
  });
  const hasResource = answers.includes("yes")
    ? "yes"
    : answers.includes("unknown")
      ? "unknown"
      : "no";
  const may = both(names(rule.get("verbs"), [...power.verbs, "*"]), hasResource);
  return power.namedIsFine === true ? both(may, isForAll(rule)) : may;
}

/** Whether a rule applies to all objects, not only to named ones. */
function isForAll(rule: Value): Answer {
  const objects = rule.get("resourceNames");
  if (objects.isUnknown) return "unknown";
  return objects.list().length > 0 ? "no" : "yes";
}

const part = ([, subresource]: readonly string[]): readonly string[] =>
  subresource === undefined ? [] : [`*/${subresource}`];

function both(one: Answer, other: Answer): Answer {
  if (one === "no" || other === "no") return "no";
  return one === "yes" && other === "yes" ? "yes" : "unknown";
}
