/**
 * The pods (or other labelled objects) that a stack declares, by namespace: what a label selector
 * selects among them, and what may run next to them. Indexed by label, so that a policy
 * over all selectors of a stack stays linear.
 */
import { knowsAllOf } from "../expect";
import { addsCommon, isAdded, podLabelsOf } from "./added-labels";
import { ANY, SERVING_KINDS, inCluster, namespaceOf, podOf } from "./objects";
import { HOLDERS } from "./pods";
import { perStack } from "../per-stack";
import type { CheckContext, Stack, StackResource, Resource } from "../policy";
import { placeOf } from "./references/places";
import { runBy, type Run } from "./references/runners";
import { mayRun } from "./references/whole";
import { selects, selectsByLabels, type Labels, type Match } from "./selectors";
import type { Value } from "../values";

export interface Selection {
  readonly selected: readonly StackResource[];
  /** What it may select, once labels, namespaces and the selector are known. */
  readonly open: readonly StackResource[];
}

/** What a selector may select besides: objects that are not in the input. */
export interface Hidden {
  /** Whether it selects, or may select, pods that an operator or a known chart runs there. */
  readonly isOfOperator: boolean;
  /** Those pods, one for each set of labels. */
  readonly runs: readonly Run[];
  /** A chart or an object of an unknown kind, which may run anything there. */
  readonly cause: StackResource | undefined;
}

interface Place {
  readonly all: StackResource[];
  readonly byLabel: Map<string, StackResource[]>;
  /** Objects with labels that are unknown or not in their template: candidates for every selector. */
  readonly vague: StackResource[];
}

/** Labels of the pods that cert-manager runs while it issues a Certificate. */
const SOLVER = "acme.cert-manager.io/";
/** The cluster itself runs pods here, which nothing declares. */
const SYSTEM = "kube-system";
/** The key for everything in a cluster, in any namespace. */
const EVERYWHERE = "";

export class Declared {
  private readonly places = new Map<string, Place>();
  /** By namespace: pods that operators and known charts run, and the first resource that may run any. */
  private readonly run = new Map<string, Run[]>();
  /** The same by label, so that many operators' objects and many selectors stay linear. */
  private readonly runByLabel = new Map<string, Run[]>();
  private readonly causes = new Map<string, StackResource>();

  constructor(
    stack: Stack,
    kinds: readonly string[] = HOLDERS,
    private readonly labelsOf: (resource: StackResource) => Value = templateLabels,
  ) {
    for (const resource of stack.of(...kinds)) {
      for (const namespace of [namespaceOf(resource) ?? ANY, EVERYWHERE])
        this.add(inCluster(resource, namespace), resource);
    }
    for (const resource of stack.resources) this.addHidden(resource, stack);
  }

  private addHidden(resource: StackResource, stack: Stack): void {
    if (!resource.type.startsWith("kubernetes:")) return;
    const runs = runBy(resource, stack);
    if (mayRun(resource, stack)) {
      const key = inCluster(resource, placeOf(resource));
      if (!this.causes.has(key)) this.causes.set(key, resource);
    }
    for (const one of runs ?? []) {
      const key = inCluster(resource, one.isAnywhere ? ANY : placeOf(resource));
      push(this.run, key, one);
      for (const [label, value] of one.labels.entries())
        push(this.runByLabel, `${key}\n${labelKey(label, value)}`, one);
    }
  }

  /** What may be in the namespace besides, for `select`. */
  hidden(resource: StackResource, namespace: string, selector: Value): Hidden {
    return this.besides(resource, namespace, selector.get("matchLabels").entries(), (labels) =>
      selects(selector, labels),
    );
  }

  /** The same for `selectByLabels`. */
  hiddenByLabels(resource: StackResource, namespace: string, selector: Value): Hidden {
    return this.besides(resource, namespace, selector.entries(), (labels) =>
      selectsByLabels(selector, labels),
    );
  }

  private besides(
    resource: StackResource,
    namespace: string,
    pairs: Pairs,
    match: (labels: Labels) => Match,
  ): Hidden {
    const keys = [namespace, ANY].map((place) => inCluster(resource, place));
    const isSolver = pairs.some(([label]) => label.startsWith(SOLVER));
    const runs = keys
      .flatMap((key) => this.runsAt(key, pairs))
      .filter(({ labels }) => match(labels) !== "no");
    const [cause] = keys.flatMap((key) => this.causes.get(key) ?? []);
    return { isOfOperator: isSolver || runs.length > 0, runs, cause };
  }

  /** Those with the rarest label of a selector, with its value or any, or all if it has no labels. */
  private runsAt(place: string, pairs: Pairs): readonly Run[] {
    const at = (label: string, value?: Value): readonly Run[] =>
      this.runByLabel.get(`${place}\n${labelKey(label, value)}`) ?? [];
    const [rarest] = pairs
      .filter(([, value]) => !value.isUnknown)
      .map(([label, value]) => [...at(label, value), ...at(label)])
      .sort((one, other) => one.length - other.length);
    return rarest ?? this.run.get(place) ?? [];
  }

  /** What may run any pods in the namespace, whatever their labels. */
  causeIn(resource: StackResource, namespace: string): StackResource | undefined {
    return [namespace, ANY].flatMap(
      (place) => this.causes.get(inCluster(resource, place)) ?? [],
    )[0];
  }

  /** Whether the stack declares pods, or what runs some, in a namespace that is not the cluster's own. */
  has(resource: StackResource, namespace: string): boolean {
    const key = inCluster(resource, namespace);
    return namespace !== SYSTEM && (this.places.has(key) || this.run.has(key));
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
    const match = (labels: Labels): Match => selectsByLabels(selector, labels);
    return this.those(resource, namespace, selector.entries(), match);
  }

  private those(
    resource: StackResource,
    namespace: string | undefined,
    pairs: Pairs,
    match: (labels: Labels) => Match,
  ): Selection {
    const matching = (place: string, ...expected: readonly Match[]): readonly StackResource[] =>
      candidates(this.places.get(inCluster(resource, place)), pairs).filter((candidate) =>
        expected.includes(match(this.ownLabels(candidate))),
      );
    if (namespace === undefined) {
      return { selected: [], open: matching(EVERYWHERE, "yes", "unknown") };
    }
    const open = [...matching(namespace, "unknown"), ...matching(ANY, "yes", "unknown")];
    return { selected: matching(namespace, "yes"), open };
  }

  private ownLabels(resource: StackResource): Labels {
    const labels = this.labelsOf(resource);
    return this.labelsOf === templateLabels ? podLabelsOf(resource) : labels;
  }

  private add(key: string, resource: StackResource): void {
    const place: Place = this.places.get(key) ?? { all: [], byLabel: new Map(), vague: [] };
    this.places.set(key, place);
    place.all.push(resource);
    const labels = this.labelsOf(resource);
    const isVague = labels.isUnknown || labels.entries().some(([, value]) => value.isUnknown);
    if (isVague || (this.labelsOf === templateLabels && addsCommon(resource)))
      place.vague.push(resource);
    else for (const [label, value] of labels.entries()) note(place, pair(label, value), resource);
  }
}

/** The pods of all kinds. */
export const podsIn = perStack((stack) => new Declared(stack));

/** Those that are to run for long. */
export const servingPodsIn = perStack((stack) => new Declared(stack, SERVING_KINDS));

const templateLabels = (resource: StackResource): Value => podOf(resource).metadata.get("labels");

/** `key=value`, or only the key for any value. */
const labelKey = (label: string, value?: Value): string =>
  value?.string === undefined ? label : `${label}=${value.string}`;

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [item]);
  else known.push(item);
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
    .filter(([label, value]) => !value.isUnknown && !isAdded(label))
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
