/**
 * Fixes that make a pod restricted by filling in missing fields. Wrong values are only reported:
 * someone set them, so there is more than one fix.
 */
import { containersOf, podOf, type Pod } from "../kubernetes/objects";
import type { Change, CheckContext, Resource } from "../policy";
import type { Value } from "../values";

type Remedy = (resource: Resource, context: CheckContext) => readonly Change[];

/** Not for Windows pods, where most of it is rejected, or pods that may be Windows pods. */
const onLinuxPods =
  (from: number, changes: (pod: Pod, context: CheckContext) => readonly Change[]): Remedy =>
  (resource, context) => {
    const pod = podOf(resource);
    const isClosed = pod.isWindows || pod.spec.get("os", "name").isUnknown;
    const isExpected = context.podSecurityMinor >= from;
    return isClosed || !isExpected ? [] : changes(pod, context);
  };

const contextsOf = (pod: Pod): readonly Value[] =>
  containersOf(pod).map(({ value }) => value.get("securityContext"));

/** The API server rejects the change for a container that is privileged or adds SYS_ADMIN. */
export const escalatesNot = onLinuxPods(8, (pod) =>
  contextsOf(pod)
    .filter((own) => own.get("allowPrivilegeEscalation").isMissing)
    .filter((own) => own.get("privileged").isMissing || own.get("privileged").boolean === false)
    .filter((own) => mayAdd(own, (name) => !/SYS_ADMIN$/.test(name)))
    .map((own) => ({ path: own.get("allowPrivilegeEscalation").keys, value: false })),
);

export const dropsAll = onLinuxPods(22, (pod) =>
  contextsOf(pod)
    .map((own) => ({ own, drop: own.get("capabilities", "drop") }))
    .filter(({ drop }) => drop.isMissing || drop.isEmptyList)
    .filter(({ own }) => mayAdd(own, (name) => name === "NET_BIND_SERVICE"))
    .map(({ drop }) => ({ path: drop.keys, value: ["ALL"] })),
);

function mayAdd(own: Value, allowed: (name: string) => boolean): boolean {
  const added = own.get("capabilities", "add");
  const isWhole = added.isMissing || added.isEmptyList || added.list().length > 0;
  return isWhole && added.list().every(({ string }) => string !== undefined && allowed(string));
}

export const filtersCalls = onLinuxPods(19, (pod) => {
  const profile = pod.spec.get("securityContext", "seccompProfile");
  const isNeeded = contextsOf(pod).some((own) => own.get("seccompProfile").isMissing);
  return profile.isMissing && isNeeded
    ? [{ path: profile.keys, value: { type: "RuntimeDefault" } }]
    : [];
});

/** A container that runs as root does not start then, which is the point of the rule. */
export const refusesRoot = onLinuxPods(0, (pod, { podSecurityMinor }) => {
  const { spec } = pod;
  const hostUsers = spec.get("hostUsers");
  const isNamespaced = podSecurityMinor >= 35 && !isOn(hostUsers);
  const refused = spec.get("securityContext", "runAsNonRoot");
  const silent = contextsOf(pod).filter((own) => own.get("runAsNonRoot").isMissing);
  const users = [spec.get("securityContext"), ...silent].map((own) => own.get("runAsUser"));
  const isRoot = users.some((user) => !user.isMissing && (user.number ?? 0) === 0);
  const isNeeded = refused.isMissing && silent.length > 0 && !isNamespaced;
  return isNeeded && !isRoot ? [{ path: refused.keys, value: true }] : [];
});

const isOn = (hostUsers: Value): boolean => hostUsers.isMissing || hostUsers.boolean === true;
