/** Selectors that must select something, and autoscalers that need a target. */
import type { CheckContext, Policy, Stack, StackResource } from "../../policy";
import { STRICT_IN_PRODUCTION, finding, fullNameOf, typeKey } from "../../policy";
import { podLabelsOf } from "../added-labels";
import { namespaceOf, podOf } from "../objects";
import { noteOpen, type Selection, podsIn } from "../declared";
import { selectsByLabels } from "../selectors";
import type { Value } from "../../values";
import { HOLDERS } from "../pods";
import { HPA, SCALED_OBJECT } from "../workloads";
import { inventoryOf } from "./inventory";
import { expectExists, type Reference } from "./reference";
import { SERVICE } from "./makers";

const PDB = "kubernetes:policy:PodDisruptionBudget";
const VPA = "kubernetes:autoscaling.k8s.io:VerticalPodAutoscaler";

/**
 * Reports selectors that select nothing, unless there may be pods that are not visible.
 * @param isPlain whether the selector has plain labels, as that of a Service
 */
function selectSome(stack: Stack, context: CheckContext, type: string, isPlain: boolean): void {
  const pods = podsIn(stack);
  for (const resource of stack.of(type)) {
    const selector = resource.props.get("spec", "selector");
    if (selector.isMissing || context.noteUnknown(selector, resource.urn)) continue;
    // Kubernetes ignores the selector of an alias.
    if (resource.props.get("spec", "type").string === "ExternalName") continue;
    const namespace = namespaceOf(resource);
    if (namespace === undefined) {
      context.noteUnknown(resource.props.get("metadata", "namespace"), resource.urn);
      continue;
    }
    const of = [resource, namespace, selector] as const;
    const { selected, open } = isPlain ? pods.selectByLabels(...of) : pods.select(...of);
    const hidden = isPlain ? pods.hiddenByLabels(...of) : pods.hidden(...of);
    if (selected.length > 0 || hidden.isOfOperator) continue;
    expectSelection({ resource, selector, namespace, open, cause: hidden.cause }, context);
  }
}

/** A selector that selects nothing in the input. */
interface Idle {
  readonly resource: StackResource;
  readonly selector: Value;
  readonly namespace: string;
  readonly open: Selection["open"];
  readonly cause: StackResource | undefined;
}

function expectSelection(
  { resource, selector, namespace, open, cause }: Idle,
  context: CheckContext,
): void {
  const [maybe] = open;
  const place = `namespace ${JSON.stringify(namespace)}`;
  if (maybe !== undefined)
    noteOpen(context, [maybe, podOf(maybe).metadata.get("labels")], [resource, selector]);
  else if (cause === undefined) {
    const expected = `it selects no pods of ${place}: use labels of their pod template`;
    context.report(finding(resource, selector, expected), resource.urn);
  } else {
    const expected = `it selects no pods that are visible in ${place}; not judged, because ${fullNameOf(cause)} may run some`;
    context.leaveOpen(finding(resource, selector, expected), cause, resource.urn);
  }
}

/** The kinds that a team writes itself: those with pods, and KEDA's own. */
const KNOWN_TARGETS: readonly string[] = [...HOLDERS, "kubernetes:keda.sh:TriggerAuthentication"];
/** A kind of this name in another group is a slip. */
const KNOWN_KINDS: ReadonlySet<string> = new Set(
  KNOWN_TARGETS.map((type) => type.slice(type.lastIndexOf(":"))),
);

/** API group and kind → type key, for references by `apiVersion` and `kind`. */
function typeOf(target: Value, byDefault: string): string {
  const version = target.get("apiVersion").string ?? "apps/v1";
  const group = version.includes("/") ? version.slice(0, version.indexOf("/")) : "core";
  return `kubernetes:${group}:${target.get("kind").string ?? byDefault}`;
}

function targetsOf(stack: Stack, context: CheckContext): readonly Reference[] {
  return stack.of(HPA, SCALED_OBJECT, VPA).flatMap((from) => {
    const target = from.props.get(
      "spec",
      typeKey(from.type) === VPA ? "targetRef" : "scaleTargetRef",
    );
    const parts = ["apiVersion", "kind"].map((key) =>
      context.noteUnknown(target.get(key), from.urn),
    );
    if (parts.includes(true)) return [];
    return [{ from, to: typeOf(target, "Deployment"), value: target.get("name") }];
  });
}

function authentications(stack: Stack): readonly Reference[] {
  return stack.of(SCALED_OBJECT).flatMap((from) =>
    from.props
      .get("spec", "triggers")
      .list()
      .map((trigger) => trigger.get("authenticationRef"))
      .filter((ref) => !ref.isMissing && ref.get("kind").string !== "ClusterTriggerAuthentication")
      .map((ref) => ({
        from,
        to: "kubernetes:keda.sh:TriggerAuthentication",
        value: ref.get("name"),
      })),
  );
}

function targets(stack: Stack, context: CheckContext): void {
  const inventory = inventoryOf(stack);
  for (const reference of [...targetsOf(stack, context), ...authentications(stack)]) {
    // Operators make objects of their own kinds; if none is here, they come from elsewhere.
    if (isCustom(reference.to) && stack.of(reference.to).length === 0) continue;
    expectExists(reference, inventory, context);
  }
}

const isCustom = (type: string): boolean =>
  !KNOWN_TARGETS.includes(type) && !KNOWN_KINDS.has(type.slice(type.lastIndexOf(":")));

/** One without a selector may have endpoints of its own. */
function selectsOthers(service: StackResource, set: StackResource, context: CheckContext): boolean {
  const selector = service.props.get("spec", "selector");
  const labels = podOf(set).metadata.get("labels");
  if (!selector.isUnknown && selector.entries().length === 0) return false;
  const match = selectsByLabels(selector, podLabelsOf(set));
  if (match === "unknown") noteOpen(context, [service, selector], [set, labels]);
  return match === "no";
}

function governed(stack: Stack, context: CheckContext): void {
  const inventory = inventoryOf(stack);
  for (const from of stack.of("kubernetes:apps:StatefulSet")) {
    const value = from.props.get("spec", "serviceName");
    if (value.isMissing || value.string === "") {
      const expected = "its pods get no DNS names: set it to the name of a headless Service";
      context.report(finding(from, value, expected), from.urn);
      continue;
    }
    const service = expectExists({ from, value, to: SERVICE }, inventory, context);
    if (service === undefined) continue;
    const address = service.props.get("spec", "clusterIP");
    if (context.noteUnknown(address, service.urn)) continue;
    const reason =
      address.string !== "None"
        ? `that Service has its own IP address, so pods get no DNS names: use one with clusterIP "None"`
        : selectsOthers(service, from, context)
          ? `that Service selects other pods, so these get no DNS names: give it labels of their template`
          : undefined;
    if (reason !== undefined) context.report(finding(from, value, reason), from.urn);
  }
}

const common = { enforcement: STRICT_IN_PRODUCTION } as const;

export const selecting: readonly Policy[] = [
  {
    ...common,
    name: "service-selects-pods",
    title: "Services select pods",
    clause: {
      reference: "PO-01; kube-linter dangling-service; kube-score service-targets-pod",
      url: "https://kubernetes.io/docs/concepts/services-networking/service/",
    },
    severity: "high",
    themes: ["network"],
    prevents: "A Service has no endpoints, and every request to it fails.",
    description: "The selector of every Service selects the pods of a workload in its namespace.",
    remediation:
      "Set spec.selector to labels from the workload's spec.template.metadata.labels; a Service without pods has no selector.",
    check: {
      kind: "stack",
      run: (stack, context) => {
        selectSome(stack, context, SERVICE, true);
      },
    },
  },
  {
    ...common,
    name: "pdb-selects-pods",
    title: "Disruption budgets select pods",
    clause: {
      reference: "PO-01",
      url: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
    },
    severity: "medium",
    themes: ["availability"],
    prevents: "A workload appears protected, and a node upgrade evicts all of its pods.",
    description:
      "The selector of every PodDisruptionBudget selects the pods of a workload in its namespace.",
    remediation:
      "Set spec.selector.matchLabels to labels from the workload's spec.template.metadata.labels, or remove the budget.",
    check: {
      kind: "stack",
      run: (stack, context) => {
        selectSome(stack, context, PDB, false);
      },
    },
  },
  {
    ...common,
    name: "autoscaler-target",
    title: "Autoscaler targets exist",
    clause: {
      reference:
        "PO-01; kube-score horizontalpodautoscaler-has-target; kube-linter dangling-horizontalpodautoscaler",
      url: "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
    },
    severity: "high",
    themes: ["availability"],
    prevents: "A service never scales, because its autoscaler targets a workload of another name.",
    description:
      "The workload that a HorizontalPodAutoscaler, ScaledObject or VerticalPodAutoscaler targets exists in its namespace, and so do the TriggerAuthentications of a ScaledObject.",
    remediation:
      "Correct scaleTargetRef (targetRef): set its apiVersion, kind and name to the workload's.",
    check: { kind: "stack", run: targets },
  },
  {
    ...common,
    name: "statefulset-service",
    title: "StatefulSets have a headless Service",
    clause: {
      reference: "PO-01; kube-score statefulset-has-servicename",
      url: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id",
    },
    severity: "medium",
    themes: ["availability"],
    prevents: "Members of a database cannot find each other, because DNS has no names for them.",
    description:
      "The serviceName of every StatefulSet is that of a headless Service in its namespace.",
    remediation:
      "Create a Service with clusterIP None that selects the pods, and set spec.serviceName to its name.",
    check: { kind: "stack", run: governed },
  },
];
