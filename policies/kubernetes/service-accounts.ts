/** ServiceAccounts of pods, and their tokens. */
import type { Check } from "../expect";
import { each, expectThat, expectEqual } from "../expect";
import { WEIGHED } from "../in-manifests";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION } from "../policy";
import type { Value } from "../values";
import type { Pod } from "./objects";
import { inCluster, namespaceOf, podOf } from "./objects";
import { HOLDERS, eachPod } from "./pods";
import { givenAccounts } from "./references/chart-names";
import { inventoryOf } from "./references/inventory";
import { ACCOUNT } from "./references/makers";
import { expectExists, type Reference } from "./references/reference";
import { ofCustom } from "./references/secret-users";

/** Patches an existing ServiceAccount, as `default` is in every namespace. */
const ACCOUNT_PATCH = "kubernetes:core:ServiceAccountPatch";

/** The ServiceAccount name of a pod; the deprecated field applies if the new one is missing. */
function accountOf({ spec }: Pod): Value {
  const name = spec.get("serviceAccountName");
  const old = spec.get("serviceAccount");
  return name.isMissing && !old.isMissing ? old : name;
}

function named(check: Check, pod: Pod): void {
  const isRight = ({ string = "" }: Value): boolean => string !== "" && string !== "default";
  expectThat(check, accountOf(pod), isRight, "set it to the name of its own ServiceAccount");
}

function oldField(check: Check, { spec }: Pod): void {
  const name = spec.get("serviceAccountName");
  // The API server sets both fields in its output.
  const isRight = (old: Value): boolean =>
    old.isMissing || (old.string !== undefined && old.string === name.string);
  if (check.context.noteUnknown(name, check.resource.urn)) return;
  expectThat(
    check,
    spec.get("serviceAccount"),
    isRight,
    "the field is deprecated: use serviceAccountName",
  );
}

/** Every pod of a stack with the key of its ServiceAccount; undefined while unknown. */
function podsWithAccounts(
  stack: Stack,
): readonly { readonly resource: StackResource; readonly pod: Pod; readonly account?: string }[] {
  return stack.of(...HOLDERS).flatMap((resource) => {
    const pod = podOf(resource);
    if (pod.spec.isMissing) return [];
    const name = accountOf(pod);
    const key = keyOf(resource, name.isMissing ? "default" : name.string);
    return [{ resource, pod, ...(key === undefined ? {} : { account: key }) }];
  });
}

function keyOf(resource: StackResource, name: string | undefined): string | undefined {
  const namespace = namespaceOf(resource);
  return namespace === undefined || name === undefined
    ? undefined
    : inCluster(resource, namespace, name);
}

/** The ServiceAccounts of a stack by key. */
function accountsOf(stack: Stack, ...types: readonly string[]): ReadonlyMap<string, StackResource> {
  return new Map(
    stack.of(...types).flatMap((account) => {
      const key = keyOf(account, account.props.get("metadata", "name").string);
      return key === undefined ? [] : [[key, account] as const];
    }),
  );
}

const TOKEN = "automountServiceAccountToken";

/** Notes unknowns that hide the ServiceAccount of a pod. */
function isHidden(resource: StackResource, pod: Pod, context: CheckContext): boolean {
  const namespace = resource.props.get("metadata", "namespace");
  return (
    context.noteUnknown(accountOf(pod), resource.urn) ||
    context.noteUnknown(namespace, resource.urn)
  );
}

const RBAC = "kubernetes:rbac.authorization.k8s.io";

interface Bound {
  /** ServiceAccounts that have a role: what runs as one of them calls the API server. */
  readonly accounts: ReadonlySet<string>;
  /** Subjects that may be any of the others. */
  readonly open: readonly Value[];
}

function boundIn(stack: Stack): Bound {
  const accounts = new Set<string>();
  const open: Value[] = [];
  for (const binding of stack.of(`${RBAC}:RoleBinding`, `${RBAC}:ClusterRoleBinding`)) {
    for (const subject of binding.props.get("subjects").listOrUnknown()) {
      const parts = [subject, subject.get("kind"), subject.get("name"), subject.get("namespace")];
      const [, kind, name, namespace] = parts;
      open.push(...parts.filter(({ isUnknown }) => isUnknown));
      if (kind?.string !== "ServiceAccount" || name?.string === undefined) continue;
      const place = namespace?.isMissing === true ? namespaceOf(binding) : namespace?.string;
      if (place !== undefined) accounts.add(inCluster(binding, place, name.string));
    }
  }
  return { accounts, open };
}

function tokens(stack: Stack, context: CheckContext): void {
  const accounts = accountsOf(stack, ACCOUNT, ACCOUNT_PATCH);
  const bound = boundIn(stack);
  const never = context.setting("never", false);
  const expected = never
    ? "it must be false"
    : "set it to false, or to true if the program calls the API server";
  for (const { resource, pod, account = "" } of podsWithAccounts(stack)) {
    const own = pod.spec.get(TOKEN);
    // The pod's setting wins, then its ServiceAccount's; by default the token is mounted.
    if (own.isMissing) {
      if (isHidden(resource, pod, context)) continue;
      const ofAccount = accounts.get(account)?.props.get(TOKEN);
      const isOpen = ofAccount !== undefined && context.noteUnknown(ofAccount, resource.urn);
      if (isOpen || ofAccount?.boolean === false) continue;
      if (!never && bound.accounts.has(account)) continue;
      if (!never && bound.open.some((value) => context.noteUnknown(value, resource.urn))) continue;
    }
    const isRight = ({ boolean }: Value): boolean =>
      boolean === false || (boolean === true && !never);
    expectThat({ resource, context }, own, isRight, expected);
  }
}

function existing(stack: Stack, context: CheckContext): void {
  const inventory = inventoryOf(stack);
  const ofPods = stack
    .of(...HOLDERS)
    .map((from) => ({ from, value: accountOf(podOf(from)), to: ACCOUNT }));
  for (const reference of [...ofPods, ...ofCustom(stack, ACCOUNT, context), ...ofCharts(stack)]) {
    // Kubernetes creates the ServiceAccount default in every namespace.
    if (reference.value.string === "default") continue;
    const isJudged = (namespace: string): boolean => inventory.owns(reference.from, namespace);
    expectExists(reference, inventory, context, { isJudged });
  }
}

/** ServiceAccounts that the values of a chart name and that it does not create: `{ create: false, name }`. */
function ofCharts(stack: Stack): readonly Reference[] {
  return stack.of("kubernetes:helm.sh:Release").flatMap((from) => {
    const namespace = from.props.get("namespace");
    return givenAccounts(from.props.get("values"))
      .map((account) => account.get("name"))
      .filter(({ isMissing, string }) => !isMissing && string !== "")
      .map((value) => ({ from, value, to: ACCOUNT, namespace }));
  });
}

function defaultAccount(check: Check): void {
  const { props } = check.resource;
  if (props.get("metadata", "name").string === "default")
    expectEqual(check, props.get(TOKEN), false);
}

const DOCS = "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/";
const common = { themes: ["workloads", "security"] } as const;

export const serviceAccounts: readonly Policy[] = [
  {
    ...common,
    name: "pod-service-account",
    title: "Pods have their own ServiceAccount",
    clause: {
      reference: "PO-03; CIS Kubernetes 5.1.5; kube-linter default-service-account",
      url: DOCS,
    },
    severity: "medium",
    prevents:
      "A permission that one program needs is given to every pod in the namespace that sets no ServiceAccount.",
    description: "Every pod sets a ServiceAccount other than default.",
    remediation:
      "Create a ServiceAccount for the workload and set serviceAccountName in the pod spec to its name.",
    enforcement: STRICT_IN_PRODUCTION,
    inManifests: WEIGHED,
    check: eachPod(named),
  },
  {
    ...common,
    name: "pod-service-account-field",
    title: "Pods do not use the deprecated serviceAccount field",
    clause: { reference: "PO-03; kube-linter deprecated-service-account-field", url: DOCS },
    severity: "low",
    prevents:
      "Two fields name two ServiceAccounts, and the reader goes by the one that has no effect.",
    description: "The deprecated field serviceAccount is not used.",
    remediation: "Use spec.serviceAccountName instead of spec.serviceAccount.",
    enforcement: ADVICE,
    check: eachPod(oldField),
  },
  {
    ...common,
    name: "pod-service-account-exists",
    title: "ServiceAccounts of pods exist",
    clause: { reference: "PO-03; kube-linter non-existent-service-account", url: DOCS },
    severity: "medium",
    prevents: "The API server rejects every pod of the workload, and the rollout never finishes.",
    description:
      "If the stack creates the namespace and installs no chart in it, the ServiceAccount that a pod, a custom resource or the values of a chart name is in the stack, or is created by an operator's object.",
    remediation:
      "Create the ServiceAccount in the namespace of the workload, or correct spec.serviceAccountName.",
    enforcement: STRICT_IN_PRODUCTION,
    check: { kind: "stack", run: existing },
  },
  {
    ...common,
    name: "pod-service-account-token",
    title: "Pods that do not use the API server mount no token",
    clause: { reference: "PO-03; CKV_K8S_38; CIS Kubernetes 5.1.6", url: DOCS },
    severity: "medium",
    prevents: "Anyone who gets into a container can call the API server as the workload.",
    description:
      "Every pod, or its ServiceAccount, turns off token mounting, or turns it on explicitly; a pod whose ServiceAccount has a role needs it, and says nothing.",
    remediation:
      "Set automountServiceAccountToken to false in the pod spec, or to true if the program calls the API server.",
    enforcement: STRICT_IN_PRODUCTION,
    inManifests: WEIGHED,
    configuration: {
      properties: {
        never: {
          type: "boolean",
          default: false,
          description: "Whether to refuse pods that set it to true as well",
        },
      },
    },
    check: { kind: "stack", run: tokens },
  },
  {
    ...common,
    name: "default-service-account-unused",
    title: "Default ServiceAccounts mount no token",
    clause: { reference: "PO-03; CKV_K8S_41; CIS Kubernetes 5.1.5", url: DOCS },
    severity: "high",
    prevents: "Anyone who gets into a pod without its own ServiceAccount can call the API server.",
    description: "A ServiceAccount named default does not mount its token.",
    remediation:
      "Set automountServiceAccountToken of the ServiceAccount to false, and give a workload that needs a token its own ServiceAccount.",
    enforcement: STRICT_IN_PRODUCTION,
    check: each([ACCOUNT, ACCOUNT_PATCH], defaultAccount),
  },
];
