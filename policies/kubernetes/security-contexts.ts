/** Users and groups of containers, beyond the Pod Security Standards. */
import { elements, type Check } from "../expect";
import { expectThat, expectAtLeast, expectNot } from "../expect";
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, nameOf } from "../policy";
import type { Value } from "../values";
import type { Pod } from "./objects";
import { eachPod, partsOf } from "./pods";

const LEAST_ID = 10_000;
const CONTEXT = "securityContext";

/** With a user namespace, IDs are mapped to other IDs on the node; Windows has none. */
function hasNodeIds({ context, resource }: Check, { spec, isWindows }: Pod): boolean {
  const hostUsers = spec.get("hostUsers");
  return !isWindows && !context.noteUnknown(hostUsers, resource.urn) && hostUsers.boolean !== false;
}

function highIds(check: Check, pod: Pod): void {
  if (!hasNodeIds(check, pod)) return;
  const least = check.context.setting("least", LEAST_ID);
  const expected = `${String(least)} or more, here or in every container`;
  const ofPod = pod.spec.get(CONTEXT);
  // The IDs that some container inherits from its pod.
  const needed = ["runAsUser", "runAsGroup"].filter((field) => {
    const parts = partsOf(check, pod);
    const own = parts.map(({ part, container }) => ({ part, id: container.get(CONTEXT, field) }));
    for (const { part, id } of own) if (!id.isMissing) expectAtLeast(part, id, least);
    return own.some(({ id }) => id.isMissing);
  });
  if (needed.length === 2 && needed.every((field) => ofPod.get(field).isMissing)) {
    const what = `${ofPod.path} has neither ${needed.join(" nor ")}; they must be ${expected}`;
    const { resource, context } = check;
    context.report({ message: `${nameOf(resource)}: ${what}.`, at: ofPod.keys }, resource.urn);
    return;
  }
  for (const field of needed) {
    expectAtLeast(check, ofPod.get(field), least, `it must be ${expected}`);
  }
}

function rootGroups(check: Check, pod: Pod): void {
  if (pod.isWindows) return;
  const expected = "0 is the root group: use another group";
  const ofPod = pod.spec.get(CONTEXT);
  const groups = [ofPod.get("runAsGroup"), ofPod.get("fsGroup")];
  groups.push(...elements(check, ofPod.get("supplementalGroups")));
  for (const group of groups) expectNot(check, group, 0, expected);
  for (const { part, container } of partsOf(check, pod)) {
    expectNot(part, container.get(CONTEXT, "runAsGroup"), 0, expected);
  }
}

const says = (value: Value): boolean => value.entries().length > 0;

function written(check: Check, pod: Pod): void {
  if (!check.context.setting("required", false)) return;
  expectThat(check, pod.spec.get(CONTEXT), says, "set what applies to all of its containers");
  for (const { part, container } of partsOf(check, pod)) {
    expectThat(part, container.get(CONTEXT), says, "set at least allowPrivilegeEscalation: false");
  }
}

const DOCS = "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/";

export const securityContexts: readonly Policy[] = [
  {
    name: "container-user-high",
    coveredBy: ["pod-security-restricted-run-as-user", "container-root-group"],
    title: "Containers run with high user IDs",
    clause: { reference: "PO-03; CKV_K8S_40", url: DOCS },
    severity: "low",
    themes: ["workloads", "security"],
    prevents:
      "A process that escapes has the user ID, and so the permissions, of a user on the node or on a shared disk.",
    description:
      "The user and the group of every container are set, and are above the IDs that nodes use for their own users.",
    remediation:
      "Set securityContext.runAsUser and securityContext.runAsGroup of the pod to a number such as 65532.",
    enforcement: ADVICE,
    configuration: {
      properties: {
        least: {
          type: "integer",
          minimum: 1,
          default: LEAST_ID,
          description: "Minimum user and group ID",
        },
      },
    },
    check: eachPod(highIds),
  },
  {
    name: "container-root-group",
    title: "Containers do not use the root group",
    clause: { reference: "PO-03; kube-linter run-as-non-root", url: DOCS },
    severity: "medium",
    themes: ["workloads", "security"],
    prevents: "A process that is not root reads and writes files of the root group.",
    description: "None of runAsGroup, fsGroup and supplementalGroups is the group 0.",
    remediation:
      "Set runAsGroup and fsGroup in the pod's securityContext to a number such as 65532, and remove 0 from supplementalGroups.",
    enforcement: STRICT_IN_PRODUCTION,
    check: eachPod(rootGroups),
  },
  {
    name: "security-context-written",
    title: "Pods and containers have a security context",
    clause: { reference: "PO-03; CKV_K8S_29; CKV_K8S_30; CIS Kubernetes 5.7.3", url: DOCS },
    severity: "medium",
    themes: ["workloads", "security"],
    prevents: "What a container may do depends on its image and the runtime.",
    description:
      "If the option required is set, every pod and every container has a securityContext that is not empty.",
    remediation:
      "Set securityContext in the pod spec (runAsNonRoot, seccompProfile) and in every container (allowPrivilegeEscalation, capabilities, readOnlyRootFilesystem).",
    enforcement: ADVICE,
    configuration: {
      properties: {
        required: {
          type: "boolean",
          default: false,
          description:
            "Whether a securityContext is required; other policies check the fields that matter in it",
        },
      },
    },
    check: eachPod(written),
  },
];
