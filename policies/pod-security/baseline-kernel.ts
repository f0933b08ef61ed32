/** Controls of the baseline standard that keep the kernel's own protections in place. */
import { list } from "../../lib/words";
import { must } from "../demands";
import type { Policy } from "../policy";
import type { Value } from "../values";
import type { PodAsked, PodCheck } from "./standard";
import {
  eachContainer,
  eachContext,
  elementsOf,
  exempt,
  mustBeEmpty,
  mustBeProfile,
  onPods,
  outsideUserNamespace,
  standard,
} from "./standard";

/** What container runtimes give to every container. */
const CAPABILITIES = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

const isOneOf =
  (allowed: readonly string[]) =>
  ({ text }: Value): boolean =>
    text !== undefined && allowed.includes(text);

const capabilities: PodCheck = (asked) => {
  eachContainer(asked, (inside, container) => {
    const added = container.get("securityContext", "capabilities", "add");
    for (const name of elementsOf(inside, added)) {
      must(inside, name, isOneOf(CAPABILITIES), `only ${list(CAPABILITIES)} may be added`);
    }
  });
};

const APPARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

const appArmor: PodCheck = (asked) => {
  eachContext(asked, (inside, securityContext) => {
    const wanted = 'it must be "RuntimeDefault" or "Localhost"';
    mustBeProfile(inside, securityContext.get("appArmorProfile"), wanted);
  });
  const annotations = asked.pod.metadata.get("annotations");
  asked.context.unsure(annotations);
  for (const [key, value] of annotations.entries()) {
    if (key.startsWith(APPARMOR_ANNOTATION)) mustBeAnnotated(asked, value, ["", "runtime/default"]);
  }
};

/** One of these values, a local profile, or nothing. */
function mustBeAnnotated(asked: PodAsked, value: Value, allowed: readonly string[]): void {
  const isRight = (it: Value): boolean =>
    it.isMissing || isOneOf(allowed)(it) || it.text?.startsWith("localhost/") === true;
  must(asked, value, isRight, 'it must be "runtime/default" or begin with "localhost/"');
}

/** Version → what it added. */
const SELINUX_TYPES: readonly (readonly [number, readonly string[]])[] = [
  [0, ["container_t", "container_init_t", "container_kvm_t"]],
  [31, ["container_engine_t"]],
];

const selinux: PodCheck = (asked) => {
  const types = upTo(asked, SELINUX_TYPES);
  eachContext(asked, (inside, securityContext) => {
    const options = securityContext.get("seLinuxOptions");
    const isRight = (type: Value): boolean => type.isMissing || isOneOf(["", ...types])(type);
    must(inside, options.get("type"), isRight, `it must be ${list(types)}, or missing`);
    for (const key of ["user", "role"]) mustBeEmpty(inside, options.get(key), "it must be missing");
  });
};

function upTo(
  { minor }: PodAsked,
  table: readonly (readonly [number, readonly string[]])[],
): readonly string[] {
  return table.flatMap(([version, added]) => (minor >= version ? added : []));
}

/** The same in both standards, but for pods in a user namespace. */
export const procMount: PodCheck = (asked) => {
  eachContainer(asked, (inside, container) => {
    const isRight = ({ isMissing, text }: Value): boolean => isMissing || text === "Default";
    const value = container.get("securityContext", "procMount");
    must(inside, value, isRight, 'it must be "Default" or missing');
  });
};

const SECCOMP_ANNOTATION = "seccomp.security.alpha.kubernetes.io/";

const seccomp: PodCheck = (asked) => {
  // The field is as old as version 1.19.
  if (asked.minor < 19) {
    annotatedSeccomp(asked);
    return;
  }
  eachContext(asked, (inside, securityContext) => {
    const wanted = 'it must be "RuntimeDefault" or "Localhost", or the profile missing';
    mustBeProfile(inside, securityContext.get("seccompProfile"), wanted);
  });
};

function annotatedSeccomp(asked: PodAsked): void {
  const allowed = ["runtime/default", "docker/default"];
  const annotations = asked.pod.metadata.get("annotations");
  mustBeAnnotated(asked, annotations.get(`${SECCOMP_ANNOTATION}pod`), allowed);
  eachContainer(asked, (inside, container) => {
    const key = `container.${SECCOMP_ANNOTATION}${container.get("name").text ?? ""}`;
    mustBeAnnotated(inside, annotations.get(key), allowed);
  });
}

/** Version → what it added. Each is namespaced: it changes nothing outside of its pod. */
const SYSCTLS: readonly (readonly [number, readonly string[]])[] = [
  [
    0,
    [
      "kernel.shm_rmid_forced",
      "net.ipv4.ip_local_port_range",
      "net.ipv4.ip_unprivileged_port_start",
      "net.ipv4.ping_group_range",
      "net.ipv4.tcp_syncookies",
    ],
  ],
  [27, ["net.ipv4.ip_local_reserved_ports"]],
  [
    29,
    [
      "net.ipv4.tcp_fin_timeout",
      "net.ipv4.tcp_keepalive_intvl",
      "net.ipv4.tcp_keepalive_probes",
      "net.ipv4.tcp_keepalive_time",
    ],
  ],
  [32, ["net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"]],
  [37, ["net.ipv4.tcp_notsent_lowat", "net.ipv4.tcp_slow_start_after_idle"]],
];

const sysctls: PodCheck = (asked) => {
  const safe = upTo(asked, SYSCTLS);
  const set = asked.pod.spec.get("securityContext", "sysctls");
  for (const sysctl of elementsOf(asked, set)) {
    must(asked, sysctl.get("name"), isOneOf(safe), `only ${list(safe)} may be set`);
  }
};

export const baselineKernel: readonly Policy[] = [
  {
    ...standard("Baseline", "Capabilities", ["CKV_K8S_25", "CKV_K8S_39"]),
    name: "pod-security-baseline-capabilities",
    title: "Containers add no dangerous capabilities",
    prevents: "A process changes the node's network, devices, modules or clock, or traces others.",
    description: "Containers must not add capabilities beyond those that runtimes give to all.",
    remediation: `Remove every other name from securityContext.capabilities.add of the container. ${exempt("privileged")}`,
    check: onPods(capabilities),
  },
  {
    ...standard("Baseline", "AppArmor"),
    severity: "high",
    name: "pod-security-baseline-apparmor",
    title: "AppArmor is not switched off",
    prevents: "A process does to the node's files and kernel what the runtime's profile forbids.",
    description: "Pods and containers must not replace or switch off the default AppArmor profile.",
    remediation: `Remove securityContext.appArmorProfile and the annotations under ${APPARMOR_ANNOTATION}, or name "RuntimeDefault" or a local profile. ${exempt("privileged")}`,
    check: onPods(appArmor),
  },
  {
    ...standard("Baseline", "SELinux"),
    severity: "high",
    name: "pod-security-baseline-selinux",
    title: "SELinux confines containers as containers",
    prevents: "A process gets an SELinux type, user or role that may do more than a container may.",
    description: "Pods and containers may choose only a container's SELinux type, no user or role.",
    remediation: `Remove type, user and role from securityContext.seLinuxOptions of the pod's spec and of every container; level may stay. ${exempt("privileged")}`,
    check: onPods(selinux),
  },
  {
    ...standard("Baseline", "/proc Mount Type"),
    severity: "high",
    name: "pod-security-baseline-proc-mount",
    title: "The node's part of /proc stays hidden",
    prevents: "A process reads and changes the node's kernel through /proc.",
    description:
      "Containers must keep the default masks of /proc, unless their pod is in a user namespace (from version 1.35 on).",
    remediation: `Remove securityContext.procMount from every container, or set hostUsers to false in the pod's spec. ${exempt("privileged")}`,
    check: onPods(outsideUserNamespace(procMount)),
  },
  {
    ...standard("Baseline", "Seccomp"),
    severity: "high",
    name: "pod-security-baseline-seccomp",
    title: "The filter of system calls is not switched off",
    prevents: "A process reaches every system call of the node's kernel.",
    description: "Pods and containers must not switch off seccomp.",
    remediation: `Set securityContext.seccompProfile.type to "RuntimeDefault" instead of "Unconfined". ${exempt("privileged")}`,
    check: onPods(seccomp),
  },
  {
    ...standard("Baseline", "Sysctls"),
    severity: "high",
    name: "pod-security-baseline-sysctls",
    title: "Pods set only safe kernel parameters",
    prevents: "A pod changes a parameter that other pods of its node, or the node itself, live by.",
    description: "Pods may set only kernel parameters that change nothing outside of the pod.",
    remediation: `Remove the parameter from securityContext.sysctls of the pod's spec; a node that needs it is set up with it. ${exempt("privileged")}`,
    check: onPods(sysctls),
  },
];
