import { testPolicy } from "../testing/cases";
import type { Key } from "../values";
import {
  WHO,
  accepted,
  below,
  deployment,
  inContainers,
  inContexts,
  inPod,
  version,
} from "../testing/restricted-pod";

const ADDED =
  'only "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID" or "SYS_CHROOT" may be added';
const ADD = "securityContext.capabilities.add";

testPolicy("pod-security-baseline-capabilities", {
  happy: deployment,
  broken: [
    ...inContainers(`${ADD}[0]`, "SYS_ADMIN", ADDED),
    ...inContainers(`${ADD}[0]`, "ALL", ADDED),
    ...inContainers(`${ADD}[0]`, "CAP_CHOWN", ADDED),
    ...inContainers(`${ADD}[0]`, 21, ADDED),
    ...inContainers(ADD, "CHOWN", "it must be a list"),
    ...accepted(`containers[0].${ADD}`, [["AUDIT_WRITE", "SYS_CHROOT"], [], null, undefined]),
    ...accepted("containers[0].securityContext", [null, undefined]),
    {
      ...inPod(`containers[0].${ADD}`, ["KILL", "BPF", null], ""),
      says: [
        `${WHO}, container "api": spec.template.spec.containers[0].${ADD}[1] is "BPF"; ${ADDED}.`,
        `${WHO}, container "api": spec.template.spec.containers[0].${ADD}[2] is missing; ${ADDED}.`,
      ],
    },
  ],
  unknown: below(`containers[0].${ADD}`, `containers[0].${ADD}[0]`),
});

const PROFILE = 'it must be "RuntimeDefault" or "Localhost"';
const APPARMOR = "container.apparmor.security.beta.kubernetes.io/";
const annotation = (key: string): readonly Key[] => [
  "spec",
  "template",
  "metadata",
  "annotations",
  key,
];
const annotated = (key: string, value: unknown): string =>
  `${WHO}: spec.template.metadata.annotations["${key}"] is ${JSON.stringify(value)}; it must be "runtime/default" or begin with "localhost/".`;

testPolicy("pod-security-baseline-apparmor", {
  happy: deployment,
  broken: [
    ...inContexts("appArmorProfile.type", "Unconfined", PROFILE),
    ...inContexts("appArmorProfile.type", undefined, PROFILE),
    ...inContexts("appArmorProfile.type", "", PROFILE),
    ...accepted("securityContext.appArmorProfile", [null, undefined]),
    ...accepted("containers[0].securityContext.appArmorProfile", [null, undefined]),
    // The name after the slash is not checked: the container may be added as a sidecar.
    ...["unconfined", "docker/default", "localhost", 5].flatMap((to) =>
      ["api", "nobody"].map((name) => ({
        at: annotation(`${APPARMOR}${name}`),
        to,
        says: annotated(`${APPARMOR}${name}`, to),
      })),
    ),
    ...["runtime/default", "", null, undefined].map((to) => ({
      at: annotation(`${APPARMOR}api`),
      to,
      says: [],
    })),
    { at: annotation(APPARMOR.slice(0, -1)), to: "unconfined", says: [] },
    { at: ["spec", "template", "metadata"], says: [] },
  ],
  unknown: [
    ...below(
      "securityContext.appArmorProfile",
      "containers[0].securityContext.appArmorProfile.type",
    ),
    ["spec", "template", "metadata", "annotations"],
    annotation(`${APPARMOR}api`),
  ],
});

const TYPES = '"container_t", "container_init_t", "container_kvm_t" or "container_engine_t"';

testPolicy("pod-security-baseline-selinux", {
  happy: deployment,
  broken: [
    ...inContexts("seLinuxOptions.type", "spc_t", `it must be ${TYPES}, or missing`),
    ...inContexts("seLinuxOptions.type", 7, `it must be ${TYPES}, or missing`),
    ...inContexts("seLinuxOptions.user", "system_u", "it must be missing"),
    ...inContexts("seLinuxOptions.role", "sysadm_r", "it must be missing"),
    ...accepted("securityContext.seLinuxOptions", [{}, null, undefined]),
    ...accepted("securityContext.seLinuxOptions.type", [
      "",
      null,
      undefined,
      "container_init_t",
      "container_kvm_t",
    ]),
    ...accepted("securityContext.seLinuxOptions.type", ["container_engine_t"], version(31)),
    inPod(
      "securityContext.seLinuxOptions.type",
      "container_engine_t",
      'it must be "container_t", "container_init_t" or "container_kvm_t", or missing',
      version(30),
    ),
  ],
  unknown: below(
    "securityContext.seLinuxOptions",
    "containers[0].securityContext.seLinuxOptions.type",
    "containers[0].securityContext.seLinuxOptions.user",
    "containers[0].securityContext.seLinuxOptions.role",
  ),
});

const MASKED = 'it must be "Default" or missing';
const inNamespace = (minor: number, says: string | readonly string[]) => ({
  at: ["spec", "template", "spec"],
  to: {
    hostUsers: false,
    containers: [{ name: "api", securityContext: { procMount: "Unmasked" } }],
  },
  says,
  setting: version(minor),
});
const unmasked = `${WHO}, container "api": spec.template.spec.containers[0].securityContext.procMount is "Unmasked"; ${MASKED}.`;

testPolicy("pod-security-baseline-proc-mount", {
  happy: deployment,
  broken: [
    ...inContainers("securityContext.procMount", "Unmasked", MASKED),
    ...inContainers("securityContext.procMount", "", MASKED),
    ...accepted("containers[0].securityContext.procMount", [null, undefined]),
    inNamespace(34, unmasked),
    inNamespace(35, []),
  ],
  unknown: below("hostUsers", "containers[0].securityContext.procMount"),
});

const SECCOMP = `${PROFILE}, or the profile missing`;
const SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_API = "container.seccomp.security.alpha.kubernetes.io/api";

testPolicy("pod-security-baseline-seccomp", {
  happy: deployment,
  broken: [
    ...inContexts("seccompProfile.type", "Unconfined", SECCOMP),
    ...inContexts("seccompProfile.type", undefined, SECCOMP),
    ...accepted("securityContext.seccompProfile", [null, undefined]),
    ...accepted("securityContext.seccompProfile.type", ["Localhost"]),
    ...accepted("containers[0].securityContext.seccompProfile", [null, undefined]),
    inPod("securityContext.seccompProfile.type", "Unconfined", SECCOMP, version(19)),
    // Version 1.19 added the field and ended the annotations.
    ...accepted("securityContext.seccompProfile.type", ["Unconfined"], version(18)),
    ...[SECCOMP_POD, SECCOMP_API].map((key) => ({
      at: annotation(key),
      to: "unconfined",
      says: [],
      setting: version(19),
    })),
  ],
  unknown: below("securityContext.seccompProfile", "containers[0].securityContext"),
});

testPolicy("pod-security-baseline-seccomp", {
  happy: deployment,
  setting: version(18),
  broken: [
    ...["unconfined", "", "localhost", 3].flatMap((to) => [
      { at: annotation(SECCOMP_POD), to, says: annotated(SECCOMP_POD, to) },
      {
        at: annotation(SECCOMP_API),
        to,
        says: annotated(SECCOMP_API, to).replace(WHO, `${WHO}, container "api"`),
      },
    ]),
    ...["runtime/default", "docker/default", null, undefined].map((to) => ({
      at: annotation(SECCOMP_API),
      to,
      says: [],
    })),
    { at: annotation(SECCOMP_API.replace("api", "nobody")), to: "unconfined", says: [] },
    ...accepted("containers[0].name", [undefined, 5]),
  ],
  unknown: [annotation(SECCOMP_POD), annotation(SECCOMP_API)],
});

/** First version → the sysctls that are safe from it on. */
const SAFE: Readonly<Record<number, readonly string[]>> = {
  1: [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_syncookies",
  ],
  27: ["net.ipv4.ip_local_reserved_ports"],
  29: [
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
  ],
  32: ["net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"],
  37: ["net.ipv4.tcp_notsent_lowat", "net.ipv4.tcp_slow_start_after_idle"],
};

/** The end of the message for a version. */
function allowed(minor: number): string {
  const names = Object.entries(SAFE).flatMap(([first, list]) =>
    Number(first) <= minor ? list.map((name) => `"${name}"`) : [],
  );
  return `only ${names.slice(0, -1).join(", ")} or ${String(names.at(-1))} may be set`;
}

testPolicy("pod-security-baseline-sysctls", {
  happy: deployment,
  broken: [
    ...Object.entries(SAFE).flatMap(([first, names]) =>
      names.flatMap((name) => {
        const minor = Number(first);
        const at = "securityContext.sysctls[0].name";
        return [
          ...accepted(at, [name], version(minor)),
          ...accepted(at, [name]),
          ...(minor === 1 ? [] : [inPod(at, name, allowed(minor - 1), version(minor - 1))]),
        ];
      }),
    ),
    inPod("securityContext.sysctls[0].name", "net.core.somaxconn", allowed(99)),
    inPod("securityContext.sysctls[0].name", "net/ipv4/tcp_rmem", allowed(36), version(36)),
    inPod("securityContext.sysctls[0].name", undefined, allowed(37), version(37)),
    inPod("securityContext.sysctls", { name: "net.ipv4.tcp_rmem" }, "it must be a list"),
    ...accepted("securityContext.sysctls", [[], null, undefined]),
    ...accepted("securityContext", [null, undefined]),
  ],
  unknown: below("securityContext.sysctls", "securityContext.sysctls[0].name"),
});
