/**
 * The pods (or other labelled objects) that a stack declares, by namespace: what a label selector
 * selects among them, and whether others may run next to them. Indexed by label, so that a policy
 * over all selectors of a stack stays linear.
 */
import { knowsAllOf } from "../expect";
import { ANY, POD_KINDS, inCluster, namespaceOf, podOf } from "./objects";
import type { CheckContext, Stack, StackResource, Resource } from "../policy";
import { typeKey } from "../policy";
import { madeBy, placeOf } from "./references/makers";
import { selects, selectsByLabels, type Match } from "./selectors";
import type { Value } from "../values";

export interface Selection {
  readonly selected: readonly StackResource[];
  /** What it may select, once labels, namespaces and the selector are known. */
  readonly open: readonly StackResource[];
}

interface Place {
  readonly all: StackResource[];
  readonly byLabel: Map<string, StackResource[]>;
  /** Objects with unknown labels: candidates for every selector. */
  readonly vague: StackResource[];
}

/** Custom objects whose created names are known, and which also run pods. */
const RUNNERS: ReadonlySet<string> = new Set([
  "kubernetes:cdi.kubevirt.io:DataVolume",
  "kubernetes:gateway.networking.k8s.io:Gateway",
  "kubernetes:kafka.strimzi.io:Kafka",
  "kubernetes:kafka.strimzi.io:KafkaNodePool",
  "kubernetes:keda.sh:ScaledJob",
  "kubernetes:postgresql.cnpg.io:Cluster",
  "kubernetes:postgresql.cnpg.io:Pooler",
]);
/** Labels of the pods that cert-manager runs while it issues a Certificate. */
const SOLVER = "acme.cert-manager.io/";
/** The key for everything in a cluster, in any namespace. */
const EVERYWHERE = "";

export class Declared {
  private readonly places = new Map<string, Place>();
  private readonly shared = new Set<string>();

  constructor(
    stack: Stack,
    kinds: readonly string[] = POD_KINDS,
    private readonly labelsOf = (resource: StackResource): Value =>
      podOf(resource).metadata.get("labels"),
  ) {
    for (const resource of stack.of(...kinds)) {
      for (const namespace of [namespaceOf(resource) ?? ANY, EVERYWHERE])
        this.add(inCluster(resource, namespace), resource);
    }
    for (const resource of stack.resources) {
      const runs = RUNNERS.has(typeKey(resource.type)) || madeBy(resource) === undefined;
      if (runs) this.shared.add(inCluster(resource, placeOf(resource)));
    }
  }

  /** Whether no chart or operator runs pods in the namespace that the selector might match. */
  isComplete(resource: StackResource, namespace: string, selector?: Value): boolean {
    const labels = selector?.get("matchLabels").entries() ?? [];
    if (labels.some(([label]) => label.startsWith(SOLVER))) return false;
    return [namespace, ANY].every((name) => !this.shared.has(inCluster(resource, name)));
  }

  has(resource: StackResource, namespace: string): boolean {
    return this.places.has(inCluster(resource, namespace));
  }

  /** What a selector with matchLabels and matchExpressions selects in a namespace of that cluster. */
  select(resource: StackResource, namespace: string | undefined, selector: Value): Selection {
    const pairs = selector.get("matchLabels").entries();
    return this.those(resource, namespace, pairs, (labels) => selects(selector, labels));
  }

  /** The same for the plain labels of a Service's selector. */
  selectByLabels(
    resource: StackResource,
    namespace: string | undefined,
    selector: Value,
  ): Selection {
    const match = (labels: Value): Match => selectsByLabels(selector, labels);
    return this.those(resource, namespace, selector.entries(), match);
  }

  private those(
    resource: StackResource,
    namespace: string | undefined,
    pairs: Pairs,
    match: (labels: Value) => Match,
  ): Selection {
    const matching = (place: string, ...expected: readonly Match[]): readonly StackResource[] =>
      candidates(this.places.get(inCluster(resource, place)), pairs).filter((candidate) =>
        expected.includes(match(this.labelsOf(candidate))),
      );
    if (namespace === undefined) {
      return { selected: [], open: matching(EVERYWHERE, "yes", "unknown") };
    }
    const open = [...matching(namespace, "unknown"), ...matching(ANY, "yes", "unknown")];
    return { selected: matching(namespace, "yes"), open };
  }

  private add(key: string, resource: StackResource): void {
    const place: Place = this.places.get(key) ?? { all: [], byLabel: new Map(), vague: [] };
    this.places.set(key, place);
    place.all.push(resource);
    const labels = this.labelsOf(resource);
    const isVague = labels.isUnknown || labels.entries().some(([, value]) => value.isUnknown);
    if (isVague) place.vague.push(resource);
    else for (const [label, value] of labels.entries()) note(place, pair(label, value), resource);
  }
}

type Pairs = readonly (readonly [string, Value])[];

const pair = (label: string, { string = "" }: Value): string => `${label}=${string}`;

function note({ byLabel }: Place, key: string, resource: StackResource): void {
  const known = byLabel.get(key);
  if (known === undefined) byLabel.set(key, [resource]);
  else known.push(resource);
}

/**
 * Candidates: objects with the rarest label of the selector and those with unknown labels, or all
 * if the selector has no labels.
 */
function candidates(place: Place | undefined, pairs: Pairs): readonly StackResource[] {
  const [rarest] = pairs
    .filter(([, value]) => !value.isUnknown)
    .map((expected) => place?.byLabel.get(pair(...expected)) ?? [])
    .sort((one, other) => one.length - other.length);
  return rarest === undefined ? (place?.all ?? []) : [...rarest, ...(place?.vague ?? [])];
}

/** Notes why a match is open: unknowns in the selector, in the labels, or in the namespaces. */
export function noteOpen(
  context: CheckContext,
  ...ends: readonly (readonly [owner: Resource, value: Value])[]
): void {
  for (const [owner, value] of ends) {
    context.noteUnknown(owner.props.get("metadata", "namespace"), owner.urn);
    knowsAllOf({ resource: owner, context }, value);
  }
}
