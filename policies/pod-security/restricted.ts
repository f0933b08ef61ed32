/** Controls of the restricted standard, which requires what the baseline standard leaves open. */
import { expectThat } from "../expect";
import { HARDENING } from "../in-manifests";
import type { Policy } from "../policy";
import type { Key, Value } from "../values";
import { procMount } from "./baseline-kernel";
import { dropsAll, escalatesNot, filtersCalls, refusesRoot } from "./remedies";
import type { CheckedPod, PodCheck } from "./standard";
import {
  eachContainer,
  eachContext,
  eachVolume,
  expectList,
  exempt,
  isProfile,
  onLinux,
  onPods,
  outsideUserNamespace,
  since,
  standard,
} from "./standard";

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

const volumeTypes: PodCheck = (check) => {
  eachVolume(check, (inside, volume) => {
    if (check.context.noteUnknown(volume) || VOLUMES.some((type) => volume.get(type).isKnown))
      return;
    // The API server turns a volume without a source into an emptyDir.
    const sources = volume.entries().filter(([key, value]) => key !== "name" && !value.isMissing);
    const expected = `a volume must be one of ${VOLUMES.join(", ")}`;
    for (const [type, source] of sources) {
      expectThat(inside, source, () => VOLUMES.includes(type), expected);
    }
  });
};

const privilegeEscalation: PodCheck = (check) => {
  eachContainer(check, (inside, container) => {
    const value = container.get("securityContext", "allowPrivilegeEscalation");
    expectThat(inside, value, ({ boolean }) => boolean === false, "it must be false");
  });
};

/** A field that containers inherit from the pod's security context. */
interface Inherited {
  readonly field: string;
  /** The path of the value in the field. */
  readonly at: readonly Key[];
  readonly isRight: (value: Value) => boolean;
  readonly expected: string;
}

const inherited =
  ({ field, at, isRight, expected }: Inherited): PodCheck =>
  (check) => {
    const ofPod = check.pod.spec.get("securityContext", field);
    const { path } = ofPod.get(...at);
    expectThat(check, ofPod.get(...at), (value) => ofPod.isMissing || isRight(value), expected);
    eachContainer(check, (inside, container) => {
      const own = container.get("securityContext", field);
      // A wrong value of the pod is already reported for the pod.
      if (own.isMissing && !ofPod.isMissing) return;
      const where = own.isMissing ? `${expected} here or in ${path}` : expected;
      expectThat(inside, own.get(...at), isRight, where);
    });
  };

const runAsNonRoot = inherited({
  field: "runAsNonRoot",
  at: [],
  isRight: ({ boolean }) => boolean === true,
  expected: "it must be true",
});

const seccomp = inherited({
  field: "seccompProfile",
  at: ["type"],
  isRight: isProfile,
  expected: 'it must be "RuntimeDefault" or "Localhost"',
});

const runAsUser: PodCheck = (check) => {
  eachContext(check, (inside, securityContext) => {
    const isRight = ({ isMissing, number }: Value): boolean =>
      isMissing || (number !== undefined && number !== 0);
    const expected = "it must be a user other than root, or missing";
    expectThat(inside, securityContext.get("runAsUser"), isRight, expected);
  });
};

const capabilities: PodCheck = (check) => {
  eachContainer(check, (inside, container) => {
    const set = container.get("securityContext", "capabilities");
    expectDropsAll(inside, set.get("drop"));
    for (const name of expectList(inside, set.get("add"))) {
      const isRight = ({ string }: Value): boolean => string === "NET_BIND_SERVICE";
      expectThat(inside, name, isRight, 'only "NET_BIND_SERVICE" may be added');
    }
  });
};

function expectDropsAll(check: CheckedPod, drop: Value): void {
  const names = drop.list();
  if (names.some(({ string }) => string === "ALL")) return;
  // An unknown one may be the required one.
  const isOpen = names.filter((name) => check.context.noteUnknown(name)).length > 0;
  if (!isOpen) expectThat(check, drop, () => false, 'it must contain "ALL"');
}

export const restricted: readonly Policy[] = [
  {
    ...standard("Restricted", "Volume Types"),
    name: "pod-security-restricted-volume-types",
    coveredBy: ["pod-security-baseline-host-path-volumes"],
    title: "Pods use only safe volume types",
    prevents: "A pod reads or changes its node's files, or a disk that it shares with other pods.",
    description:
      "Pods must not mount the node's files or name storage directly: only claims, configuration, secrets and scratch space are allowed.",
    remediation: `Use a PersistentVolumeClaim for storage and an emptyDir for scratch space; remove hostPath and inline disks. ${exempt("baseline")}`,
    check: onPods(volumeTypes),
  },
  {
    ...standard("Restricted", "Privilege Escalation (v1.8+)", ["CKV_K8S_20"]),
    name: "pod-security-restricted-privilege-escalation",
    title: "Privilege escalation is disabled",
    prevents: "A setuid program in the image turns an ordinary process into root.",
    description:
      "Containers must not allow their processes to gain more privileges than their parent.",
    remediation: `Set securityContext.allowPrivilegeEscalation to false in every container. ${exempt("baseline")}`,
    check: onPods(since(8, onLinux(privilegeEscalation))),
    remediate: escalatesNot,
  },
  {
    ...standard("Restricted", "Running as Non-root", ["CKV_K8S_23"]),
    name: "pod-security-restricted-run-as-non-root",
    title: "Containers set runAsNonRoot",
    prevents: "A process that escapes its container is root on the node.",
    description:
      "Containers must be required to run as a user other than root, unless their pod is in a user namespace (version 1.35 and later).",
    remediation: `Set securityContext.runAsNonRoot to true in the pod spec, and do not set it to false in any container; the image needs a numeric USER. ${exempt("baseline")}`,
    check: onPods(outsideUserNamespace(runAsNonRoot)),
    remediate: refusesRoot,
  },
  {
    ...standard("Restricted", "Running as Non-root user (v1.23+)", ["CKV_K8S_23"]),
    name: "pod-security-restricted-run-as-user",
    title: "Containers do not set the user to root",
    prevents: "A pod is admitted whose containers run as root, or never start because they would.",
    description:
      "Pods and containers must not set the user 0, unless the pod is in a user namespace (version 1.35 and later).",
    remediation: `Set securityContext.runAsUser of the pod spec and of its containers to the image's own user, or remove it. ${exempt("baseline")}`,
    check: onPods(since(23, outsideUserNamespace(runAsUser))),
  },
  {
    ...standard("Restricted", "Seccomp (v1.19+)", ["CKV_K8S_31"]),
    name: "pod-security-restricted-seccomp",
    title: "Containers run with a seccomp profile",
    prevents: "A process can use rarely used and rarely tested system calls of the kernel.",
    description:
      "Containers must run with a seccomp profile: the runtime's default or a local one.",
    remediation: `Set securityContext.seccompProfile.type to "RuntimeDefault" in the pod spec, and do not set it to "Unconfined" in any container. ${exempt("baseline")}`,
    inManifests: HARDENING,
    check: onPods(since(19, onLinux(seccomp))),
    remediate: filtersCalls,
  },
  {
    ...standard("Restricted", "Capabilities (v1.22+)", ["CKV_K8S_28", "CKV_K8S_37"]),
    name: "pod-security-restricted-capabilities",
    inManifests: HARDENING,
    coveredBy: ["pod-security-baseline-capabilities"],
    title: "Containers drop all capabilities",
    prevents:
      "A process uses a kernel capability that it never needed to break out of its container.",
    description:
      "Containers must drop all capabilities and may add back only the one for binding low ports.",
    remediation: `Set securityContext.capabilities.drop to ["ALL"] in every container, and add nothing but NET_BIND_SERVICE. ${exempt("baseline")}`,
    check: onPods(since(22, onLinux(capabilities))),
    remediate: dropsAll,
  },
  {
    ...standard("Restricted", "/proc Mount Type (v1.35+)"),
    name: "pod-security-restricted-proc-mount",
    title: "The default /proc masks are kept, even in a user namespace",
    prevents:
      "A process reads kernel information of the node that even a user namespace does not hide.",
    description: "Containers must keep the default masks of /proc.",
    remediation: `Remove securityContext.procMount from every container. ${exempt("baseline")}`,
    check: onPods(since(35, procMount)),
  },
];
