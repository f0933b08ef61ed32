/** The pods of a stack that are not in the input: those that operators and charts run, by namespace and label. */
import { ANY, inCluster } from "./objects";
import { perStack } from "../per-stack";
import type { Stack, StackResource } from "../policy";
import { placeOf } from "./references/places";
import { runBy, type Run } from "./references/runners";
import { mayRun } from "./references/whole";
import { selects, selectsByLabels, type Labels, type Match } from "./selectors";
import type { Value } from "../values";

/** What a selector may select besides: objects that are not in the input. */
export interface Hidden {
  /** Whether it selects, or may select, pods that an operator or a known chart runs there. */
  readonly isOfOperator: boolean;
  /** Those pods, one for each set of labels. */
  readonly runs: readonly Run[];
  /** A chart or an object of an unknown kind, which may run anything there. */
  readonly cause: StackResource | undefined;
}

/** Labels of a selector. */
export type Pairs = readonly (readonly [string, Value])[];

/** Labels of the pods that cert-manager runs while it issues a Certificate. */
const SOLVER = "acme.cert-manager.io/";

/** The same selectors are asked about by half a dozen policies. */
export class Answers<Answer> {
  private readonly known = new Map<Value, Map<string, Answer>>();

  of(selector: Value, namespace: string, find: () => Answer): Answer {
    const own = this.known.get(selector) ?? new Map<string, Answer>();
    this.known.set(selector, own);
    const answer = own.get(namespace) ?? find();
    own.set(namespace, answer);
    return answer;
  }
}

class HiddenPods {
  /** By namespace: pods that operators and known charts run, and the first resource that may run any. */
  private readonly run = new Map<string, Run[]>();
  /** The same by label, so that many operators' objects and many selectors stay linear. */
  private readonly runByLabel = new Map<string, Run[]>();
  private readonly causes = new Map<string, StackResource>();
  private readonly answers = new Answers<Hidden>();

  constructor(stack: Stack) {
    for (const resource of stack.resources) this.add(resource, stack);
  }

  private add(resource: StackResource, stack: Stack): void {
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

  /** What a selector with matchLabels and matchExpressions may select besides in a namespace of that cluster. */
  besides(resource: StackResource, namespace: string, selector: Value): Hidden {
    return this.answers.of(selector, inCluster(resource, namespace), () =>
      this.matching(resource, namespace, selector.get("matchLabels").entries(), (labels) =>
        selects(selector, labels),
      ),
    );
  }

  /** The same for the plain labels of a Service's selector. */
  besidesByLabels(resource: StackResource, namespace: string, selector: Value): Hidden {
    return this.matching(resource, namespace, selector.entries(), (labels) =>
      selectsByLabels(selector, labels),
    );
  }

  private matching(
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
    return {
      isOfOperator: isSolver || runs.length > 0,
      runs,
      cause: this.causeIn(resource, namespace),
    };
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

  /** Whether operators or known charts run pods in that namespace of a cluster. */
  has(key: string): boolean {
    return this.run.has(key);
  }
}

export const hiddenPodsIn = perStack((stack) => new HiddenPods(stack));

/** `key=value`, or only the key for any value. */
const labelKey = (label: string, value?: Value): string =>
  value?.string === undefined ? label : `${label}=${value.string}`;

function push<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [item]);
  else known.push(item);
}
