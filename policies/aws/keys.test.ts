import type * as kms from "@pulumi/aws/kms";
import { expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, urnOf, type Fixture } from "../testing";

const STAGING = { policyContext: { environment: "staging" } } as const;
const key = (): Fixture => ({
  type: "aws:kms/key:Key",
  name: "safe",
  props: { enableKeyRotation: true, deletionWindowInDays: 14 } satisfies kms.KeyArgs,
});
const secretOf = (props: object = {}): Fixture => ({
  type: "aws:secretsmanager/secret:Secret",
  name: "word",
  props: { kmsKeyId: "key-1", recoveryWindowInDays: 9, ...props },
});

testPolicy("aws-kms-rotated", {
  happy: key,
  broken: [
    {
      at: ["enableKeyRotation"],
      says: 'Key "safe": enableKeyRotation is missing; it must be true.',
    },
  ],
  unknown: [["enableKeyRotation"], ["keyUsage"], ["customerMasterKeySpec"]],
});

it.each([
  { keyUsage: "SIGN_VERIFY" },
  { customerMasterKeySpec: "RSA_4096" },
  { customKeyStoreId: "cks-1" },
])("aws-kms-rotated does not apply to %j", async (props) => {
  expect(await messages("aws-kms-rotated", [{ ...key(), props }])).toEqual([]);
});

testPolicy("aws-kms-kept", {
  happy: key,
  broken: [
    {
      at: ["isEnabled"],
      to: false,
      says: 'Key "safe": isEnabled is false; data that it encrypts cannot be read: it must be true.',
    },
    {
      at: ["deletionWindowInDays"],
      to: 13,
      says: 'Key "safe": deletionWindowInDays is 13; it must be 14 or more.',
    },
    { at: ["deletionWindowInDays"], to: 13, setting: STAGING, says: [] },
    { at: ["deletionWindowInDays"], says: [] },
    {
      at: ["deletionWindowInDays"],
      to: 29,
      setting: { configuration: { "aws-kms-kept": { days: 30 } } },
      says: 'Key "safe": deletionWindowInDays is 29; it must be 30 or more.',
    },
  ],
  unknown: [["deletionWindowInDays"], ["isEnabled"]],
});

testPolicy("aws-kms-no-lockout", {
  happy: key,
  broken: [
    {
      at: ["bypassPolicyLockoutSafetyCheck"],
      to: true,
      says: 'Key "safe": bypassPolicyLockoutSafetyCheck is true; it must not be true.',
    },
  ],
  unknown: [["bypassPolicyLockoutSafetyCheck"]],
});

const OWN = "AWS-managed keys cannot be revoked: set it to the ARN of a customer-managed key.";
testPolicy("aws-own-keys", {
  happy: () => [
    secretOf(),
    {
      type: "aws:ecr/repository:Repository",
      name: "images",
      props: { encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: UNKNOWN }] },
    },
    { type: "aws:rds/instance:Instance", name: "copy", props: { replicateSourceDb: "a" } },
    {
      type: "aws:elasticache/replicationGroup:ReplicationGroup",
      name: "second",
      props: { globalReplicationGroupId: "a" },
    },
  ],
  broken: [
    { at: ["kmsKeyId"], says: `Secret "word": kmsKeyId is missing; ${OWN}` },
    {
      at: ["encryptionConfigurations", 0, "kmsKey"],
      of: 1,
      says: `Repository "images": encryptionConfigurations[0].kmsKey is missing; ${OWN}`,
    },
    { at: ["replicateSourceDb"], of: 2, says: `Instance "copy": kmsKeyId is missing; ${OWN}` },
  ],
  unknown: [],
});

it.each([
  ["aws:rds/cluster:Cluster", "kmsKeyId"],
  ["aws:elasticache/serverlessCache:ServerlessCache", "kmsKeyId"],
  ["aws:msk/cluster:Cluster", "encryptionInfo.encryptionAtRestKmsKeyArn"],
  ["aws:efs/fileSystem:FileSystem", "kmsKeyId"],
  ["aws:ebs/volume:Volume", "kmsKeyId"],
  ["aws:ebs/snapshotCopy:SnapshotCopy", "kmsKeyId"],
  ["aws:backup/vault:Vault", "kmsKeyArn"],
  ["aws:sns/topic:Topic", "kmsMasterKeyId"],
  ["aws:sqs/queue:Queue", "kmsMasterKeyId"],
  ["aws:cloudwatch/logGroup:LogGroup", "kmsKeyId"],
  ["aws:cloudtrail/trail:Trail", "kmsKeyId"],
])("aws-own-keys reads the key of %s", async (type, path) => {
  const name = type.slice(type.lastIndexOf(":") + 1);
  expect(await messages("aws-own-keys", [{ type, name: "x", props: {} }])).toEqual([
    `${name} "x": ${path} is missing; ${OWN}`,
  ]);
});

testPolicy("aws-secret-recoverable", {
  happy: () => secretOf(),
  broken: [
    {
      at: ["recoveryWindowInDays"],
      to: 0,
      says: 'Secret "word": recoveryWindowInDays is 0; it must be 7 to 30.',
    },
    { at: ["recoveryWindowInDays"], says: [] },
  ],
  unknown: [["recoveryWindowInDays"]],
});

const rotation: Fixture = {
  type: "aws:secretsmanager/secretRotation:SecretRotation",
  name: "turn",
  props: { secretId: UNKNOWN, rotationRules: { automaticallyAfterDays: 90 } },
  propertyDependencies: { secretId: [urnOf(secretOf())] },
};
const DAYS = ["rotationRules", "automaticallyAfterDays"] as const;
testPolicy("aws-secret-rotated", {
  happy: () => [rotation, secretOf()],
  setting: { configuration: { "aws-secret-rotated": { required: true } } },
  broken: [
    {
      at: DAYS,
      to: 91,
      says: 'SecretRotation "turn": rotationRules.automaticallyAfterDays is 91; it must be 90 or less.',
    },
    {
      at: DAYS,
      to: "9",
      says: 'SecretRotation "turn": rotationRules.automaticallyAfterDays is "9"; it must be 90 or less.',
    },
    { at: DAYS, says: [] },
  ],
  unknown: [DAYS],
});

it("aws-secret-rotated requires a rotation if configured", async () => {
  const bare = broken(secretOf(), ["kmsKeyId"]);
  const setting = { configuration: { "aws-secret-rotated": { required: true } } };
  expect(await messages("aws-secret-rotated", [bare], setting)).toEqual([
    'Secret "word" has no SecretRotation; add one.',
  ]);
  expect(await messages("aws-secret-rotated", [bare])).toEqual([]);
});

it("aws-secret-rotated counts an unknown that may rotate a secret", async () => {
  const configuration = { "aws-secret-rotated": { required: true } };
  const stray = { ...rotation, propertyDependencies: {} };
  const reported = await messages("aws-secret-rotated", [secretOf(), stray], { configuration });
  expect(reported).toEqual([]);
});
