/** Buckets, with the resources in which the provider keeps their settings. */
import type { Context, Stack, StackCheck, StackResource } from "../policy";
import { nameOf } from "../policy";
import { referring } from "./relations";
import { BUCKETS } from "./tokens";

/** A bucket with the resources of one kind that speak of it. */
export interface Known {
  readonly bucket: StackResource;
  readonly own: readonly StackResource[];
  readonly context: Context;
  /** Says what the bucket has not, unless something that is not known yet may be it. */
  readonly lacks: (what: string, wanted: string) => void;
}
export type Judge = (known: Known) => void;

/** Judges every bucket with its resources of these types. */
export function judgeBuckets(
  stack: Stack,
  context: Context,
  types: readonly string[],
  judge: Judge,
): void {
  const settings = referring(stack.of(...types), "bucket");
  for (const bucket of stack.of(...BUCKETS)) {
    const name = bucket.props.get("bucket");
    const lacks = (what: string, wanted: string): void => {
      if (settings.mayBe(bucket, context, name)) return;
      context.report(`${nameOf(bucket)} has no ${what}; ${wanted}.`, bucket.urn);
    };
    judge({ bucket, own: settings.to(bucket, name), context, lacks });
  }
}

export const everyBucket = (types: readonly string[], judge: Judge): StackCheck => ({
  kind: "stack",
  run: (stack, context) => {
    judgeBuckets(stack, context, types, judge);
  },
});
