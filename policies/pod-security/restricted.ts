/**
 * Controls of Kubernetes' Pod Security Standards, each as the API server's admission checks it
 * (k8s.io/pod-security-admission): a pod passes one here exactly if it passes it there.
 */
import type { Pod } from "../kubernetes/objects";
import { POD_KINDS, containersOf, podIsVisible, podOf } from "../kubernetes/objects";
import type { Context, Policy, ResourceCheck, Subject } from "../policy";
import { STRICT_IN_PRODUCTION, finding } from "../policy";

const STANDARDS = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";

type PodCheck = (resource: Subject, pod: Pod, context: Context) => void;

/** A check of every kind that holds a pod. */
export function onPods(run: PodCheck): ResourceCheck {
  return {
    kind: "resource",
    types: POD_KINDS,
    run: (resource, context) => {
      const pod = podOf(resource);
      if (podIsVisible(pod, context)) run(resource, pod, context);
    },
  };
}

/** Fields that a pod of a Windows node cannot set, and need not since version 1.25. */
const onLinux =
  (run: PodCheck): PodCheck =>
  (resource, pod, context) => {
    const exempt = pod.isWindows && context.surroundings.podSecurityMinor >= 25;
    if (!exempt) run(resource, pod, context);
  };

type Common = "clause" | "severity" | "themes" | "enforcement";

/** What all policies of this file have in common; `control` is the standard's own heading. */
function standard(level: "Baseline" | "Restricted", control: string): Pick<Policy, Common> {
  return {
    clause: {
      reference: `PO-03; Pod Security Standards, ${level}: ${control}`,
      url: `${STANDARDS}#${level.toLowerCase()}`,
    },
    severity: level === "Baseline" ? "critical" : "high",
    themes: ["pod-security"],
    enforcement: STRICT_IN_PRODUCTION,
  };
}

/** A user namespace makes up for a root user since version 1.35. */
function inUserNamespace(pod: Pod, context: Context): boolean {
  const hostUsers = pod.spec.get("hostUsers");
  if (context.surroundings.podSecurityMinor < 35) return false;
  return context.unsure(hostUsers) || hostUsers.flag === false;
}

const runAsNonRoot: PodCheck = (resource, pod, context) => {
  if (inUserNamespace(pod, context)) return;
  const ofPod = pod.spec.get("securityContext", "runAsNonRoot");
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
      const wanted = `it must be true here or in ${ofPod.path}`;
      context.report(finding(resource, own, wanted, title));
    }
  }
};

const capabilities: PodCheck = (resource, pod, context) => {
  for (const { title, value } of containersOf(pod)) {
    const drop = value.get("securityContext", "capabilities", "drop");
    const dropped = drop.list();
    if (!dropped.some((name) => name.text === "ALL")) {
      const open = context.unsure(drop) || dropped.some((name) => context.unsure(name));
      if (!open) context.report(finding(resource, drop, 'it must contain "ALL"', title));
    }
    const add = value.get("securityContext", "capabilities", "add");
    context.unsure(add);
    for (const name of add.list()) {
      if (context.unsure(name) || name.text === "NET_BIND_SERVICE") continue;
      context.report(finding(resource, name, 'only "NET_BIND_SERVICE" may be added', title));
    }
  }
};

const privilegeEscalation: PodCheck = (resource, pod, context) => {
  for (const { title, value } of containersOf(pod)) {
    const own = value.get("securityContext", "allowPrivilegeEscalation");
    if (!context.unsure(own) && own.flag !== false) {
      context.report(finding(resource, own, "it must be false", title));
    }
  }
};

const SECCOMP: ReadonlySet<string | undefined> = new Set(["RuntimeDefault", "Localhost"]);

const seccomp: PodCheck = (resource, pod, context) => {
  const wanted = 'it must be "RuntimeDefault" or "Localhost"';
  const ofPod = pod.spec.get("securityContext", "seccompProfile");
  const podType = ofPod.get("type");
  context.unsure(podType);
  if (ofPod.isKnown && !podType.isUnknown && !SECCOMP.has(podType.text)) {
    context.report(finding(resource, podType, wanted));
  }
  for (const { title, value } of containersOf(pod)) {
    const own = value.get("securityContext", "seccompProfile");
    const type = own.get("type");
    if (context.unsure(type)) continue;
    if (own.isKnown && !SECCOMP.has(type.text)) {
      context.report(finding(resource, type, wanted, title));
    } else if (own.isMissing && !podType.isUnknown && !SECCOMP.has(podType.text)) {
      context.report(finding(resource, type, `${wanted} here or in ${podType.path}`, title));
    }
  }
};

const VOLUMES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

const volumeTypes: PodCheck = (resource, pod, context) => {
  const volumes = pod.spec.get("volumes");
  context.unsure(volumes);
  for (const volume of volumes.list()) {
    if (context.unsure(volume) || VOLUMES.some((type) => volume.get(type).isKnown)) continue;
    const sources = volume.entries().filter(([key, value]) => key !== "name" && !value.isMissing);
    // The API server turns a volume without a source into an emptyDir.
    for (const [type, source] of sources) {
      if (VOLUMES.includes(type)) context.unsure(source);
      else {
        const wanted = `a volume must be one of ${VOLUMES.join(", ")}`;
        const name = volume.get("name").text ?? "without a name";
        context.report(finding(resource, source, wanted, `volume "${name}"`));
      }
    }
  }
};

const hostNamespaces: PodCheck = (resource, pod, context) => {
  for (const field of ["hostNetwork", "hostPID", "hostIPC"]) {
    const value = pod.spec.get(field);
    if (!context.unsure(value) && value.isKnown && value.flag !== false) {
      context.report(finding(resource, value, "it must be false or missing"));
    }
  }
};

const privileged: PodCheck = (resource, pod, context) => {
  for (const { title, value } of containersOf(pod)) {
    const own = value.get("securityContext", "privileged");
    if (!context.unsure(own) && own.isKnown && own.flag !== false) {
      context.report(finding(resource, own, "it must be false or missing", title));
    }
  }
};

export const restricted: readonly Policy[] = [
  {
    ...standard("Restricted", "Running as Non-root"),
    name: "pod-security-restricted-run-as-non-root",
    title: "Containers run as a user other than root",
    prevents: "A process that escapes its container is root on the node.",
    description: "Containers must be required to run as a user other than root.",
    remediation:
      "Set securityContext.runAsNonRoot to true in the pod's spec, and to false in none of its containers; the image needs a numeric USER.",
    check: onPods(runAsNonRoot),
  },
  {
    ...standard("Restricted", "Capabilities (v1.22+)"),
    name: "pod-security-restricted-capabilities",
    title: "Containers drop all capabilities",
    prevents:
      "A process uses a kernel capability that it never needed to reach beyond its container.",
    description:
      "Containers must drop all capabilities and may add back only the one to bind low ports.",
    remediation:
      'Set securityContext.capabilities.drop to ["ALL"] in every container, and add nothing but NET_BIND_SERVICE.',
    check: onPods(onLinux(capabilities)),
  },
  {
    ...standard("Restricted", "Privilege Escalation (v1.8+)"),
    name: "pod-security-restricted-privilege-escalation",
    title: "Processes cannot gain privileges",
    prevents: "A set-user-ID program in the image turns an ordinary process into root.",
    description:
      "Containers must not allow their processes to gain more privileges than their parent.",
    remediation: "Set securityContext.allowPrivilegeEscalation to false in every container.",
    check: onPods(onLinux(privilegeEscalation)),
  },
  {
    ...standard("Restricted", "Seccomp (v1.19+)"),
    name: "pod-security-restricted-seccomp",
    title: "System calls are filtered",
    prevents: "A process reaches the kernel's rarely used and rarely tested system calls.",
    description:
      "Containers must run with a seccomp profile: the runtime's default or a local one.",
    remediation:
      'Set securityContext.seccompProfile.type to "RuntimeDefault" in the pod\'s spec, and to "Unconfined" in none of its containers.',
    check: onPods(onLinux(seccomp)),
  },
  {
    ...standard("Restricted", "Volume Types"),
    name: "pod-security-restricted-volume-types",
    title: "Volumes are of harmless types",
    prevents: "A pod reads or changes its node's files, or a disk that is shared with other pods.",
    description:
      "Pods must not mount the node's files nor name storage directly: claims, configuration, secrets and scratch space only.",
    remediation:
      "Claim storage with a PersistentVolumeClaim; use emptyDir for scratch space; remove hostPath and inline disks.",
    check: onPods(volumeTypes),
  },
  {
    ...standard("Baseline", "Host Namespaces"),
    name: "pod-security-baseline-host-namespaces",
    title: "Pods do not share the node's namespaces",
    prevents: "A pod sees the node's network, processes or shared memory, and with it other pods.",
    description: "Pods must not share the network, process or IPC namespace of their node.",
    remediation: "Remove hostNetwork, hostPID and hostIPC from the pod's spec.",
    check: onPods(hostNamespaces),
  },
  {
    ...standard("Baseline", "Privileged Containers"),
    name: "pod-security-baseline-privileged",
    title: "No container is privileged",
    prevents: "A container has the node's devices and kernel at its disposal.",
    description: "Containers must not be privileged.",
    remediation: "Remove securityContext.privileged from every container.",
    check: onPods(privileged),
  },
];
