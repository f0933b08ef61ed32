/** Values that a selector lists with `In` or `NotIn`: none of them is a slip of what exists. */
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, finding, fullNameOf } from "../policy";
import { Value } from "../values";
import { podLabelsOf } from "./added-labels";
import { isSlip } from "./alike";
import { noteOpen, podsIn, type Declared } from "./declared";
import { namespaceOf, podOf } from "./objects";
import { podSelectorsOf, type PodSelector } from "./pod-selectors";
import type { Labels, Match } from "./selectors";

const PDB = "kubernetes:policy:PodDisruptionBudget";
const POD_MONITOR = "kubernetes:monitoring.coreos.com:PodMonitor";

/** The single namespace in which a monitor selects; undefined for several, or while unknown. */
function namespaceOfMonitor(monitor: StackResource): string | undefined {
  const among = monitor.props.get("spec", "namespaceSelector");
  const [first, ...others] = among.get("matchNames").listOrUnknown();
  if (among.isUnknown || others.length > 0 || among.get("any").boolean === true) return undefined;
  return first === undefined ? namespaceOf(monitor) : first.string;
}

const selectorOf = (resource: StackResource): Value => resource.props.get("spec", "selector");

/** The selectors of pods in one namespace. */
function selectorsOf(stack: Stack, context: CheckContext): readonly PodSelector[] {
  const budgets = stack.of(PDB).map((resource) => ({ resource, namespace: namespaceOf(resource) }));
  const monitors = stack
    .of(POD_MONITOR)
    .map((resource) => ({ resource, namespace: namespaceOfMonitor(resource) }));
  const own = [...budgets, ...monitors].map((one) => ({
    ...one,
    selector: selectorOf(one.resource),
  }));
  return [...podSelectorsOf(stack, context), ...own];
}

/** Whether a pod has the label with that value, as far as it is known. */
function has(labels: Labels, key: string, value: string): Match {
  const own = labels.get(key);
  if (own.isUnknown) return "unknown";
  const isAdded = own.isMissing && labels.adds?.(key, value) === true;
  return isAdded || own.string === value ? "yes" : "no";
}

interface Pods {
  readonly labels: readonly Labels[];
  /** Those whose labels are not all known. */
  readonly open: readonly StackResource[];
  /** What may run others in the namespace. */
  readonly cause: StackResource | undefined;
}

function podsOf({ resource, selector, namespace }: PodSelector, pods: Declared): Pods | undefined {
  if (namespace === undefined || !pods.has(resource, namespace)) return undefined;
  const { selected, open } = pods.select(resource, namespace, selector);
  const { runs, cause } = pods.hidden(resource, namespace, selector);
  const labels = [...[...selected, ...open].map(podLabelsOf), ...runs.map((run) => run.labels)];
  // What selects nothing at all is reported as a whole.
  return labels.length === 0 ? undefined : { labels, open, cause };
}

/** Whether some pod has, or may have, the value; what is unknown is noted. */
function isThere(
  { labels, open }: Pods,
  key: string,
  value: string,
  context: CheckContext,
): boolean {
  const matches = labels.map((own) => has(own, key, value));
  if (matches.includes("yes")) return true;
  if (!matches.includes("unknown")) return false;
  noteOpen(context, ...open.map((pod) => [pod, podOf(pod).metadata.get("labels")] as const));
  return true;
}

/** Selects every pod. */
const EVERY = Value.plain({});

function everyValue(stack: Stack, context: CheckContext): void {
  const pods = podsIn(stack);
  for (const one of selectorsOf(stack, context)) {
    const everyone = { ...one, selector: EVERY };
    for (const expression of one.selector.get("matchExpressions").list()) {
      const operator = expression.get("operator").string;
      // A single value is all that the expression asks for.
      const isList = operator === "In" && expression.get("values").list().length > 1;
      if (!isList && operator !== "NotIn") continue;
      const found = podsOf(isList ? one : everyone, pods);
      const all = (): Pods | undefined => podsOf(everyone, pods);
      if (found !== undefined) expectNoSlips(one, expression, { ...found, all }, context);
    }
  }
}

/** What is listed need not exist, as not all kinds of an operator do; only a slip of what does is reported. */
function expectNoSlips(
  { resource, namespace = "" }: PodSelector,
  expression: Value,
  found: Pods & { readonly all: () => Pods | undefined },
  context: CheckContext,
): void {
  const key = expression.get("key").string;
  const values = expression.get("values").list();
  if (key === undefined) return;
  for (const value of values) {
    const { string } = value;
    if (context.noteUnknown(value, resource.urn) || string === undefined) continue;
    if (isThere(found, key, string, context)) continue;
    const meant = (found.all()?.labels ?? [])
      .flatMap((labels) => labels.get(key).string ?? [])
      .find((own) => isSlip(string, own) && values.every((other) => other.string !== own));
    if (meant === undefined) continue;
    const nobody = `no pod that it is about in the namespace "${namespace}" has this value of ${key}`;
    if (found.cause === undefined) {
      const expected = `${nobody}: did you mean ${JSON.stringify(meant)}`;
      context.report(finding(resource, value, expected), resource.urn);
    } else {
      const expected = `${nobody}; not judged, because ${fullNameOf(found.cause)} may run one`;
      context.leaveOpen(finding(resource, value, expected), found.cause, resource.urn);
    }
  }
}

export const selectorValues: Policy = {
  name: "selector-values",
  title: "Values that a selector lists are no slips",
  clause: {
    reference: "PO-01; PO-03",
    url: "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#set-based-requirement",
  },
  severity: "medium",
  themes: ["network"],
  prevents:
    "One of several services is cut off, is not protected or has no metrics, because its name in a list is mistyped.",
  description:
    "No value of a NotIn expression, or of an In expression with several, in selectors of pods of NetworkPolicies, of the peers of a Kafka's listeners, of PodMonitors and PodDisruptionBudgets, differs by one character from the label that a pod really has. This is checked in namespaces all of whose pods are declared in the stack.",
  remediation: "Correct the value, or remove it from the list.",
  enforcement: ADVICE,
  check: { kind: "stack", run: everyValue },
};
