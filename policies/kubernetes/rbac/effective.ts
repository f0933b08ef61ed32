/** The effective rules of a role: its own, aggregated ones, and those of built-in roles. */
import { elements } from "../../expect";
import { noteOpen } from "../declared";
import { inCluster, namespaceOf } from "../objects";
import { POWERS, gives, type Power } from "./powers";
import type { CheckContext, Stack, StackResource } from "../../policy";
import { typeKey } from "../../policy";
import { ROLES, noteRule } from "./roles";
import { selects, type Match } from "../selectors";
import type { Value } from "../../values";

const CLUSTER_ROLE = "kubernetes:rbac.authorization.k8s.io:ClusterRole";
const { exec, secrets, workloads, impersonation, tokens } = POWERS;

/**
 * The rules of the API server's built-in roles (plugin/pkg/auth/authorizer/rbac/bootstrappolicy);
 * `view` does not read Secrets. `admin` also writes Roles, but the API server only lets it grant
 * what it has.
 */
const EDITOR: readonly Power[] = [exec, secrets, workloads, impersonation, tokens];
const BUILT_IN: Readonly<Record<string, readonly Power[]>> = {
  "cluster-admin": Object.values(POWERS),
  admin: EDITOR,
  edit: EDITOR,
  view: [],
};
/** The label that aggregates other roles into such a role. */
const AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-";
/** The roles with that label; each is aggregated into the previous one. */
const AGGREGATED: readonly string[] = ["admin", "edit", "view"];

/** The rules of each role, including those that a ClusterRole aggregates. */
export class Roles {
  private readonly byName = new Map<string, StackResource>();
  private readonly clusterRoles: readonly StackResource[];
  private readonly known = new Map<StackResource, readonly Power[]>();

  constructor(
    stack: Stack,
    private readonly context: CheckContext,
  ) {
    this.clusterRoles = stack.of(CLUSTER_ROLE);
    for (const role of stack.of(...ROLES)) {
      const namespace = typeKey(role.type) === CLUSTER_ROLE ? "" : namespaceOf(role);
      const name = role.props.get("metadata", "name").string;
      if (name === undefined || namespace === undefined) continue;
      this.byName.set(inCluster(role, namespace, name), role);
    }
  }

  powersOf(binding: StackResource): readonly Power[] {
    const name = binding.props.get("roleRef", "name");
    const kind = binding.props.get("roleRef", "kind");
    const isOpen = [name, kind].some((value) => this.context.noteUnknown(value, binding.urn));
    const isClusterRole = kind.string === "ClusterRole";
    if (!isClusterRole)
      this.context.noteUnknown(binding.props.get("metadata", "namespace"), binding.urn);
    const namespace = isClusterRole ? "" : namespaceOf(binding);
    if (isOpen || namespace === undefined) return [];
    const found = this.byName.get(inCluster(binding, namespace, name.string ?? ""));
    if (found !== undefined) return this.powersIn(found);
    return isClusterRole ? this.builtIn(name.string ?? "", binding) : [];
  }

  private powersIn(role: StackResource): readonly Power[] {
    const known = this.known.get(role);
    if (known !== undefined) return known;
    const powers = this.powersOfRules([role, ...this.aggregatedBy(role)]);
    this.known.set(role, powers);
    return powers;
  }

  private powersOfRules(roles: readonly StackResource[]): readonly Power[] {
    return Object.values(POWERS).filter((power: Power) =>
      roles
        .map((resource) => {
          const check = { resource, context: this.context };
          const rules = elements(check, resource.props.get("rules"));
          const open = rules.filter((rule) => gives(rule, power, true) === "unknown");
          for (const rule of open) noteRule(check, rule);
          return rules.some((rule) => gives(rule, power, true) === "yes");
        })
        .includes(true),
    );
  }

  private aggregatedBy(role: StackResource): readonly StackResource[] {
    const selectors = elements(
      { resource: role, context: this.context },
      role.props.get("aggregationRule", "clusterRoleSelectors"),
    );
    return this.labelled(role, (labels) => selectors.map((selector) => selects(selector, labels)));
  }

  private builtIn(name: string, binding: StackResource): readonly Power[] {
    if (!Object.hasOwn(BUILT_IN, name)) return [];
    const from = AGGREGATED.indexOf(name);
    const keys = from < 0 ? [] : AGGREGATED.slice(from).map((each) => `${AGGREGATE}${each}`);
    const added = this.labelled(binding, (labels) =>
      keys.map((key): Match => {
        const label = labels.get(key);
        if (label.isUnknown) return "unknown";
        return label.string === "true" ? "yes" : "no";
      }),
    );
    return [...new Set([...(BUILT_IN[name] ?? []), ...this.powersOfRules(added)])];
  }

  /** The ClusterRoles of the same cluster whose labels match, or may match. */
  private labelled(
    { provider }: StackResource,
    match: (labels: Value) => readonly Match[],
  ): readonly StackResource[] {
    return this.clusterRoles.filter((role) => {
      const labels = role.props.get("metadata", "labels");
      const found = role.provider === provider ? match(labels) : [];
      if (!found.includes("yes") && found.includes("unknown"))
        noteOpen(this.context, [role, labels]);
      return found.includes("yes");
    });
  }
}
