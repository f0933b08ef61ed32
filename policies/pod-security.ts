/**
 * Kubernetes' Pod Security Standards, check by check as the API server's admission does them
 * (k8s.io/pod-security-admission): a pod passes here exactly if it passes there.
 */
import type { Pod } from "./kubernetes";
import { POD_KINDS, containersOf, podIsVisible, podOf } from "./kubernetes";
import type { Context, Policy, ResourceCheck, Subject } from "./policy";
import { STRICT_IN_PROD, finding } from "./policy";

const STANDARDS = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";

type PodCheck = (resource: Subject, pod: Pod, context: Context) => void;

function onPods(run: PodCheck): ResourceCheck {
  return {
    kind: "resource",
    types: POD_KINDS,
    run: (resource, context) => {
      const pod = podOf(resource);
      if (podIsVisible(pod, context)) run(resource, pod, context);
    },
  };
}

/** What all policies of this file have in common; `control` is the standard's own heading. */
function standard(level: "Baseline" | "Restricted", control: string): Pick<Policy, Common> {
  return {
    clause: {
      reference: `PO-03; Pod Security Standards, ${level}: ${control}`,
      url: `${STANDARDS}#${level.toLowerCase()}`,
    },
    severity: level === "Baseline" ? "critical" : "high",
    themes: ["pod-security"],
    enforcement: STRICT_IN_PROD,
  };
}
type Common = "clause" | "severity" | "themes" | "enforcement";

/** The minor version from which user namespaces make up for a root user. */
const USER_NAMESPACES_SINCE = 35;

const runAsNonRoot: PodCheck = (resource, pod, context) => {
  const hostUsers = pod.spec.get("hostUsers");
  if (context.surroundings.podSecurityMinor >= USER_NAMESPACES_SINCE) {
    if (hostUsers.flag === false || context.unsure(hostUsers)) return;
  }
  const ofPod = pod.spec.get("securityContext", "runAsNonRoot");
  const wanted = `write true here or in ${ofPod.path}`;
  context.unsure(ofPod);
  if (ofPod.isKnown && ofPod.flag !== true) {
    context.report(finding(resource, ofPod, "it must be true"));
  }
  for (const { title, value } of containersOf(pod)) {
    const own = value.get("securityContext", "runAsNonRoot");
    if (context.unsure(own)) continue;
    if (own.isKnown && own.flag !== true) {
      context.report(finding(resource, own, "it must be true", title));
    } else if (own.isMissing && !ofPod.isUnknown && ofPod.flag !== true) {
      context.report(finding(resource, own, wanted, title));
    }
  }
};

const privilegeEscalation: PodCheck = (resource, pod, context) => {
  if (pod.isWindows) return;
  for (const { title, value } of containersOf(pod)) {
    const own = value.get("securityContext", "allowPrivilegeEscalation");
    if (!context.unsure(own) && own.flag !== false) {
      context.report(finding(resource, own, "it must be false", title));
    }
  }
};

export const podSecurity: readonly Policy[] = [
  {
    ...standard("Restricted", "Running as Non-root"),
    name: "pod-security-restricted-run-as-non-root",
    title: "Containers run as a user other than root",
    prevents: "A process that escapes its container is root on the node.",
    description: "Containers must be required to run as a user other than root.",
    remediation:
      "Set securityContext.runAsNonRoot: true in the pod's spec, and to false in none of its containers; the image needs a numeric USER.",
    check: onPods(runAsNonRoot),
  },
  {
    ...standard("Restricted", "Privilege Escalation (v1.8+)"),
    name: "pod-security-restricted-privilege-escalation",
    title: "Processes cannot gain privileges",
    prevents: "A set-user-ID program in the image turns an ordinary process into root.",
    description:
      "Containers must not allow their processes to gain more privileges than their parent.",
    remediation: "Set securityContext.allowPrivilegeEscalation: false in every container.",
    check: onPods(privilegeEscalation),
  },
];
