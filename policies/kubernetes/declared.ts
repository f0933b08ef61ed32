/**
 * The pods (or other labelled objects) that a stack declares, by namespace: what a label selector
 * selects among them, and what may run next to them. Indexed by label, so that a policy
 * over all selectors of a stack stays linear.
 */
import { knowsAllOf } from "../expect";
import { addsCommon, isAdded, podLabelsOf } from "./added-labels";
import { Answers, hiddenPodsIn, type Hidden, type Pairs } from "./hidden-pods";
import { ANY, SERVING_KINDS, inCluster, namespaceOf, podOf } from "./objects";
import { HOLDERS } from "./pods";
import { perStack } from "../per-stack";
import type { CheckContext, Stack, StackResource, Resource } from "../policy";
import { selects, selectsByLabels, type Labels, type Match } from "./selectors";
import type { Value } from "../values";

export interface Selection {
  readonly selected: readonly StackResource[];
  /** What it may select, once labels, namespaces and the selector are known. */
  readonly open: readonly StackResource[];
}

interface Place {
  readonly all: StackResource[];
  readonly byLabel: Map<string, StackResource[]>;
  /** Objects with labels that are unknown or not in their template: candidates for every selector. */
  readonly vague: StackResource[];
}

/** The cluster itself runs pods here, which nothing declares. */
const SYSTEM = "kube-system";
/** The key for everything in a cluster, in any namespace. */
const EVERYWHERE = "";

export class Declared {
  private readonly places = new Map<string, Place>();
  private readonly selections = new Answers<Selection>();
  /** What runs besides, of whichever kinds. */
  private readonly unseen: ReturnType<typeof hiddenPodsIn>;

  constructor(
    stack: Stack,
    kinds: readonly string[] = HOLDERS,
    private readonly labelsOf: (resource: StackResource) => Value = templateLabels,
  ) {
    for (const resource of stack.of(...kinds)) {
      for (const namespace of [namespaceOf(resource) ?? ANY, EVERYWHERE])
        this.add(inCluster(resource, namespace), resource);
    }
    this.unseen = hiddenPodsIn(stack);
  }

  /** What may be in the namespace besides, for `select`. */
  hidden(resource: StackResource, namespace: string, selector: Value): Hidden {
    return this.unseen.besides(resource, namespace, selector);
  }

  /** The same for `selectByLabels`. */
  hiddenByLabels(resource: StackResource, namespace: string, selector: Value): Hidden {
    return this.unseen.besidesByLabels(resource, namespace, selector);
  }

  /** What may run any pods in the namespace, whatever their labels. */
  causeIn(resource: StackResource, namespace: string): StackResource | undefined {
    return this.unseen.causeIn(resource, namespace);
  }

  /** Whether the stack declares pods, or what runs some, in a namespace that is not the cluster's own. */
  has(resource: StackResource, namespace: string): boolean {
    const key = inCluster(resource, namespace);
    return namespace !== SYSTEM && (this.places.has(key) || this.unseen.has(key));
  }

  /** What a selector with matchLabels and matchExpressions selects in a namespace of that cluster. */
  select(resource: StackResource, namespace: string | undefined, selector: Value): Selection {
    const key = inCluster(resource, ...(namespace === undefined ? [] : [namespace]));
    return this.selections.of(selector, key, () => {
      const pairs = selector.get("matchLabels").entries();
      return this.those(resource, namespace, pairs, (labels) => selects(selector, labels));
    });
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
