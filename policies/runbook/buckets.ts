/** Backup buckets: location and lifecycle rules. */
import type { Stack, StackResource } from "../policy";
import { typeKey } from "../policy";
import type { Value } from "../values";

/** A rule that deletes objects under a prefix. */
export interface Expiration {
  readonly resource: StackResource;
  readonly bucket: string | undefined;
  /** Empty for every object. */
  readonly prefixes: readonly string[];
  /** Days until an object expires, and until its previous versions expire. */
  readonly days: Value;
  readonly formerDays: Value;
}

const S3_LIFECYCLES = [
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
] as const;
const GOOGLE = "gcp:storage/bucket:Bucket";
const SPACES = "digitalocean:index/spacesBucket:SpacesBucket";
const BUCKETS = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2", GOOGLE, SPACES] as const;

/** Every rule of the stack that deletes objects, without disabled ones. */
export function expirationsOf(stack: Stack): readonly Expiration[] {
  return [
    ...stack.of(...S3_LIFECYCLES).flatMap((resource) =>
      rules(resource, "rules")
        .filter((rule) => rule.get("status").string === "Enabled")
        .map((rule) => ({
          resource,
          bucket: resource.props.get("bucket").string,
          prefixes: texts(rule.get("filter", "prefix"), rule.get("prefix")),
          days: rule.get("expiration", "days"),
          formerDays: rule.get("noncurrentVersionExpiration", "noncurrentDays"),
        })),
    ),
    ...stack.of(SPACES).flatMap((resource) =>
      rules(resource, "lifecycleRules")
        .filter((rule) => rule.get("enabled").boolean === true)
        .map((rule) => ({
          resource,
          bucket: bucketName(resource),
          prefixes: texts(rule.get("prefix")),
          days: rule.get("expiration", "days"),
          formerDays: rule.get("noncurrentVersionExpiration", "days"),
        })),
    ),
    ...stack.of(GOOGLE).flatMap((resource) =>
      rules(resource, "lifecycleRules")
        .filter((rule) => rule.get("action", "type").string === "Delete")
        .map((rule) => ({
          resource,
          bucket: bucketName(resource),
          prefixes: texts(...rule.get("condition", "matchesPrefixes").list()),
          days: rule.get("condition", "age"),
          formerDays: rule.get("condition", "daysSinceNoncurrentTime"),
        })),
    ),
  ];
}

const rules = ({ props }: StackResource, key: string): readonly Value[] => props.get(key).list();

const texts = (...values: readonly Value[]): readonly string[] =>
  values.flatMap(({ string }) => (string === undefined || string === "" ? [] : [trimmed(string)]));

const trimmed = (path: string): string => path.replace(/^\/+|\/+$/g, "");

/** Whether a rule deletes objects under `prefix` in this bucket. */
export function covers({ prefixes }: Expiration, prefix: string): boolean {
  return prefixes.length === 0 || prefixes.some((one) => trimmed(prefix).startsWith(one));
}

/** The bucket's name in the cloud. */
export const bucketName = ({ props, type }: StackResource): string | undefined =>
  props.get(typeKey(type).startsWith("aws:") ? "bucket" : "name").string;

export interface Bucket {
  readonly resource: StackResource;
  readonly name: string;
  /** Its region; missing if it is the provider's. */
  readonly region: Value;
}

export function bucketsOf(stack: Stack): readonly Bucket[] {
  return stack.of(...BUCKETS).flatMap((resource) => {
    const name = bucketName(resource);
    const region = resource.props.get(typeKey(resource.type) === GOOGLE ? "location" : "region");
    return name === undefined ? [] : [{ resource, name, region }];
  });
}

/** Whether a string, such as `bucket/prefix` or `s3://bucket/prefix`, names the bucket. */
export const names = (text: string, bucket: string): boolean =>
  text.split("/").some((part) => part === bucket);
