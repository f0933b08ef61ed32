/**
 * Shared code of the policies for Kubernetes' Pod Security Standards.
 *
 * Each policy is one control, with the same verdict as the API server's own admission
 * (k8s.io/pod-security-admission) in the version in `podSecurityMinor`: versions are distinguished
 * only if their verdicts differ. A value that two levels refuse is reported at both, so that an
 * exemption from the restricted control does not lift the baseline one.
 *
 * They evaluate every pod, whatever its namespace admits: a namespace sets what its pods may do at
 * most, not what each of them needs. A workload that needs more is exempted by name, with a reason.
 */
import type { Check } from "../expect";
import { elements, expectThat } from "../expect";
import type { Pod } from "../kubernetes/objects";
import { containersOf, podIsVisible, podOf } from "../kubernetes/objects";
import { HOLDERS } from "../kubernetes/pods";
import type { Policy, ResourceCheck } from "../policy";
import { STRICT_IN_PRODUCTION } from "../policy";
import type { Value } from "../values";

const STANDARDS = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";

export interface CheckedPod extends Check {
  readonly pod: Pod;
  /** The minor version whose standards apply. */
  readonly minor: number;
}

export type PodCheck = (check: CheckedPod) => void;

/**
 * A check of every kind with a pod; for custom kinds the API server rejects the pods that they
 * create.
 */
export function onPods(run: PodCheck): ResourceCheck {
  return {
    kind: "resource",
    types: HOLDERS,
    run: (resource, context) => {
      const pod = podOf(resource);
      if (context.noteUnknown(pod.spec)) return;
      run({ resource, context, pod, minor: context.podSecurityMinor });
    },
  };
}

/** @param minor the first version that has the control */
export const since =
  (minor: number, run: PodCheck): PodCheck =>
  (check) => {
    if (check.minor >= minor) run(check);
  };

/** A Windows pod cannot set the Linux fields, and does not need to since version 1.25. */
export const onLinux =
  (run: PodCheck): PodCheck =>
  (check) => {
    if (!isExemptAsWindows(check)) run(check);
  };

function isExemptAsWindows({ pod, minor, context }: CheckedPod): boolean {
  if (minor < 25) return false;
  return context.noteUnknown(pod.spec.get("os", "name")) || pod.isWindows;
}

/** Since version 1.35 root is allowed in a user namespace, where it is unprivileged on the node. */
export const outsideUserNamespace =
  (run: PodCheck): PodCheck =>
  (check) => {
    if (!isInUserNamespace(check)) run(check);
  };

function isInUserNamespace({ pod, minor, context }: CheckedPod): boolean {
  if (minor < 35) return false;
  const hostUsers = pod.spec.get("hostUsers");
  return context.noteUnknown(hostUsers) || hostUsers.boolean === false;
}

/** Init, ordinary and ephemeral containers. */
export function eachContainer(
  check: CheckedPod,
  run: (check: CheckedPod, container: Value) => void,
): void {
  podIsVisible(check.pod, check.context);
  for (const { title, value } of containersOf(check.pod)) run({ ...check, part: title }, value);
}

/** The security context of the pod and those of its containers. */
export function eachContext(
  check: CheckedPod,
  run: (check: CheckedPod, securityContext: Value) => void,
): void {
  run(check, check.pod.spec.get("securityContext"));
  eachContainer(check, (inside, container) => {
    run(inside, container.get("securityContext"));
  });
}

export function eachVolume(
  check: CheckedPod,
  run: (check: CheckedPod, volume: Value) => void,
): void {
  // A value that is not a list is reported once, by pod-containers-listed.
  for (const volume of elements(check, check.pod.spec.get("volumes"))) {
    const name = volume.get("name").string ?? "without a name";
    run({ ...check, part: `volume "${name}"` }, volume);
  }
}

/** The elements of an optional list; a value that is not a list is reported. */
export function expectList(check: Check, value: Value): readonly Value[] {
  const list = value.list();
  const isList = value.isMissing || value.isEmptyList || list.length > 0;
  expectThat(check, value, () => isList, "it must be a list");
  return list;
}

export function expectOff(check: Check, value: Value): void {
  expectThat(
    check,
    value,
    ({ isMissing, boolean }) => isMissing || boolean === false,
    "it must be false or missing",
  );
}

export function expectEmpty(check: Check, value: Value, expected: string): void {
  expectThat(check, value, ({ isMissing, string }) => isMissing || string === "", expected);
}

/**
 * A profile that may be missing, but must have one of these types if set.
 * @param profile `appArmorProfile` or `seccompProfile` of a security context
 */
export function expectProfile(check: Check, profile: Value, expected: string): void {
  expectThat(check, profile.get("type"), (type) => profile.isMissing || isProfile(type), expected);
}

const PROFILES: ReadonlySet<string | undefined> = new Set(["RuntimeDefault", "Localhost"]);

export const isProfile = ({ string }: Value): boolean => PROFILES.has(string);

type Common = "clause" | "severity" | "themes" | "enforcement";

const SEVERITY = { Baseline: "critical", Restricted: "high" } as const;

/**
 * @param control the standard's own heading
 * @param also other published controls that require the same
 */
export function standard(
  level: keyof typeof SEVERITY,
  control: string,
  also: readonly string[] = [],
): Pick<Policy, Common> {
  return {
    clause: {
      reference: ["PO-03", `Pod Security Standards, ${level}: ${control}`, ...also].join("; "),
      url: `${STANDARDS}#${level.toLowerCase()}`,
    },
    severity: SEVERITY[level],
    themes: ["pod-security"],
    enforcement: STRICT_IN_PRODUCTION,
  };
}

/** The last sentence of a remediation: what to do if the workload cannot comply. */
export const exempt = (level: "baseline" | "privileged"): string =>
  `If the workload needs this, run it in a namespace labelled ${level}, and exempt it by its URN in runstack:policyExemptions (check: --exemptions FILE), with the reason.`;
