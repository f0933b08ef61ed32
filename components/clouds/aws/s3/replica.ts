import * as iam from "@pulumi/aws/iam";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, trust, type Statement } from "../identity";
import { privateBucket, type S3Bucket, type S3BucketArguments } from "./bucket";

/** Permissions to use a key, only through S3 of that region. */
export const keyStatement = (
  keyArn: pulumi.Output<string>,
  region: string,
  ...actions: readonly string[]
): Statement => ({
  actions: actions.map((action) => `kms:${action}`),
  resources: [keyArn],
  condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
});

/** A bucket's name has at most 63 characters, and the copy's name ends in its region. */
export const replicaName = (bucket: string, region: string): string => `${bucket}-${region}`;

/**
 * A second bucket in another region, to which Amazon copies every object within 15 minutes, with
 * metrics that show delays. Deletions are copied as markers: deleted objects can be recovered in
 * both regions. Objects from before the replication are not copied.
 */
export function replicate(
  name: string,
  source: S3Bucket,
  args: S3BucketArguments & { readonly replicaRegion: string },
  options: pulumi.CustomResourceOptions,
): S3Bucket {
  const region = args.replicaRegion;
  const copy = privateBucket(
    `${name}-replica`,
    // The key of the first region cannot be used in the second.
    { ...args, region, bucket: replicaName(args.bucket, region), keyArn: undefined },
    options,
  );
  const role = new iam.Role(
    `${name}-replication-role`,
    {
      description: `Copies ${args.bucket} to ${region}`,
      assumeRolePolicy: trust("s3.amazonaws.com"),
    },
    options,
  );
  const policy = new iam.RolePolicy(
    `${name}-replication-policy`,
    { role: role.name, policy: policyDocument(rights(source, copy, args)) },
    options,
  );
  const replication = new s3.BucketReplicationConfig(
    `${name}-replication`,
    {
      bucket: source.bucket.bucket,
      region: args.region,
      role: role.arn,
      rules: [copyEverything(copy)],
    },
    pulumi.mergeOptions(options, { dependsOn: [source.versioning, copy.versioning, policy] }),
  );
  return { ...copy, ready: [...copy.ready, replication] };
}

const copyEverything = (copy: S3Bucket) => ({
  id: "copy",
  status: "Enabled",
  priority: 0,
  filter: {},
  deleteMarkerReplication: { status: "Enabled" },
  // Without it Amazon skips objects that are encrypted with a customer-managed key.
  sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
  destination: {
    bucket: copy.bucket.arn,
    encryptionConfiguration: { replicaKmsKeyId: copy.keyArn },
    replicationTime: { status: "Enabled", time: { minutes: 15 } },
    metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
  },
});

function rights(
  source: S3Bucket,
  copy: S3Bucket,
  { region, replicaRegion }: { readonly region: string; readonly replicaRegion: string },
): readonly Statement[] {
  return [
    {
      actions: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
      resources: [source.bucket.arn],
    },
    {
      actions: [
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionTagging",
      ],
      resources: [pulumi.interpolate`${source.bucket.arn}/*`],
    },
    {
      actions: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
      resources: [pulumi.interpolate`${copy.bucket.arn}/*`],
    },
    keyStatement(source.keyArn, region, "Decrypt"),
    keyStatement(copy.keyArn, replicaRegion, "Encrypt", "GenerateDataKey"),
  ];
}
