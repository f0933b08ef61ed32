/** Incarnations that were raised without a confirmation: the engine would refuse the update. */
import type { PlanValue } from "../../offline/plan";
import type { Difference } from "./difference";
import type { Change, InputChange } from "./resources";

/** By stack, a sentence for each resource. Pure. */
export const unconfirmed = ({
  changed,
}: Pick<Difference, "changed">): readonly {
  readonly stack: string;
  readonly errors: readonly string[];
}[] =>
  changed.flatMap(({ stack, changes }) => {
    const errors = changes.filter(isUnconfirmed).map(sentence);
    return errors.length === 0 ? [] : [{ stack, errors }];
  });

const isUnconfirmed = ({ kind, refused, inputs }: Change): boolean =>
  kind === "replace" && refused && inputs.some(isIncarnation);

/** A name that differs by the number at its end only; of the label, all of it is the number. */
const isIncarnation = ({ forces, path, from, to }: InputChange): boolean =>
  forces &&
  (path === "metadata.labels.incarnation" ||
    (typeof from === "string" && typeof to === "string" && without(from) === without(to)));

const without = (name: PlanValue & string): string => name.replace(/-\d+$/, "");

const sentence = ({ resource: { type, name } }: Change): string =>
  `Another incarnation replaces ${type} ${name}, which is protected. List what it belongs to in ` +
  "runstack:replace (cluster, nodes, postgres, redis, kafka), or keep the incarnation.";
