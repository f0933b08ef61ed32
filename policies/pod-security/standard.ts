/**
 * What the policies of Kubernetes' Pod Security Standards have in common.
 *
 * Each policy is one control, and says of a pod what the API server's own admission
 * (k8s.io/pod-security-admission) says of it in the version that `podSecurityMinor` names: only the
 * versions in which the answers differ are told apart. A value that two levels refuse is said at both,
 * so that an exemption from the restricted control does not lift the one of the baseline.
 *
 * They judge every pod, whatever its namespace admits: a namespace says what its pods may do at most,
 * not what each of them needs. A workload that needs more is exempted by name, with a reason.
 */
import type { Asked } from "../demands";
import { elements, must } from "../demands";
import type { Pod } from "../kubernetes/objects";
import { containersOf, podIsVisible, podOf } from "../kubernetes/objects";
import { HOLDERS } from "../kubernetes/pods";
import type { Policy, ResourceCheck } from "../policy";
import { STRICT_IN_PRODUCTION } from "../policy";
import type { Value } from "../values";

const STANDARDS = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";

export interface PodAsked extends Asked {
  readonly pod: Pod;
  /** The minor version whose standards hold. */
  readonly minor: number;
}

export type PodCheck = (asked: PodAsked) => void;

/** A check of every kind that holds a pod; of others' kinds the API server refuses the pods they make. */
export function onPods(run: PodCheck): ResourceCheck {
  return {
    kind: "resource",
    types: HOLDERS,
    run: (resource, context) => {
      const pod = podOf(resource);
      if (context.unsure(pod.spec)) return;
      run({ resource, context, pod, minor: context.surroundings.podSecurityMinor });
    },
  };
}

/** @param minor the first version that has the control */
export const since =
  (minor: number, run: PodCheck): PodCheck =>
  (asked) => {
    if (asked.minor >= minor) run(asked);
  };

/** A pod of a Windows node cannot set the Linux fields, and need not since version 1.25. */
export const onLinux =
  (run: PodCheck): PodCheck =>
  (asked) => {
    if (!isExemptAsWindows(asked)) run(asked);
  };

function isExemptAsWindows({ pod, minor, context }: PodAsked): boolean {
  if (minor < 25) return false;
  return context.unsure(pod.spec.get("os", "name")) || pod.isWindows;
}

/** Since version 1.35 a user namespace, where root is nobody on the node, makes up for root. */
export const outsideUserNamespace =
  (run: PodCheck): PodCheck =>
  (asked) => {
    if (!isInUserNamespace(asked)) run(asked);
  };

function isInUserNamespace({ pod, minor, context }: PodAsked): boolean {
  if (minor < 35) return false;
  const hostUsers = pod.spec.get("hostUsers");
  return context.unsure(hostUsers) || hostUsers.flag === false;
}

/** Init, ordinary and ephemeral containers. */
export function eachContainer(
  asked: PodAsked,
  run: (asked: PodAsked, container: Value) => void,
): void {
  podIsVisible(asked.pod, asked.context);
  for (const { title, value } of containersOf(asked.pod)) run({ ...asked, part: title }, value);
}

/** The security context of the pod and those of its containers. */
export function eachContext(
  asked: PodAsked,
  run: (asked: PodAsked, securityContext: Value) => void,
): void {
  run(asked, asked.pod.spec.get("securityContext"));
  eachContainer(asked, (inside, container) => {
    run(inside, container.get("securityContext"));
  });
}

export function eachVolume(asked: PodAsked, run: (asked: PodAsked, volume: Value) => void): void {
  // That they are a list is the matter of pod-containers-listed, for all policies at once.
  for (const volume of elements(asked, asked.pod.spec.get("volumes"))) {
    const name = volume.get("name").text ?? "without a name";
    run({ ...asked, part: `volume "${name}"` }, volume);
  }
}

/** The elements of a list that may be missing; what is written and is no list is said. */
export function elementsOf(asked: Asked, value: Value): readonly Value[] {
  const elements = value.list();
  const isList = value.isMissing || value.isEmptyList || elements.length > 0;
  must(asked, value, () => isList, "it must be a list");
  return elements;
}

export function mustBeOff(asked: Asked, value: Value): void {
  must(
    asked,
    value,
    ({ isMissing, flag }) => isMissing || flag === false,
    "it must be false or missing",
  );
}

export function mustBeEmpty(asked: Asked, value: Value, wanted: string): void {
  must(asked, value, ({ isMissing, text }) => isMissing || text === "", wanted);
}

/**
 * A profile that may be missing, but that names one of these types where it is there.
 * @param profile `appArmorProfile` or `seccompProfile` of a security context
 */
export function mustBeProfile(asked: Asked, profile: Value, wanted: string): void {
  must(asked, profile.get("type"), (type) => profile.isMissing || isProfile(type), wanted);
}

const PROFILES: ReadonlySet<string | undefined> = new Set(["RuntimeDefault", "Localhost"]);

export const isProfile = ({ text }: Value): boolean => PROFILES.has(text);

type Common = "clause" | "severity" | "themes" | "enforcement";

const SEVERITY = { Baseline: "critical", Restricted: "high" } as const;

/**
 * @param control the standard's own heading
 * @param also other published controls that ask for the same
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

/** The last sentence of a remedy: what to do where the rule cannot be kept. */
export const exempt = (level: "baseline" | "privileged"): string =>
  `Where its software cannot do without, run the workload in a namespace labelled ${level}, and exempt it by its URN in runstack:policyExemptions (check: --exemptions FILE), with the reason.`;
