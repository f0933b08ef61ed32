/** The pods of a stack's workloads by namespace and label, so that a selector asks few of them. */
import { POD_KINDS, inCluster, namespaceOf, podOf } from "./objects";
import type { Stack, StackResource } from "../policy";
import { selects, selectsByLabels, type Match } from "./selectors";
import type { Value } from "../values";

export interface LabelledPod {
  readonly resource: StackResource;
  readonly labels: Value;
}

export interface Selected {
  readonly pods: readonly LabelledPod[];
  /** Pods that it may select, once their labels or the selector are known. */
  readonly open: readonly LabelledPod[];
}

export class PodIndex {
  /** Namespace, or namespace and one pair of labels → pods. */
  private readonly buckets = new Map<string, LabelledPod[]>();

  constructor(stack: Stack, kinds: readonly string[] = POD_KINDS) {
    for (const resource of stack.of(...kinds)) {
      const namespace = namespaceOf(resource);
      if (namespace !== undefined) this.add(inCluster(resource, namespace), resource);
    }
  }

  private add(place: string, resource: StackResource): void {
    const labels = podOf(resource).metadata.get("labels");
    const pairs = labels.entries();
    const pod = { resource, labels };
    const isOpen = labels.isUnknown || pairs.some(([, value]) => value.isUnknown);
    const keys = pairs.map(([key, value]) => pairKey(place, key, value.text ?? ""));
    for (const key of new Set([place, ...(isOpen ? [openKey(place)] : []), ...keys])) {
      const bucket = this.buckets.get(key);
      if (bucket === undefined) this.buckets.set(key, [pod]);
      else bucket.push(pod);
    }
  }

  /** What a `labelSelector` selects in the namespace of `resource`. */
  bySelector(resource: StackResource, selector: Value): Selected {
    const labels = selector.get("matchLabels");
    return this.ask(resource, labels, (pod) => selects(selector, pod.labels));
  }

  /** What a Service's `selector` selects. */
  byLabels(resource: StackResource, selector: Value): Selected {
    return this.ask(resource, selector, (pod) => selectsByLabels(selector, pod.labels));
  }

  private ask(
    resource: StackResource,
    labels: Value,
    match: (pod: LabelledPod) => Match,
  ): Selected {
    const namespace = namespaceOf(resource);
    if (namespace === undefined) return { pods: [], open: [] };
    const matches = this.candidates(inCluster(resource, namespace), labels).map(
      (pod) => [pod, match(pod)] as const,
    );
    const those = (wanted: Match): readonly LabelledPod[] =>
      matches.filter(([, found]) => found === wanted).map(([pod]) => pod);
    return { pods: those("yes"), open: those("unknown") };
  }

  /** The pods with the rarest of the wanted pairs, and those whose labels are not all known. */
  private candidates(place: string, labels: Value): readonly LabelledPod[] {
    const bucket = (key: string): readonly LabelledPod[] => this.buckets.get(key) ?? [];
    const pairs = labels
      .entries()
      .flatMap(([key, { text }]) => (text === undefined ? [] : [[key, text] as const]));
    const [first, ...others] = pairs.map(([key, text]) => bucket(pairKey(place, key, text)));
    if (first === undefined) return bucket(place);
    const rarest = others.reduce(
      (least, next) => (next.length < least.length ? next : least),
      first,
    );
    return [...new Set([...rarest, ...bucket(openKey(place))])];
  }
}

const pairKey = (place: string, key: string, text: string): string => `${place}\n${key}=${text}`;
const openKey = (place: string): string => `${place}\n?`;
