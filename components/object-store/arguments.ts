import { quoted, repeated, type Rule } from "../kit/validation";
import type { Expiration } from "./contract";

/** Common arguments of every cloud's bucket. */
export interface BucketArguments {
  /** Globally unique. Changing it creates a second bucket; the objects stay in the first one. */
  readonly bucket: string;
  /** Location of the objects, by the cloud's own name. Changing it replaces the bucket. */
  readonly region: string;
  /** Lifetime of objects, by prefix; objects below any other prefix do not expire. */
  readonly expirations: readonly Expiration[];
  /**
   * Whether an overwritten or deleted object can be restored for `undeleteDays`. Once on, it can be
   * suspended but not removed.
   * @default true
   */
  readonly versioned?: boolean;
  /**
   * Days for which an overwritten or deleted object can be restored.
   * @default 7
   */
  readonly undeleteDays?: number;
  /**
   * Marks the bucket as holding personal data, where the cloud supports labels for buckets.
   * @default false
   */
  readonly personalData?: boolean;
  /** A production bucket is never deleted with objects in it: empty it first. */
  readonly production: boolean;
  /** Prevents the bucket from being deleted or replaced. */
  readonly protect: boolean;
}

export const UNDELETE_DAYS = 7;

/** Values that clouds store as tags or labels of a bucket. */
export const bucketLabels = ({
  personalData = false,
}: Pick<BucketArguments, "personalData">): Readonly<Record<string, string>> => ({
  "managed-by": "pulumi",
  "personal-data": personalData ? "yes" : "no",
});

/** The name of the rule for a prefix: `database/daily/` becomes `expire-database-daily`. */
export const ruleName = (prefix: string): string =>
  `expire-${prefix.replace(/\/$/, "").replaceAll("/", "-")}`;

/** What every cloud would reject. Pure. */
export function bucketRules(args: BucketArguments): readonly Rule[] {
  const { bucket, expirations, undeleteDays = UNDELETE_DAYS } = args;
  const twice = repeated(expirations.map(({ prefix }) => prefix));
  return [
    {
      holds: /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket),
      key: "bucket",
      value: quoted(bucket),
      allowed:
        "3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends",
      next: "Shorten the system's id or the suffix.",
    },
    dayRule("undeleteDays", undeleteDays),
    ...expirations.flatMap(({ prefix, days }) => [
      dayRule(`expirations of ${prefix}`, days),
      {
        holds: /^[^/].*\/$/.test(prefix),
        key: "expirations",
        value: `for the prefix "${prefix}"`,
        allowed: "for one that ends in a slash and does not begin with one",
        next: "Without the slash it would match every name with the same beginning.",
      },
    ]),
    {
      holds: twice.length === 0,
      key: "expirations",
      value: `two for the prefix "${twice[0] ?? ""}"`,
      allowed: "one for each prefix",
      next: "Keep the longer one, or put the objects below different prefixes.",
    },
  ];
}

const dayRule = (key: string, days: number): Rule => ({
  holds: Number.isInteger(days) && days >= 1,
  key,
  value: `${String(days)} days`,
  allowed: "a whole number of days, at least 1",
  next: "Object stores count lifetimes in days.",
});
