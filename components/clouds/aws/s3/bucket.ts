import * as kms from "@pulumi/aws/kms";
import * as s3 from "@pulumi/aws/s3";
import type { input } from "@pulumi/aws/types";
import * as pulumi from "@pulumi/pulumi";
import { resourcePolicy, type ResourceStatement } from "../identity";
import {
  bucketLabels,
  ruleName,
  UNDELETE_DAYS,
  type BucketArguments,
} from "../../../object-store/arguments";

export interface S3BucketArguments extends BucketArguments {
  /**
   * A key in the bucket's own region. Existing objects stay encrypted with the key of their upload.
   * @default a key that is created for the bucket, rotated every year
   */
  readonly keyArn?: pulumi.Output<string> | undefined;
}

export interface S3Bucket {
  readonly bucket: s3.Bucket;
  readonly keyArn: pulumi.Output<string>;
  readonly versioning: s3.BucketVersioning;
  /** The bucket with everything that makes it private. */
  readonly ready: readonly pulumi.Resource[];
}

/**
 * A bucket that cannot be made public: no ACLs, no public policy, only TLS 1.2 or later, each
 * object encrypted with the given key. Its settings are separate resources, as in Amazon's API.
 */
export function privateBucket(
  name: string,
  args: S3BucketArguments,
  options: pulumi.CustomResourceOptions,
): S3Bucket {
  const { region } = args;
  const kept = pulumi.mergeOptions(options, { protect: args.protect });
  const keyArn = args.keyArn ?? createKey(name, args, kept).arn;
  const bucket = new s3.Bucket(
    `${name}-bucket`,
    {
      bucket: args.bucket,
      region,
      forceDestroy: !args.production,
      tags: { ...bucketLabels(args) },
    },
    kept,
  );
  const encryption = new s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    { bucket: bucket.bucket, region, rules: [encryptionRule(keyArn)] },
    options,
  );
  const { versioning, lifecycle } = createVersions(name, bucket, args, options);
  const closed = closeToPublic(name, bucket, region, options);
  return {
    bucket,
    keyArn,
    versioning,
    ready: [bucket, encryption, versioning, lifecycle, ...closed],
  };
}

/** What happens to old versions and to expired objects. */
function createVersions(
  name: string,
  { bucket }: s3.Bucket,
  args: S3BucketArguments,
  options: pulumi.CustomResourceOptions,
) {
  const { region } = args;
  const versioning = new s3.BucketVersioning(
    `${name}-versioning`,
    {
      bucket,
      region,
      versioningConfiguration: { status: args.versioned === false ? "Suspended" : "Enabled" },
    },
    options,
  );
  const lifecycle = new s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    { bucket, region, rules: lifecycleRules(args) },
    // Rules about versions are rejected without versioning.
    pulumi.mergeOptions(options, { dependsOn: [versioning] }),
  );
  return { versioning, lifecycle };
}

/** One after the other: Amazon rejects simultaneous changes to a bucket's access. */
function closeToPublic(
  name: string,
  { bucket, arn }: s3.Bucket,
  region: string,
  options: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  const access = new s3.BucketPublicAccessBlock(
    `${name}-public-access`,
    {
      bucket,
      region,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    options,
  );
  const ownership = new s3.BucketOwnershipControls(
    `${name}-ownership`,
    { bucket, region, rule: { objectOwnership: "BucketOwnerEnforced" } },
    pulumi.mergeOptions(options, { dependsOn: [access] }),
  );
  const policy = new s3.BucketPolicy(
    `${name}-policy`,
    { bucket, region, policy: onlyEncryptedTransport(arn) },
    pulumi.mergeOptions(options, { dependsOn: [access, ownership] }),
  );
  return [access, ownership, policy];
}

/** The default policy: the account's IAM policies decide who may use it. */
function createKey(
  name: string,
  args: S3BucketArguments,
  options: pulumi.CustomResourceOptions,
): kms.Key {
  return new kms.Key(
    `${name}-key`,
    {
      description: `Objects of ${args.bucket}`,
      region: args.region,
      enableKeyRotation: true,
      // The longest period to cancel a deletion: without the key the objects are lost.
      deletionWindowInDays: 30,
      tags: { ...bucketLabels(args) },
    },
    options,
  );
}

/** A bucket key saves nearly all KMS calls, and their cost. */
const encryptionRule = (
  keyArn: pulumi.Output<string>,
): input.s3.BucketServerSideEncryptionConfigurationRule => ({
  applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
  bucketKeyEnabled: true,
  // Amazon's default since 2026, set here so that it causes no diff.
  blockedEncryptionTypes: ["SSE-C"],
});

/**
 * An expired object first becomes a noncurrent version and is deleted `undeleteDays` later; then
 * its delete marker is removed. Incomplete uploads are removed after a day.
 */
export function lifecycleRules({
  expirations,
  undeleteDays = UNDELETE_DAYS,
}: Pick<
  BucketArguments,
  "expirations" | "undeleteDays"
>): input.s3.BucketLifecycleConfigurationRule[] {
  return [
    ...expirations.map(({ prefix, days }) => ({
      id: ruleName(prefix),
      status: "Enabled",
      filter: { prefix },
      expiration: { days },
    })),
    {
      id: "old-versions",
      status: "Enabled",
      // All objects: a rule without a filter counts as one with a prefix, which is deprecated.
      filter: {},
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      expiration: { expiredObjectDeleteMarker: true },
      noncurrentVersionExpiration: { noncurrentDays: undeleteDays },
    },
  ];
}

function onlyEncryptedTransport(arn: pulumi.Output<string>): pulumi.Output<string> {
  const deny = (condition: NonNullable<ResourceStatement["condition"]>): ResourceStatement => ({
    effect: "Deny",
    principal: "*",
    actions: ["s3:*"],
    resources: [arn, pulumi.interpolate`${arn}/*`],
    condition,
  });
  return resourcePolicy([
    deny({ Bool: { "aws:SecureTransport": "false" } }),
    deny({ NumericLessThan: { "s3:TlsVersion": "1.2" } }),
  ]);
}
