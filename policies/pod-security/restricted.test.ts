import { testPolicy, type Broken } from "../testing/cases";
import type { Setting } from "../testing";
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

const AT = "spec.template.spec.containers[0].securityContext";
const API = `${WHO}, container "api": ${AT}`;

/** A pod with one container, instead of the fixture's. */
const instead = (
  pod: Readonly<Record<string, unknown>>,
  container: Readonly<Record<string, unknown>>,
  says: string | readonly string[],
  setting: Setting = {},
): Broken => ({
  at: ["spec", "template", "spec"],
  to: { ...pod, containers: [{ name: "api", securityContext: container }] },
  says,
  setting,
});

/** Linux-only fields are checked for Windows pods before version 1.25, and not after. */
const onWindows = (missing: string): readonly Broken[] => [
  instead({ os: { name: "windows" } }, {}, missing, version(24)),
  instead({ os: { name: "windows" } }, {}, [], version(25)),
  instead({ os: { name: "windows" } }, {}, []),
  instead({ os: { name: "linux" } }, {}, missing),
  instead({ os: { name: "Windows" } }, {}, missing),
];

const VOLUMES =
  "a volume must be one of configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected, secret";

testPolicy("pod-security-restricted-volume-types", {
  happy: deployment,
  broken: [
    ...["hostPath", "nfs", "awsElasticBlockStore", "gitRepo", "sourceOfTomorrow"].map((type) => ({
      ...inPod("volumes[3]", { name: "scratch", [type]: {}, secret: null }, ""),
      says: `${WHO}, volume "scratch": spec.template.spec.volumes[3].${type} is {}; ${VOLUMES}.`,
    })),
    // The API server turns a volume without a source into an emptyDir.
    ...accepted("volumes[3]", [{ name: "scratch", nfs: null }, {}, null]),
    ...accepted("volumes", [[], null, undefined, "none"]),
    ...accepted("volumes[3].emptyDir", [{ medium: "Memory" }]),
  ],
  unknown: below("volumes", "volumes[3]", "volumes[3].emptyDir", "volumes[9].nfs"),
});

const ESCALATES = "it must be false";

testPolicy("pod-security-restricted-privilege-escalation", {
  happy: deployment,
  broken: [
    ...inContainers("securityContext.allowPrivilegeEscalation", true, ESCALATES),
    ...inContainers("securityContext.allowPrivilegeEscalation", undefined, ESCALATES),
    ...inContainers("securityContext.allowPrivilegeEscalation", "false", ESCALATES),
    ...onWindows(`${API}.allowPrivilegeEscalation is missing; ${ESCALATES}.`),
    instead({}, {}, [], version(7)),
    instead({}, {}, `${API}.allowPrivilegeEscalation is missing; ${ESCALATES}.`, version(8)),
  ],
  unknown: below("containers[0].securityContext", "initContainers", "os.name"),
});

const ROOT = "it must be true";
const HERE = "here or in spec.template.spec.securityContext";
const mayBeRoot = `${API}.runAsNonRoot is missing; ${ROOT} ${HERE}.runAsNonRoot.`;

testPolicy("pod-security-restricted-run-as-non-root", {
  happy: deployment,
  broken: [
    ...inContexts("runAsNonRoot", false, ROOT),
    ...inContexts("runAsNonRoot", "true", ROOT),
    ...accepted("securityContext", [{}, null, undefined]),
    ...accepted("containers[0].securityContext", [{}, null, undefined]),
    instead({}, {}, mayBeRoot),
    instead({ securityContext: { runAsNonRoot: null } }, { runAsNonRoot: null }, mayBeRoot),
    instead(
      { securityContext: { runAsNonRoot: false } },
      {},
      `${WHO}: spec.template.spec.securityContext.runAsNonRoot is false; ${ROOT}.`,
    ),
    instead({ hostUsers: false }, {}, mayBeRoot, version(34)),
    instead({ hostUsers: false }, {}, [], version(35)),
    instead({ hostUsers: false }, { runAsNonRoot: false }, []),
    instead({ hostUsers: true }, {}, mayBeRoot),
    // It applies to every operating system.
    instead({ os: { name: "windows" } }, {}, mayBeRoot),
    instead({ containers: [] }, { runAsNonRoot: true }, []),
  ],
  unknown: below(
    "securityContext.runAsNonRoot",
    "containers[0].securityContext.runAsNonRoot",
    "hostUsers",
  ),
});

const USER = "it must be a user other than root, or missing";

testPolicy("pod-security-restricted-run-as-user", {
  happy: deployment,
  broken: [
    ...inContexts("runAsUser", 0, USER),
    ...inContexts("runAsUser", "1000", USER),
    ...accepted("securityContext.runAsUser", [1, null, undefined]),
    ...accepted("containers[0].securityContext", [{}, null, undefined]),
    instead({}, { runAsUser: 0 }, [], version(22)),
    instead({}, { runAsUser: 0 }, `${API}.runAsUser is 0; ${USER}.`, version(23)),
    instead({ hostUsers: false }, { runAsUser: 0 }, `${API}.runAsUser is 0; ${USER}.`, version(34)),
    instead({ hostUsers: false }, { runAsUser: 0 }, [], version(35)),
  ],
  unknown: below(
    "securityContext.runAsUser",
    "containers[0].securityContext.runAsUser",
    "hostUsers",
  ),
});

const SECCOMP = 'it must be "RuntimeDefault" or "Localhost"';
const unfiltered = `${API}.seccompProfile.type is missing; ${SECCOMP} ${HERE}.seccompProfile.type.`;

testPolicy("pod-security-restricted-seccomp", {
  happy: deployment,
  broken: [
    ...inContexts("seccompProfile.type", "Unconfined", SECCOMP),
    ...inContexts("seccompProfile.type", undefined, SECCOMP),
    ...accepted("securityContext", [{}, null, undefined]),
    ...accepted("containers[0].securityContext", [{}, null, undefined]),
    ...onWindows(unfiltered),
    instead(
      { securityContext: { seccompProfile: { type: "Unconfined" } } },
      {},
      `${WHO}: spec.template.spec.securityContext.seccompProfile.type is "Unconfined"; ${SECCOMP}.`,
    ),
    instead({}, {}, [], version(18)),
    instead({}, {}, unfiltered, version(19)),
  ],
  unknown: below(
    "securityContext.seccompProfile",
    "securityContext.seccompProfile.type",
    "containers[0].securityContext.seccompProfile",
    "os",
  ),
});

const DROP = "securityContext.capabilities.drop";
const ADD = "securityContext.capabilities.add";
const DROPS = 'it must contain "ALL"';
const ADDS = 'only "NET_BIND_SERVICE" may be added';

testPolicy("pod-security-restricted-capabilities", {
  happy: deployment,
  broken: [
    ...inContainers(DROP, ["NET_RAW"], DROPS),
    ...inContainers(DROP, ["all"], DROPS),
    ...inContainers(DROP, undefined, DROPS),
    ...inContainers(DROP, "ALL", DROPS),
    ...inContainers(`${ADD}[0]`, "CHOWN", ADDS),
    ...inContainers(`${ADD}[0]`, "ALL", ADDS),
    ...inContainers(ADD, "NET_BIND_SERVICE", "it must be a list"),
    ...accepted(`containers[0].${DROP}`, [["ALL"]]),
    ...accepted(`containers[0].${ADD}`, [[], null, undefined]),
    {
      ...inPod(`containers[0].${ADD}`, ["NET_BIND_SERVICE", "SYS_PTRACE"], ""),
      says: `${API}.capabilities.add[1] is "SYS_PTRACE"; ${ADDS}.`,
    },
    ...onWindows(`${API}.capabilities.drop is missing; ${DROPS}.`),
    instead({}, {}, [], version(21)),
    instead({}, {}, `${API}.capabilities.drop is missing; ${DROPS}.`, version(22)),
  ],
  unknown: below(
    "containers[0].securityContext.capabilities",
    `containers[0].${DROP}`,
    `containers[0].${DROP}[1]`,
    `containers[0].${ADD}`,
    `containers[0].${ADD}[0]`,
    "os.name",
  ),
});

const MASKED = 'it must be "Default" or missing';

testPolicy("pod-security-restricted-proc-mount", {
  happy: deployment,
  broken: [
    ...inContainers("securityContext.procMount", "Unmasked", MASKED),
    ...accepted("containers[0].securityContext.procMount", [null, undefined]),
    instead({ hostUsers: false }, { procMount: "Unmasked" }, [], version(34)),
    instead(
      { hostUsers: false },
      { procMount: "Unmasked" },
      `${API}.procMount is "Unmasked"; ${MASKED}.`,
      version(35),
    ),
  ],
  unknown: below("containers[0].securityContext.procMount"),
});
