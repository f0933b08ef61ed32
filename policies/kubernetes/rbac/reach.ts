/**
 * The effective permissions of a workload's ServiceAccount: through bindings to it and to its
 * groups.
 */
import { together } from "../../../lib/words";
import { elements } from "../../expect";
import { inCluster, namespaceOf, podOf } from "../objects";
import { BINDINGS } from "./bindings";
import { Roles } from "./effective";
import { HOLDERS } from "../pods";
import type { Power } from "./powers";
import { OPERATOR } from "../../in-manifests";
import type { CheckContext, Policy, Stack, StackResource } from "../../policy";
import { STRICT_IN_PRODUCTION, nameOf } from "../../policy";
import type { Value } from "../../values";

interface Grant {
  readonly binding: StackResource;
  readonly powers: readonly Power[];
}

/** The subjects of a binding, as ServiceAccounts and as their groups; undefined while unknown. */
function subjectKey(
  subject: Value,
  binding: StackResource,
  context: CheckContext,
): string | undefined {
  const [kind, name] = [subject.get("kind"), subject.get("name")];
  const isOpen = [kind, name].some((value) => context.noteUnknown(value, binding.urn));
  if (isOpen || kind.string !== "ServiceAccount") return isOpen ? undefined : name.string;
  const own = subject.get("namespace");
  const namespace = own.isMissing ? binding.props.get("metadata", "namespace") : own;
  if (context.noteUnknown(namespace, binding.urn)) return undefined;
  return `system:serviceaccount:${namespace.string ?? "default"}:${name.string ?? ""}`;
}

function grantsBySubject(
  stack: Stack,
  context: CheckContext,
): ReadonlyMap<string, readonly Grant[]> {
  const roles = new Roles(stack, context);
  const bySubject = new Map<string, Grant[]>();
  for (const binding of stack.of(...BINDINGS)) {
    const powers = roles.powersOf(binding);
    if (powers.length === 0) continue;
    const check = { resource: binding, context };
    for (const subject of elements(check, binding.props.get("subjects"))) {
      const who = subjectKey(subject, binding, context);
      if (who === undefined) continue;
      const key = inCluster(binding, who);
      const known = bySubject.get(key);
      if (known === undefined) bySubject.set(key, [{ binding, powers }]);
      else known.push({ binding, powers });
    }
  }
  return bySubject;
}

/** What several bindings allow, each once: bindings to the same role say the same. */
function allowed(grants: readonly Grant[]): string {
  const through = new Map<string, Set<string>>();
  for (const { binding, powers } of grants) {
    const may = powers.map((power) => power.may).join(", ");
    const known = through.get(may);
    if (known === undefined) through.set(may, new Set([nameOf(binding)]));
    else known.add(nameOf(binding));
  }
  const parts = [...through].map(([may, by]) => `may ${may}, through ${together([...by])}`);
  return parts.join(", and ");
}

function reach(stack: Stack, context: CheckContext): void {
  const grants = grantsBySubject(stack, context);
  if (grants.size === 0) return;
  for (const workload of stack.of(...HOLDERS)) {
    const { spec } = podOf(workload);
    // A Rollout may refer to a Deployment instead of containing a pod template.
    if (spec.isMissing) continue;
    const account = spec.get("serviceAccountName");
    const isOpen = [account, workload.props.get("metadata", "namespace")].some((value) =>
      context.noteUnknown(value, workload.urn),
    );
    if (isOpen) continue;
    const namespace = namespaceOf(workload) ?? "";
    const name = account.string ?? "default";
    const subjects = [
      `system:serviceaccount:${namespace}:${name}`,
      `system:serviceaccounts:${namespace}`,
      "system:serviceaccounts",
      "system:authenticated",
    ];
    const own = subjects.flatMap((it) => grants.get(inCluster(workload, it)) ?? []);
    if (own.length === 0) continue;
    context.report(
      `${nameOf(workload)}: its ServiceAccount "${name}" ${allowed(own)}; bind a role that does not allow it.`,
      workload.urn,
    );
  }
}

export const reached: readonly Policy[] = [
  {
    name: "rbac-workload-reach",
    title: "Workload ServiceAccounts have no dangerous permissions",
    clause: {
      reference: "PO-03; CKV2_K8S_1; CKV2_K8S_2; CKV2_K8S_3; CKV2_K8S_4; CKV2_K8S_5",
      url: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks",
    },
    severity: "critical",
    themes: ["rbac"],
    prevents:
      "A vulnerability in one service exposes the cluster, through a role that looked harmless.",
    description:
      "No workload's ServiceAccount may read Secrets, start pods, run commands in them, gain permissions or control the cluster, through any binding, including aggregated and built-in roles.",
    remediation:
      "Bind the workload's ServiceAccount to a Role in its own namespace with only the rules that it needs.",
    enforcement: STRICT_IN_PRODUCTION,
    inManifests: OPERATOR,
    check: { kind: "stack", run: reach },
  },
];
