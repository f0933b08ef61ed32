/** For tests: one S3 bucket. */
import * as pulumi from "@pulumi/pulumi";
import { register } from "../../../kit/testing";
import { S3ObjectStore, type S3Arguments } from "./s3";

export const CLOUD = {
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {},
  "aws:iam/role:Role": { arn: "arn:aws:iam::1:role/r" },
  "aws:iam/rolePolicy:RolePolicy": {},
  "aws:kms/key:Key": { arn: "arn:aws:kms:own-key" },
  "aws:s3/bucket:Bucket": { arn: "arn:aws:s3:::the-bucket" },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {},
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {},
  "aws:s3/bucketPolicy:BucketPolicy": {},
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {},
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": {},
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {},
  "aws:s3/bucketVersioning:BucketVersioning": {},
};

export const args: S3Arguments = {
  bucket: "shop-prod-backups",
  region: "eu-west-3",
  expirations: [{ prefix: "shop/dump/", days: 41 }],
  undeleteDays: 11,
  production: true,
  protect: true,
  keyArn: pulumi.output("arn:aws:kms:given-key"),
  placement: { clusterName: pulumi.output("shop-prod"), identityReady: [] },
};

export const create = (changes: Partial<S3Arguments> = {}, preview = false) =>
  register((options) => new S3ObjectStore("s", { ...args, ...changes }, options), {
    preview,
    cloud: CLOUD,
  });

export const SETTINGS = [
  "bucket",
  "encryption",
  "lifecycle",
  "ownership",
  "policy",
  "public-access",
  "versioning",
];
export const of = { bucket: "shop-prod-backups", region: "eu-west-3" };
export const parsed = (text: unknown): unknown => JSON.parse(String(text));
