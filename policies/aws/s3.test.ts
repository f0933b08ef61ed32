import type * as awsS3 from "@pulumi/aws/s3";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, urnOf, type Fixture } from "../testing";

const bucket = (props: object = {}): Fixture => ({
  type: "aws:s3/bucket:Bucket",
  name: "boats",
  props: { bucket: "shop-boats", ...props },
});
const of = (type: string, props: object, bucketName = "shop-boats"): Fixture => ({
  type: `aws:s3/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`,
  name: "its",
  props: { bucket: bucketName, ...props },
});
const FLAGS = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
const DENY = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const document = (changes: object = {}): { readonly policy: string } => ({
  policy: JSON.stringify({ Statement: [{ Effect: "Allow" }, { ...DENY, ...changes }] }),
});

testPolicy("aws-s3-public-access-blocked", {
  happy: () => [bucket(), of("BucketPublicAccessBlock", FLAGS)],
  broken: [
    ...Object.keys(FLAGS).map((flag) => ({
      at: [flag],
      of: 1,
      says: `BucketPublicAccessBlock "its": ${flag} is missing; it must be true.`,
    })),
    {
      at: ["bucket"],
      of: 1,
      to: "other",
      says: 'Bucket "boats" has no BucketPublicAccessBlock; add one with all four properties set to true.',
    },
  ],
  unknown: [["bucket"], [1, "bucket"], [1, "blockPublicAcls"]],
});

it("aws-s3-public-access-blocked accepts a block by origin, and one for the account", async () => {
  const late = broken(of("BucketPublicAccessBlock", FLAGS), ["bucket"], UNKNOWN);
  const own = { ...late, propertyDependencies: { bucket: [urnOf(bucket())] } };
  expect(await messages("aws-s3-public-access-blocked", [bucket(), own])).toEqual([]);
  const other = { ...bucket({ bucket: "other" }), name: "other" };
  const elsewhere = { ...late, propertyDependencies: { bucket: [urnOf(other)] } };
  const both = [bucket(), other, elsewhere];
  expect(await messages("aws-s3-public-access-blocked", both)).toEqual([
    'Bucket "boats" has no BucketPublicAccessBlock; add one with all four properties set to true.',
  ]);
  // It may belong to the bucket.
  expect(await messages("aws-s3-public-access-blocked", [bucket(), late])).toEqual([]);
  const account = of("AccountPublicAccessBlock", FLAGS);
  expect(await messages("aws-s3-public-access-blocked", [bucket(), account])).toEqual([]);
});

const NO_VERSIONS = 'Bucket "boats" has no BucketVersioning; add one with the status Enabled.';
testPolicy("aws-s3-versioned", {
  happy: () => [
    bucket(),
    of("BucketVersioning", { versioningConfiguration: { status: "Enabled" } }),
  ],
  broken: [
    {
      at: ["versioningConfiguration", "status"],
      of: 1,
      to: "Suspended",
      says: 'BucketVersioning "its": versioningConfiguration.status is "Suspended"; it must be "Enabled".',
    },
    { at: ["bucket"], of: 1, to: "other", says: NO_VERSIONS },
  ],
  unknown: [["bucket"], [1, "bucket"], [1, "versioningConfiguration", "status"]],
});

it("aws-s3-versioned reads the older inline settings of a bucket", async () => {
  const reported = (props: object, type = "Bucket"): Promise<readonly string[]> =>
    messages("aws-s3-versioned", [of(type, props)]);
  expect(await reported({ versioning: { enabled: true } })).toEqual([]);
  expect(await reported({ versioning: { enabled: UNKNOWN } })).toEqual([]);
  expect(await reported({ versionings: [{ enabled: true }] }, "BucketV2")).toEqual([]);
  expect(await reported({ versioning: { enabled: false } })).toHaveLength(1);
  const old = of("BucketVersioningV2", { versioningConfiguration: { status: "Enabled" } });
  expect(await messages("aws-s3-versioned", [bucket(), old])).toEqual([]);
});

describe("aws-s3-tls-only", () => {
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("aws-s3-tls-only", fixture);
  const expected = [
    'Bucket "boats" has no policy that denies requests without TLS; add a statement that denies s3:* to everyone if aws:SecureTransport is "false".',
  ];

  it("accepts the statement, in a BucketPolicy or in the bucket", async () => {
    expect(await reported(bucket(), of("BucketPolicy", document()))).toEqual([]);
    expect(await reported(bucket(document()))).toEqual([]);
    const Principal = { AWS: "*" };
    expect(await reported(bucket(), of("BucketPolicy", document({ Principal })))).toEqual([]);
  });

  it("refuses no policy, and another bucket's", async () => {
    expect(await reported(bucket())).toEqual(expected);
    expect(await reported(bucket(), of("BucketPolicy", document(), "other"))).toEqual(expected);
  });

  it.each([
    { Effect: "Allow" },
    { Principal: { AWS: "arn:x" } },
    { Action: "s3:GetObject" },
    { Action: "s3:Put*" },
    { Condition: undefined },
    { Condition: { Bool: { "aws:SecureTransport": "true" } } },
    { Condition: { Bool: { "aws:ViaAWSService": "false" } } },
    { Condition: { Null: { "aws:SecureTransport": "false" } } },
  ])("refuses a statement with %j", async (changes) => {
    expect(await reported(bucket(), of("BucketPolicy", document(changes)))).toEqual(expected);
  });

  it("counts an unknown policy", async () => {
    expect(await reported(bucket(), of("BucketPolicy", { policy: UNKNOWN }))).toEqual([]);
    expect(await reported(bucket({ policy: UNKNOWN }))).toEqual([]);
    const part = { Statement: [{ ...DENY, Condition: UNKNOWN }] };
    expect(await reported(bucket(), of("BucketPolicy", { policy: part }))).toEqual([]);
    expect(
      await reported(bucket(), of("BucketPolicy", { bucket: UNKNOWN, ...document() })),
    ).toEqual([]);
  });
});

const ACL = "it must be private: share objects with a bucket policy.";
const URI = "http://acs.amazonaws.com/groups/global/AllUsers";
testPolicy("aws-s3-acl-private", {
  happy: () => [
    bucket({
      acl: "private",
      grants: [{ type: "Group", uri: "http://acs.amazonaws.com/groups/s3/LogDelivery" }],
    } satisfies Partial<Record<keyof awsS3.BucketArgs, unknown>>),
    of("BucketAcl", {
      accessControlPolicy: { grants: [{ permission: "READ", grantee: { id: "7", type: "x" } }] },
    }),
  ],
  broken: [
    ...["public-read", "public-read-write", "authenticated-read"].map((acl) => ({
      at: ["acl"],
      to: acl,
      says: `Bucket "boats": acl is "${acl}"; ${ACL}`,
    })),
    { at: ["acl"], says: [] },
    {
      at: ["grants", 0, "uri"],
      to: URI,
      says: `Bucket "boats": grants[0].uri is "${URI}"; ${ACL}`,
    },
    {
      at: ["accessControlPolicy", "grants", 0, "grantee", "uri"],
      of: 1,
      to: URI,
      says: `BucketAcl "its": accessControlPolicy.grants[0].grantee.uri is "${URI}"; ${ACL}`,
    },
  ],
  unknown: [
    ["acl"],
    ["grants"],
    ["grants", 0],
    ["grants", 0, "uri"],
    [1, "accessControlPolicy", "grants"],
  ],
});

testPolicy("aws-s3-acls-off", {
  happy: () => of("BucketOwnershipControls", { rule: { objectOwnership: "BucketOwnerEnforced" } }),
  broken: [
    {
      at: ["rule", "objectOwnership"],
      to: "ObjectWriter",
      says: 'BucketOwnershipControls "its": rule.objectOwnership is "ObjectWriter"; it must be "BucketOwnerEnforced".',
    },
  ],
  unknown: [["rule"]],
});

testPolicy("aws-s3-not-emptied", {
  happy: () => bucket({ forceDestroy: false }),
  broken: [
    {
      at: ["forceDestroy"],
      to: true,
      says: 'Bucket "boats": forceDestroy is true; it must not be true.',
    },
    { at: ["forceDestroy"], says: [] },
  ],
  unknown: [["forceDestroy"]],
});

const RULE = ["rules", 0, "applyServerSideEncryptionByDefault", "sseAlgorithm"];
const KMS = { configuration: { "aws-s3-key": { kms: true } } };
testPolicy("aws-s3-key", {
  happy: () =>
    of("BucketServerSideEncryptionConfiguration", {
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" },
          bucketKeyEnabled: true,
        },
      ],
    }),
  broken: [
    {
      at: ["rules", 0, "bucketKeyEnabled"],
      says: 'BucketServerSideEncryptionConfiguration "its": rules[0].bucketKeyEnabled is missing; it must be true: otherwise every object costs a call to KMS.',
    },
    { at: RULE, to: "AES256", says: [] },
    {
      at: RULE,
      to: "AES256",
      setting: KMS,
      says: 'BucketServerSideEncryptionConfiguration "its": rules[0].applyServerSideEncryptionByDefault.sseAlgorithm is "AES256"; it must be "aws:kms" or "aws:kms:dsse".',
    },
    { at: RULE, to: "aws:kms:dsse", setting: KMS, says: [] },
  ],
  unknown: [["rules"], ["rules", 0], RULE, ["rules", 0, "bucketKeyEnabled"]],
});

describe("aws-s3-lifecycle", () => {
  const reported = (rules: unknown, type = "BucketLifecycleConfiguration") =>
    messages("aws-s3-lifecycle", [bucket(), of(type, { rules })]);
  const abort = { abortIncompleteMultipartUpload: { daysAfterInitiation: 3 } };
  const expected = [
    'Bucket "boats" has no lifecycle rule that removes failed uploads; add a rule with abortIncompleteMultipartUpload to its BucketLifecycleConfiguration.',
  ];

  it("accepts an enabled rule", async () => {
    expect(await reported([{ status: "Enabled", ...abort }])).toEqual([]);
    expect(
      await reported([{ status: "Enabled" }, abort], "BucketLifecycleConfigurationV2"),
    ).toEqual([]);
    const lifecycleRules = [{ enabled: true, abortIncompleteMultipartUploadDays: 3 }];
    expect(await messages("aws-s3-lifecycle", [bucket({ lifecycleRules })])).toEqual([]);
    expect(await reported(UNKNOWN)).toEqual([]);
    expect(
      await messages("aws-s3-lifecycle", [
        bucket({ bucket: UNKNOWN }),
        of("BucketLifecycleConfiguration", {}),
      ]),
    ).toEqual([]);
  });

  it("refuses no rule, a rule without it, and a disabled rule", async () => {
    expect(await messages("aws-s3-lifecycle", [bucket()])).toEqual(expected);
    expect(await reported([{ status: "Enabled", expiration: { days: 9 } }])).toEqual(expected);
    expect(await reported([{ status: "Disabled", ...abort }])).toEqual(expected);
    const lifecycleRules = [{ enabled: false, abortIncompleteMultipartUploadDays: 3 }];
    expect(await messages("aws-s3-lifecycle", [bucket({ lifecycleRules })])).toEqual(expected);
  });
});

describe("rules that apply only if configured", () => {
  const reported = (name: string, fixture: readonly Fixture[], required = true) =>
    messages(name, fixture, { configuration: { [name]: { required } } });

  it("aws-s3-access-logged", async () => {
    const name = "aws-s3-access-logged";
    const logging = of("BucketLogging", { targetBucket: "shop-logs" });
    expect(await reported(name, [bucket(), logging])).toEqual([]);
    expect(await reported(name, [bucket({ logging: { targetBucket: "x" } })])).toEqual([]);
    expect(await reported(name, [bucket()])).toEqual([
      'Bucket "boats" has no BucketLogging; add one.',
    ]);
    expect(await reported(name, [bucket()], false)).toEqual([]);
    expect(await messages(name, [bucket()])).toEqual([]);
    expect(
      await reported(name, [bucket(), of("BucketLogging", { targetBucket: "shop-boats" })]),
    ).toEqual([
      'BucketLogging "its": targetBucket is "shop-boats"; a log that logs itself grows without limit.',
    ]);
    const unnamed: Fixture = { ...bucket(), props: {} };
    const own = { ...of("BucketLogging", {}), propertyDependencies: { bucket: [urnOf(unnamed)] } };
    expect(await reported(name, [unnamed, own])).toEqual([]);
  });

  it("aws-s3-replicated", async () => {
    const name = "aws-s3-replicated";
    expect(await reported(name, [bucket(), of("BucketReplicationConfig", {})])).toEqual([]);
    expect(await reported(name, [bucket({ replicationConfiguration: {} })])).toEqual([]);
    expect(await reported(name, [bucket()])).toEqual([
      'Bucket "boats" has no BucketReplicationConfig; add one to a bucket in another region.',
    ]);
    expect(await messages(name, [bucket()])).toEqual([]);
  });
});
