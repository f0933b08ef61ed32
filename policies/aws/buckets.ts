/** Buckets, with the separate resources for their settings. */
import type { CheckContext, Stack, StackCheck, StackResource } from "../policy";
import { nameOf } from "../policy";
import { Relations } from "../relations";
import { BUCKETS } from "./tokens";

/** A bucket with the resources of one kind that refer to it. */
export interface Known {
  readonly bucket: StackResource;
  readonly own: readonly StackResource[];
  readonly context: CheckContext;
  /** Reports what the bucket lacks, unless an unknown resource may provide it. */
  readonly lacks: (what: string, expected: string) => void;
}
export type Evaluate = (known: Known) => void;

/** Evaluates every bucket with its resources of these types. */
export function evaluateBuckets(
  stack: Stack,
  context: CheckContext,
  types: readonly string[],
  evaluate: Evaluate,
): void {
  const to = stack.of(...BUCKETS);
  const settings = new Relations({ from: stack.of(...types), by: "bucket", to, name: "bucket" });
  for (const bucket of to) {
    const lacks = (what: string, expected: string): void => {
      if (settings.mayBeMore(bucket, context)) return;
      context.report(`${nameOf(bucket)} has no ${what}; ${expected}.`, bucket.urn);
    };
    evaluate({ bucket, own: settings.of(bucket), context, lacks });
  }
}

export const everyBucket = (types: readonly string[], evaluate: Evaluate): StackCheck => ({
  kind: "stack",
  run: (stack, context) => {
    evaluateBuckets(stack, context, types, evaluate);
  },
});
