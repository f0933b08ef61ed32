/** Namespaces that a program's objects are in, or that they name, exist. */
import { nearest } from "../../lib/words";
import { perResource } from "../per-resource";
import type { Policy, CheckContext, Finding, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, finding, listSetting } from "../policy";
import { inCluster } from "./objects";
import type { Value } from "../values";

const NAMESPACE = "kubernetes:core:Namespace";
const NAME_LABEL = "kubernetes.io/metadata.name";

/** A stack with one of these knows every namespace of its cluster. */
const CLUSTERS = [
  "aws:eks/cluster:Cluster",
  "digitalocean:index/kubernetesCluster:KubernetesCluster",
  "gcp:container/cluster:Cluster",
] as const;

/** Every cluster has these. */
const OWN = ["default", "kube-system", "kube-public", "kube-node-lease"] as const;

/** Deeper nesting than any kind has that names a namespace. */
const DEPTH = 12;

/** The values below a resource's properties that name a namespace. */
function namesIn(value: Value, depth = 0): readonly Value[] {
  if (depth > DEPTH || value.isUnknown) return [];
  const inner = [...value.list(), ...value.entries().map(([, each]) => each)];
  const own = value.entries().flatMap(([key, each]) => {
    if (key === "namespace" || key === NAME_LABEL) return [each];
    return key === "matchNames" ? each.list() : [];
  });
  return [...own, ...inner.flatMap((each) => namesIn(each, depth + 1))];
}

/** Keys of charts that mean a namespace, or a list of them: Strimzi's operator, and the sidecars of Grafana. */
const OF_CHARTS = /^(kubernetes\.io\/metadata\.name|watchNamespaces|searchNamespace)$/;

/** Other values of a chart are its own: they may name what they like. */
function namesInChart(value: Value, depth = 0): readonly Value[] {
  if (depth > DEPTH || value.isUnknown) return [];
  const inner = [...value.list(), ...value.entries().map(([, each]) => each)];
  const own = value
    .entries()
    .filter(([key]) => OF_CHARTS.test(key))
    .flatMap(([, each]) => (each.isList ? each.list() : [each]))
    // All of them, or several in one text.
    .filter(({ string = "" }) => string !== "ALL" && !string.includes(","));
  return [...own, ...inner.flatMap((each) => namesInChart(each, depth + 1))];
}

const namedBy = perResource(({ props, type }): readonly Value[] => {
  if (type.startsWith("kubernetes:helm.sh"))
    return [props.get("namespace"), ...namesInChart(props.get("values"))];
  const { metadata, spec, others } = partsOf(props);
  return [metadata.get("namespace"), ...namesIn(spec), ...others.flatMap((each) => namesIn(each))];
});

function partsOf(props: Value): { metadata: Value; spec: Value; others: readonly Value[] } {
  return {
    metadata: props.get("metadata"),
    spec: props.get("spec"),
    others: [props.get("subjects")],
  };
}

function everyOneExists(stack: Stack, context: CheckContext): void {
  const declared = new Map<string, Set<string>>();
  for (const namespace of stack.of(NAMESPACE)) {
    const cluster = inCluster(namespace);
    const name = namespace.props.get("metadata", "name");
    // One without a known name may have any.
    if (context.noteUnknown(name, namespace.urn) || name.string === undefined) return;
    declared.set(cluster, (declared.get(cluster) ?? new Set()).add(name.string));
  }
  const foreign = context.setting("existing", []);
  const isWhole = stack.of(...CLUSTERS).length > 0;
  for (const names of declared.values()) for (const one of [...OWN, ...foreign]) names.add(one);
  for (const resource of stack.resources) {
    const all = declared.get(inCluster(resource));
    // A program that creates no namespace uses those of others.
    if (all === undefined || !resource.type.startsWith("kubernetes:")) continue;
    for (const value of namedBy(resource)) {
      if (context.noteUnknown(value, resource.urn) || value.string === undefined) continue;
      if (value.string === "" || all.has(value.string)) continue;
      const near = nearest(value.string, [...all]);
      // In a cluster that exists already, other programs have namespaces too.
      if (isWhole || near !== undefined)
        context.report(expected(resource, value, near), resource.urn);
      else
        context.leaveOpen(
          expected(resource, value, near),
          providerOf(stack, resource),
          resource.urn,
        );
    }
  }
}

const providerOf = (stack: Stack, resource: StackResource): StackResource =>
  stack.resources.find(({ urn }) => resource.provider?.startsWith(urn)) ?? resource;

function expected(resource: StackResource, value: Value, near: string | undefined): Finding {
  const hint = near === undefined ? "create it" : `did you mean ${JSON.stringify(near)}?`;
  const text = `the stack creates no namespace of that name: ${hint}`.replace(/\?$/, "");
  return finding(resource, value, text);
}

export const namespacesExist: Policy = {
  name: "namespace-exists",
  title: "Namespaces of objects exist",
  clause: {
    reference: "PO-01",
    url: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
  },
  severity: "high",
  themes: ["metadata"],
  prevents:
    "An object is refused because of a typo in its namespace, or a rule that names one has no effect.",
  description:
    "If a stack creates namespaces, its objects are in one of them or of the cluster's own, and so are the namespaces that selectors, subjects and references name. In a cluster that the stack does not create, only a name that looks like a slip is a violation; others are left open.",
  remediation:
    "Correct the namespace, create it in the stack, or add one that others create to the option existing.",
  enforcement: STRICT_IN_PRODUCTION,
  needs: "program",
  configuration: {
    properties: { existing: listSetting([], "Namespaces that others create") },
  },
  check: { kind: "stack", run: everyOneExists },
};
