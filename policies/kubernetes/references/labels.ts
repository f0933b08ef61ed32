/** Labels of pods that are not in the input, as far as it is known what gives them. */
import { Value, type Marks } from "../../values";

/** A label whose value is not known here. */
export const SOME = Symbol("some value");
export type Labels = Readonly<Record<string, string | typeof SOME>>;

const MARKS: Marks = {
  isUnknown: (raw) => raw === SOME,
  isSecret: () => false,
  holdsSecret: () => false,
};

export const asValue = (labels: Labels): Value => Value.marked(labels, MARKS);

/** These labels with any value. */
export const some = (...keys: readonly string[]): Labels =>
  Object.fromEntries(keys.map((key) => [key, SOME]));

/** Every label below a value, such as those of templates and `podLabels`, wherever they are. */
export function labelsIn(value: Value, depth = 0): Labels {
  if (depth > DEPTH) return {};
  const pairs = value
    .entries()
    .flatMap(([key, inner]): (readonly [string, Labels[string]])[] =>
      /labels$/i.test(key) && !/matchLabels$/.test(key)
        ? inner.entries().map(([label, { string }]) => [label, string ?? SOME] as const)
        : Object.entries(labelsIn(inner, depth + 1)),
    );
  const items = value.list().flatMap((item) => Object.entries(labelsIn(item, depth + 1)));
  return Object.fromEntries([...pairs, ...items]);
}

/** Deeper nesting than any such object has. */
const DEPTH = 20;

/** Labels that a custom object passes on to its pods, from the places where its kind has them. */
export function passedOn(props: Value, ...paths: readonly (readonly string[])[]): Labels {
  const pairs = paths.flatMap((path) => props.get(...path).entries());
  return Object.fromEntries(pairs.map(([key, { string }]) => [key, string ?? SOME]));
}
