/** Controls of the baseline standard that keep the kernel's own protections in place. */
import { list } from "../../lib/words";
import { expectThat } from "../expect";
import type { Policy } from "../policy";
import type { Value } from "../values";
import type { CheckedPod, PodCheck } from "./standard";
import {
  eachContainer,
  eachContext,
  expectList,
  exempt,
  expectEmpty,
  expectProfile,
  onPods,
  outsideUserNamespace,
  standard,
} from "./standard";

/** The default capabilities of container runtimes. */
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
  ({ string }: Value): boolean =>
    string !== undefined && allowed.includes(string);

const capabilities: PodCheck = (check) => {
  eachContainer(check, (inside, container) => {
    const added = container.get("securityContext", "capabilities", "add");
    for (const name of expectList(inside, added)) {
      expectThat(inside, name, isOneOf(CAPABILITIES), `only ${list(CAPABILITIES)} may be added`);
    }
  });
};

const APPARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

const appArmor: PodCheck = (check) => {
  eachContext(check, (inside, securityContext) => {
    const expected = 'it must be "RuntimeDefault" or "Localhost"';
    expectProfile(inside, securityContext.get("appArmorProfile"), expected);
  });
  const annotations = check.pod.metadata.get("annotations");
  check.context.noteUnknown(annotations);
  for (const [key, value] of annotations.entries()) {
    if (key.startsWith(APPARMOR_ANNOTATION))
      expectAnnotation(check, value, ["", "runtime/default"]);
  }
};

/** One of these values, a local profile, or nothing. */
function expectAnnotation(check: CheckedPod, value: Value, allowed: readonly string[]): void {
  const isRight = (it: Value): boolean =>
    it.isMissing || isOneOf(allowed)(it) || it.string?.startsWith("localhost/") === true;
  expectThat(check, value, isRight, 'it must be "runtime/default" or begin with "localhost/"');
}

/** Version → what it added. */
const SELINUX_TYPES: readonly (readonly [number, readonly string[]])[] = [
  [0, ["container_t", "container_init_t", "container_kvm_t"]],
  [31, ["container_engine_t"]],
];

const selinux: PodCheck = (check) => {
  const types = upTo(check, SELINUX_TYPES);
  eachContext(check, (inside, securityContext) => {
    const options = securityContext.get("seLinuxOptions");
    const isRight = (type: Value): boolean => type.isMissing || isOneOf(["", ...types])(type);
    expectThat(inside, options.get("type"), isRight, `it must be ${list(types)}, or missing`);
    for (const key of ["user", "role"]) expectEmpty(inside, options.get(key), "it must be missing");
  });
};

function upTo(
  { minor }: CheckedPod,
  table: readonly (readonly [number, readonly string[]])[],
): readonly string[] {
  return table.flatMap(([version, added]) => (minor >= version ? added : []));
}

/** The same in both standards, except for pods in a user namespace. */
export const procMount: PodCheck = (check) => {
  eachContainer(check, (inside, container) => {
    const isRight = ({ isMissing, string }: Value): boolean => isMissing || string === "Default";
    const value = container.get("securityContext", "procMount");
    expectThat(inside, value, isRight, 'it must be "Default" or missing');
  });
};

const SECCOMP_ANNOTATION = "seccomp.security.alpha.kubernetes.io/";

const seccomp: PodCheck = (check) => {
  // The field exists since version 1.19.
  if (check.minor < 19) {
    annotatedSeccomp(check);
    return;
  }
  eachContext(check, (inside, securityContext) => {
    const expected = 'it must be "RuntimeDefault" or "Localhost", or the profile missing';
    expectProfile(inside, securityContext.get("seccompProfile"), expected);
  });
};

function annotatedSeccomp(check: CheckedPod): void {
  const allowed = ["runtime/default", "docker/default"];
  const annotations = check.pod.metadata.get("annotations");
  expectAnnotation(check, annotations.get(`${SECCOMP_ANNOTATION}pod`), allowed);
  eachContainer(check, (inside, container) => {
    const key = `container.${SECCOMP_ANNOTATION}${container.get("name").string ?? ""}`;
    expectAnnotation(inside, annotations.get(key), allowed);
  });
}

/** Version → the sysctls that it added. Each is namespaced, so it affects only its pod. */
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

const sysctls: PodCheck = (check) => {
  const safe = upTo(check, SYSCTLS);
  const set = check.pod.spec.get("securityContext", "sysctls");
  for (const sysctl of expectList(check, set)) {
    expectThat(check, sysctl.get("name"), isOneOf(safe), `only ${list(safe)} may be set`);
  }
};

export const baselineKernel: readonly Policy[] = [
  {
    ...standard("Baseline", "Capabilities", ["CKV_K8S_25", "CKV_K8S_39"]),
    name: "pod-security-baseline-capabilities",
    title: "Containers add no dangerous capabilities",
    prevents:
      "A process changes the node's network, devices, modules or clock, or traces other processes.",
    description: "Containers must not add capabilities beyond the runtime's defaults.",
    remediation: `Remove all other names from securityContext.capabilities.add of the container. ${exempt("privileged")}`,
    check: onPods(capabilities),
  },
  {
    ...standard("Baseline", "AppArmor"),
    severity: "high",
    name: "pod-security-baseline-apparmor",
    title: "AppArmor is not disabled",
    prevents: "A process can do to the node's files and kernel what the runtime's profile forbids.",
    description: "Pods and containers must not override or disable the default AppArmor profile.",
    remediation: `Remove securityContext.appArmorProfile and the annotations under ${APPARMOR_ANNOTATION}, or set "RuntimeDefault" or a local profile. ${exempt("privileged")}`,
    check: onPods(appArmor),
  },
  {
    ...standard("Baseline", "SELinux"),
    severity: "high",
    name: "pod-security-baseline-selinux",
    title: "SELinux options are those of a container",
    prevents:
      "A process gets an SELinux type, user or role with more permissions than a container should have.",
    description:
      "Pods and containers may set only a container's SELinux type, and no user or role.",
    remediation: `Remove type, user and role from securityContext.seLinuxOptions of the pod spec and of every container; level may stay. ${exempt("privileged")}`,
    check: onPods(selinux),
  },
  {
    ...standard("Baseline", "/proc Mount Type"),
    severity: "high",
    name: "pod-security-baseline-proc-mount",
    title: "The default /proc masks are kept",
    prevents: "A process reads and changes the node's kernel through /proc.",
    description:
      "Containers must keep the default masks of /proc, unless their pod is in a user namespace (version 1.35 and later).",
    remediation: `Remove securityContext.procMount from every container, or set hostUsers to false in the pod spec. ${exempt("privileged")}`,
    check: onPods(outsideUserNamespace(procMount)),
  },
  {
    ...standard("Baseline", "Seccomp"),
    severity: "high",
    name: "pod-security-baseline-seccomp",
    title: "Seccomp is not disabled",
    prevents: "A process can use every system call of the node's kernel.",
    description: "Pods and containers must not set the seccomp profile to Unconfined.",
    remediation: `Set securityContext.seccompProfile.type to "RuntimeDefault" instead of "Unconfined". ${exempt("privileged")}`,
    check: onPods(seccomp),
  },
  {
    ...standard("Baseline", "Sysctls"),
    severity: "high",
    name: "pod-security-baseline-sysctls",
    title: "Pods set only safe sysctls",
    prevents:
      "A pod changes a kernel parameter that other pods on its node, or the node itself, depend on.",
    description: "Pods may set only kernel parameters that have no effect outside the pod.",
    remediation: `Remove the parameter from securityContext.sysctls of the pod spec; if it is needed, configure it on the node. ${exempt("privileged")}`,
    check: onPods(sysctls),
  },
];
