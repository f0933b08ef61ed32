/**
 * What a workload's account may do in the end: through the bindings to it and to its groups, of Roles,
 * of ClusterRoles with what they aggregate, and of those that the API server brings.
 */
import { inCluster, namespaceOf, podOf } from "../objects";
import { BINDINGS } from "./bindings";
import { HOLDERS } from "../pods";
import { POWERS, gives, type Power } from "./powers";
import type { Context, Policy, Stack, StackResource } from "../../policy";
import { STRICT_IN_PRODUCTION, nameOf, typeKey } from "../../policy";
import { ROLES } from "./roles";
import { selects } from "../selectors";
import type { Value } from "../../values";

const CLUSTER_ROLE = "kubernetes:rbac.authorization.k8s.io:ClusterRole";
const { exec, secrets, workloads, impersonation, tokens } = POWERS;

/** What the API server's own roles give; `view` reads no Secrets. */
const BUILT_IN: Readonly<Record<string, readonly Power[]>> = {
  "cluster-admin": Object.values(POWERS),
  admin: [exec, secrets, workloads, impersonation, tokens],
  edit: [exec, secrets, workloads, impersonation, tokens],
};

interface Grant {
  readonly binding: StackResource;
  readonly powers: readonly Power[];
}

const nameIn = (resource: StackResource): string | undefined =>
  resource.props.get("metadata", "name").text;

/** Rules of each role, and for a ClusterRole those of the ones that it aggregates. */
class Roles {
  private readonly byName = new Map<string, StackResource>();
  private readonly clusterRoles: readonly StackResource[];
  private readonly known = new Map<StackResource, readonly Power[]>();

  constructor(
    stack: Stack,
    private readonly context: Context,
  ) {
    this.clusterRoles = stack.of(CLUSTER_ROLE);
    for (const role of stack.of(...ROLES)) {
      const namespace = typeKey(role.type) === CLUSTER_ROLE ? "" : namespaceOf(role);
      const name = nameIn(role);
      if (name === undefined || namespace === undefined) continue;
      this.byName.set(inCluster(role, namespace, name), role);
    }
  }

  powersOf(binding: StackResource): readonly Power[] {
    const role = binding.props.get("roleRef");
    const isClusterRole = role.get("kind").text === "ClusterRole";
    const namespace = isClusterRole ? "" : (namespaceOf(binding) ?? "");
    const name = role.get("name").text;
    if (this.context.unsure(role.get("name"), binding.urn) || name === undefined) return [];
    const found = this.byName.get(inCluster(binding, namespace, name));
    if (found !== undefined) return this.powersIn(found);
    return isClusterRole && Object.hasOwn(BUILT_IN, name) ? (BUILT_IN[name] ?? []) : [];
  }

  private powersIn(role: StackResource): readonly Power[] {
    const known = this.known.get(role);
    if (known !== undefined) return known;
    const rules = [role, ...this.aggregatedBy(role)].flatMap((it) => it.props.get("rules").list());
    const powers = Object.values(POWERS).filter((power: Power) =>
      rules.some((rule) => gives(rule, power, true) === "yes"),
    );
    this.known.set(role, powers);
    return powers;
  }

  private aggregatedBy(role: StackResource): readonly StackResource[] {
    const selectors = role.props.get("aggregationRule", "clusterRoleSelectors").list();
    if (selectors.length === 0) return [];
    return this.clusterRoles.filter(
      (other) =>
        other.provider === role.provider &&
        selectors.some(
          (selector) => selects(selector, other.props.get("metadata", "labels")) === "yes",
        ),
    );
  }
}

/** Who is bound, as accounts and as the groups that every account is in. */
function subjectKey(subject: Value, binding: StackResource): string | undefined {
  const name = subject.get("name").text;
  if (name === undefined) return undefined;
  if (subject.get("kind").text !== "ServiceAccount") return inCluster(binding, name);
  const namespace = subject.get("namespace").text ?? namespaceOf(binding) ?? "";
  return inCluster(binding, `system:serviceaccount:${namespace}:${name}`);
}

function grantsBySubject(stack: Stack, context: Context): ReadonlyMap<string, readonly Grant[]> {
  const roles = new Roles(stack, context);
  const bySubject = new Map<string, Grant[]>();
  for (const binding of stack.of(...BINDINGS)) {
    const powers = roles.powersOf(binding);
    if (powers.length === 0) continue;
    for (const subject of binding.props.get("subjects").list()) {
      if (context.unsure(subject.get("name"), binding.urn)) continue;
      const key = subjectKey(subject, binding);
      if (key !== undefined)
        bySubject.set(key, [...(bySubject.get(key) ?? []), { binding, powers }]);
    }
  }
  return bySubject;
}

function reach(stack: Stack, context: Context): void {
  const grants = grantsBySubject(stack, context);
  if (grants.size === 0) return;
  for (const workload of stack.of(...HOLDERS)) {
    const { spec } = podOf(workload);
    const account = spec.get("serviceAccountName");
    const namespace = namespaceOf(workload);
    if (context.unsure(account, workload.urn) || namespace === undefined) continue;
    const name = account.text ?? "default";
    const subjects = [
      `system:serviceaccount:${namespace}:${name}`,
      `system:serviceaccounts:${namespace}`,
      "system:serviceaccounts",
      "system:authenticated",
    ];
    for (const { binding, powers } of subjects.flatMap(
      (it) => grants.get(inCluster(workload, it)) ?? [],
    )) {
      const may = powers.map((power) => power.may).join(", ");
      context.report(
        `${nameOf(workload)}: its account "${name}" may ${may}, by ${nameOf(binding)}; bind a role without that.`,
        workload.urn,
      );
    }
  }
}

export const reached: readonly Policy[] = [
  {
    name: "rbac-workload-reach",
    title: "Workloads cannot reach for the cluster",
    clause: {
      reference: "PO-03; CKV2_K8S_1; CKV2_K8S_2; CKV2_K8S_3; CKV2_K8S_4; CKV2_K8S_5",
      url: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks",
    },
    severity: "critical",
    themes: ["rbac"],
    prevents: "A hole in one service is a hole in the cluster, by a role that looked harmless.",
    description:
      "No account of a workload may read Secrets, start pods, run commands in them, gain rights or steer the cluster, by any binding, aggregated or built-in role.",
    remediation:
      "Bind the workload's account to a Role with the few rules that it needs, in its own namespace.",
    enforcement: STRICT_IN_PRODUCTION,
    check: { kind: "stack", run: reach },
  },
];
