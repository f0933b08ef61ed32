import { ComponentError } from "../kit/component";
import type { Expiration } from "./contract";

/** What every cloud's bucket is told, in no cloud's words. */
export interface BucketArguments {
  /**
   * Unique among everybody's buckets of the cloud. Changing it creates a second bucket; the objects
   * stay behind in the first one.
   */
  readonly bucket: string;
  /** Where the objects lie, in the cloud's own words. Changing it replaces the bucket. */
  readonly region: string;
  /** How long objects are kept, by prefix; below any other prefix they stay for good. */
  readonly expirations: readonly Expiration[];
  /**
   * Whether an overwritten or deleted object can be had again, for `undeleteDays`. Once on it can be
   * suspended, never removed.
   * @default true
   */
  readonly versioned?: boolean;
  /**
   * Days for which an overwritten or deleted object can still be brought back.
   * @default 7
   */
  readonly undeleteDays?: number;
  /**
   * Marks the bucket as holding data about people, where the cloud has labels for buckets.
   * @default false
   */
  readonly personalData?: boolean;
  /** A production bucket is never deleted with objects in it: whoever means it empties it first. */
  readonly production: boolean;
  /** Refuses to delete or replace the bucket until it is taken back. */
  readonly protect: boolean;
}

export const UNDELETE_DAYS = 7;

/** Words about a bucket that clouds keep as tags or labels. */
export const bucketLabels = ({
  personalData = false,
}: Pick<BucketArguments, "personalData">): Readonly<Record<string, string>> => ({
  "managed-by": "pulumi",
  "personal-data": personalData ? "yes" : "no",
});

/** `database/daily/` as a rule's name: `expire-database-daily`. */
export const ruleName = (prefix: string): string =>
  `expire-${prefix.replace(/\/$/, "").replaceAll("/", "-")}`;

/** What all of the clouds would refuse. Pure. */
export function checkBucket(component: string, args: BucketArguments): void {
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(args.bucket)) {
    throw new ComponentError(
      component,
      "bucket",
      `"${args.bucket}"`,
      "3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends",
      "Shorten the system's id or the suffix.",
    );
  }
  checkDays(component, "undeleteDays", args.undeleteDays ?? UNDELETE_DAYS);
  for (const { prefix, days } of args.expirations) {
    checkDays(component, `expirations of ${prefix}`, days);
    if (/^[^/].*\/$/.test(prefix)) continue;
    throw new ComponentError(
      component,
      "expirations",
      `for the prefix "${prefix}"`,
      "for one that ends in a slash and does not begin with one",
      "Without the slash it would cover every name that begins alike.",
    );
  }
  const prefixes = args.expirations.map(({ prefix }) => prefix);
  const twice = prefixes.find((prefix, index) => prefixes.indexOf(prefix) !== index);
  if (twice !== undefined) {
    throw new ComponentError(
      component,
      "expirations",
      `two for the prefix "${twice}"`,
      "one a prefix",
      "Keep the longer one, or put the objects below different prefixes.",
    );
  }
}

function checkDays(component: string, key: string, days: number): void {
  if (Number.isInteger(days) && days >= 1) return;
  throw new ComponentError(
    component,
    key,
    `${String(days)} days`,
    "a whole number of days, at least 1",
    "Object stores count lifetimes in days.",
  );
}
