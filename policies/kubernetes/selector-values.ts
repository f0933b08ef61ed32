/** Values that a selector lists with `In`: each of them selects something. */
import { nearest } from "../../lib/words";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, finding, fullNameOf } from "../policy";
import { Value } from "../values";
import { podLabelsOf } from "./added-labels";
import { podsIn, type Declared } from "./declared";
import { namespaceOf } from "./objects";
import { podSelectorsOf, type PodSelector } from "./pod-selectors";
import type { Labels } from "./selectors";

const PDB = "kubernetes:policy:PodDisruptionBudget";
const POD_MONITOR = "kubernetes:monitoring.coreos.com:PodMonitor";

/** The selectors of pods in one namespace. */
function selectorsOf(stack: Stack, context: CheckContext): readonly PodSelector[] {
  const plain = stack.of(PDB, POD_MONITOR).map((resource) => {
    const among = resource.props.get("spec", "namespaceSelector");
    const [first, ...others] = among.get("matchNames").list();
    const isOne = others.length === 0 && among.get("any").boolean !== true && !among.isUnknown;
    const own = isOne && first === undefined ? namespaceOf(resource) : undefined;
    const namespace = own ?? (isOne ? first?.string : undefined);
    return { resource, selector: resource.props.get("spec", "selector"), namespace };
  });
  return [...podSelectorsOf(stack, context), ...plain];
}

/** Whether a pod may have the label with that value. */
function mayHave(labels: Labels, key: string, value: string): boolean {
  const own = labels.get(key);
  if (own.isMissing) return labels.adds?.(key, value) === true;
  return own.isUnknown || own.string === value;
}

interface Pods {
  readonly labels: readonly Labels[];
  /** What may run others in the namespace. */
  readonly cause: StackResource | undefined;
}

function podsOf({ resource, selector, namespace }: PodSelector, pods: Declared): Pods | undefined {
  if (namespace === undefined || !pods.has(resource, namespace)) return undefined;
  const { selected, open } = pods.select(resource, namespace, selector);
  const { runs, cause } = pods.hidden(resource, namespace, selector);
  const labels = [...[...selected, ...open].map(podLabelsOf), ...runs.map((run) => run.labels)];
  // What selects nothing at all is reported as a whole.
  return labels.length === 0 ? undefined : { labels, cause };
}

/** Selects every pod. */
const EVERY = Value.plain({});

function everyValue(stack: Stack, context: CheckContext): void {
  const pods = podsIn(stack);
  for (const one of selectorsOf(stack, context)) {
    for (const expression of one.selector.get("matchExpressions").list()) {
      const operator = expression.get("operator").string;
      // A single value is all that the expression asks for.
      if (operator === "In" && expression.get("values").list().length > 1)
        expectEach(one, expression, podsOf(one, pods), context);
      if (operator === "NotIn")
        expectNoSlip(one, expression, podsOf({ ...one, selector: EVERY }, pods), context);
    }
  }
}

function expectEach(
  { resource, namespace = "" }: PodSelector,
  expression: Value,
  found: Pods | undefined,
  context: CheckContext,
): void {
  const key = expression.get("key").string;
  for (const value of expression.get("values").list()) {
    if (context.noteUnknown(value, resource.urn)) continue;
    const { string } = value;
    if (key === undefined || string === undefined || found === undefined) continue;
    if (found.labels.some((labels) => mayHave(labels, key, string))) continue;
    const nobody = `no pod that it selects in the namespace "${namespace}" has this value of ${key}`;
    if (found.cause === undefined)
      context.report(finding(resource, value, `${nobody}: correct it, or remove it`), resource.urn);
    else {
      const expected = `${nobody}; not judged, because ${fullNameOf(found.cause)} may run one`;
      context.leaveOpen(finding(resource, value, expected), found.cause, resource.urn);
    }
  }
}

/** What is left out need not exist; only what looks like a slip of what does is reported. */
function expectNoSlip(
  { resource, namespace = "" }: PodSelector,
  expression: Value,
  found: Pods | undefined,
  context: CheckContext,
): void {
  const key = expression.get("key").string;
  if (key === undefined || found === undefined) return;
  const known = found.labels.flatMap((labels) => labels.get(key).string ?? []);
  for (const value of expression.get("values").list()) {
    const { string } = value;
    if (context.noteUnknown(value, resource.urn) || string === undefined) continue;
    if (found.labels.some((labels) => mayHave(labels, key, string))) continue;
    const near = nearest(string, known);
    if (near === undefined) continue;
    const expected = `no pod of the namespace "${namespace}" has this value of ${key}, so nothing is left out: did you mean ${JSON.stringify(near)}`;
    context.report(finding(resource, value, expected), resource.urn);
  }
}

export const selectorValues: Policy = {
  name: "selector-values",
  title: "Each value that a selector lists selects something",
  clause: {
    reference: "PO-01; PO-03",
    url: "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#set-based-requirement",
  },
  severity: "medium",
  themes: ["network"],
  prevents:
    "One of several services is cut off, is not protected or has no metrics, because its name in a list is mistyped.",
  description:
    "Each value of an In expression with several, in selectors of pods of NetworkPolicies, of the peers of a Kafka's listeners, of PodMonitors and PodDisruptionBudgets, is the label of a pod that the selector selects; a value of a NotIn expression is no slip of one. This is checked in namespaces all of whose pods are declared in the stack.",
  remediation: "Correct the value, or remove it from the list.",
  enforcement: ADVICE,
  check: { kind: "stack", run: everyValue },
};
