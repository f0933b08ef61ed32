/**
 * The pods (or other labelled objects) that a stack declares, namespace by namespace, and what a label
 * selector selects of them. Indexed by label, so that a policy over all selectors of a stack stays
 * linear.
 */
import { POD_KINDS, inCluster, namespaceOf, podOf } from "./objects";
import type { Stack, StackResource } from "../policy";
import { typeKey } from "../policy";
import { selects, selectsByLabels, type Match } from "./selectors";
import type { Value } from "../values";

/** Whether something is so, and on what it depends while that is not known. */
export interface Selection {
  readonly selected: readonly StackResource[];
  /** Resources whose labels are not known well enough to tell. */
  readonly open: readonly StackResource[];
}

interface Place {
  readonly all: StackResource[];
  readonly byLabel: Map<string, StackResource[]>;
  /** With labels that are not known: candidates for every selector. */
  readonly vague: StackResource[];
}

/**
 * API groups whose objects start no pods of their own. Everything else may: a chart, an operator's
 * database, a certificate (cert-manager's solver), a Gateway (its proxies).
 */
const PODLESS_GROUPS: ReadonlySet<string> = new Set([
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "autoscaling",
  "coordination.k8s.io",
  "dapr.io",
  "discovery.k8s.io",
  "external-secrets.io",
  "keda.sh",
  "networking.k8s.io",
  "node.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "scheduling.k8s.io",
  "storage.k8s.io",
]);
/** Groups in which only some kinds start pods. */
const PODLESS_KINDS: ReadonlySet<string> = new Set([
  "monitoring.coreos.com:AlertmanagerConfig",
  "monitoring.coreos.com:PodMonitor",
  "monitoring.coreos.com:Probe",
  "monitoring.coreos.com:PrometheusRule",
  "monitoring.coreos.com:ScrapeConfig",
  "monitoring.coreos.com:ServiceMonitor",
  "gateway.networking.k8s.io:GRPCRoute",
  "gateway.networking.k8s.io:HTTPRoute",
  "gateway.networking.k8s.io:ReferenceGrant",
]);
/** Groups of Kubernetes itself: their pods are counted one by one. */
const COUNTED_GROUPS: ReadonlySet<string> = new Set(["apps", "batch", "core", "extensions"]);

function mayStartPods(resource: StackResource): boolean {
  const [provider, group = "", kind = ""] = typeKey(resource.type).split(":");
  if (provider !== "kubernetes") return false;
  if (COUNTED_GROUPS.has(group) || PODLESS_GROUPS.has(group)) return false;
  return !PODLESS_KINDS.has(`${group}:${kind}`);
}

export class Declared {
  private readonly places = new Map<string, Place>();
  private readonly shared = new Set<string>();

  constructor(
    stack: Stack,
    kinds: readonly string[] = POD_KINDS,
    private readonly labelsOf = (resource: StackResource): Value =>
      podOf(resource).metadata.get("labels"),
  ) {
    for (const resource of stack.of(...kinds)) this.add(resource);
    for (const resource of stack.resources) {
      if (!mayStartPods(resource)) continue;
      // A release of a chart names its namespace outside of any metadata.
      const own = resource.props.get("namespace");
      this.shared.add(inCluster(resource, own.text ?? namespaceOf(resource) ?? ""));
    }
  }

  /** Whether all that runs in the namespace is declared here, as far as one can see. */
  isComplete(resource: StackResource, namespace: string): boolean {
    return [namespace, ""].every((name) => !this.shared.has(inCluster(resource, name)));
  }

  has(resource: StackResource, namespace: string): boolean {
    return this.places.has(inCluster(resource, namespace));
  }

  /** What a selector with matchLabels and matchExpressions selects in a namespace of that cluster. */
  select(resource: StackResource, namespace: string, selector: Value): Selection {
    const first = selector.get("matchLabels").entries()[0];
    return this.those(inCluster(resource, namespace), first, (labels) => selects(selector, labels));
  }

  /** The same for the plain labels of a Service's selector. */
  selectByLabels(resource: StackResource, namespace: string, selector: Value): Selection {
    const first = selector.entries()[0];
    const match = (labels: Value): Match => selectsByLabels(selector, labels);
    return this.those(inCluster(resource, namespace), first, match);
  }

  private those(
    key: string,
    first: readonly [string, Value] | undefined,
    match: (labels: Value) => Match,
  ): Selection {
    const place = this.places.get(key);
    const selected: StackResource[] = [];
    const open: StackResource[] = [];
    for (const candidate of place === undefined ? [] : candidates(place, first)) {
      const answer = match(this.labelsOf(candidate));
      if (answer === "yes") selected.push(candidate);
      if (answer === "unknown") open.push(candidate);
    }
    return { selected, open };
  }

  private add(resource: StackResource): void {
    const namespace = namespaceOf(resource);
    if (namespace === undefined) {
      // It may lie in any namespace of its cluster.
      this.shared.add(inCluster(resource, ""));
      return;
    }
    const key = inCluster(resource, namespace);
    const place: Place = this.places.get(key) ?? { all: [], byLabel: new Map(), vague: [] };
    this.places.set(key, place);
    place.all.push(resource);
    const labels = this.labelsOf(resource);
    const isVague = labels.isUnknown || labels.entries().some(([, value]) => value.isUnknown);
    if (isVague) place.vague.push(resource);
    else for (const [label, value] of labels.entries()) note(place, pair(label, value), resource);
  }
}

const pair = (label: string, value: Value): string => `${label}=${value.text ?? ""}`;

function note({ byLabel }: Place, key: string, resource: StackResource): void {
  const known = byLabel.get(key);
  if (known === undefined) byLabel.set(key, [resource]);
  else known.push(resource);
}

/** Those with the first label that a selector names, or all where it names none. */
function candidates(
  place: Place,
  first: readonly [string, Value] | undefined,
): readonly StackResource[] {
  if (first?.[1].text === undefined) return place.all;
  return [...(place.byLabel.get(pair(...first)) ?? []), ...place.vague];
}
