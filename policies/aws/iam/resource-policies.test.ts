import { describe, expect, it } from "vitest";
import { policyNamed } from "../../catalog";
import { testPolicy } from "../../testing/cases";
import { UNKNOWN, evaluate, messages, type Fixture } from "../../testing";
import { unknownValues } from "../../unknown-values";

const fixture = (type: string, statement: object): Fixture => ({
  type,
  name: "one",
  props: { policy: JSON.stringify({ Statement: [{ Effect: "Allow", ...statement }] }) },
});
const Service = { Service: "kafka.amazonaws.com" };
const Condition = { StringEquals: { "aws:PrincipalOrgID": "o-7" } };

const BUCKETS = [
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
  "aws:s3/bucketPolicy:BucketPolicy",
];
const KEYS = ["aws:kms/key:Key", "aws:kms/keyPolicy:KeyPolicy"];
const OTHERS = [
  "aws:sqs/queue:Queue",
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:sns/topic:Topic",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:secretsmanager/secret:Secret",
  "aws:secretsmanager/secretPolicy:SecretPolicy",
  "aws:ecr/repositoryPolicy:RepositoryPolicy",
  "aws:ecr/registryPolicy:RegistryPolicy",
  "aws:efs/fileSystemPolicy:FileSystemPolicy",
  "aws:backup/vaultPolicy:VaultPolicy",
  "aws:msk/clusterPolicy:ClusterPolicy",
];
const who = (type: string): string =>
  `${type.slice(type.lastIndexOf(":") + 1)} "one": policy.Statement[0]`;

for (const name of [
  "aws-resource-policy-not-public",
  "aws-resource-policy-actions-named",
  "aws-s3-policy-no-lockout",
]) {
  testPolicy(name, {
    happy: () => fixture("aws:s3/bucket:Bucket", { Principal: Service, Action: "s3:GetObject" }),
    broken: [
      { at: ["policy"], says: [] },
      { at: ["policy"], to: UNKNOWN, says: [] },
    ],
    unknown: [],
  });
}

it("an unknown document is counted once, by aws-resource-policy-not-public", async () => {
  const names = [
    "aws-s3-tls-only",
    "aws-resource-policy-not-public",
    "aws-resource-policy-actions-named",
    "aws-s3-policy-no-lockout",
  ];
  const bucket: Fixture = { type: "aws:s3/bucket:Bucket", name: "one", props: { policy: UNKNOWN } };
  const found = await evaluate([...names.map(policyNamed), unknownValues], [bucket]);
  expect(found.map(({ message }) => message)).toEqual([
    "1 value is unknown until the update and will be checked then: aws-resource-policy-not-public (1).",
  ]);
});

describe("aws-resource-policy-not-public", () => {
  const reported = (type: string, statement: object): Promise<readonly string[]> =>
    messages("aws-resource-policy-not-public", [fixture(type, statement)]);

  it.each([...BUCKETS, ...KEYS, ...OTHERS])(
    "refuses everyone in the policy of %s",
    async (type) => {
      expect(await reported(type, { Principal: "*", Action: "x:Y" })).toEqual([
        `${who(type)} admits everyone; name the principal, or add a condition such as aws:PrincipalOrgID.`,
      ]);
    },
  );

  it("refuses NotPrincipal, whatever the condition", async () => {
    expect(
      await reported("aws:sqs/queue:Queue", { NotPrincipal: { AWS: "a" }, Condition }),
    ).toEqual([
      `${who("aws:sqs/queue:Queue")} admits everyone except a few; list the allowed principals in Principal.`,
    ]);
  });

  it("accepts a condition, a named principal, and a denial", async () => {
    const type = "aws:sqs/queue:Queue";
    expect(await reported(type, { Principal: "*", Condition })).toEqual([]);
    expect(await reported(type, { Principal: { AWS: "210987654321" } })).toEqual([]);
    expect(await reported(type, { Effect: "Deny", Principal: "*" })).toEqual([]);
    expect(await reported(type, { Effect: "Deny", NotPrincipal: "x" })).toEqual([]);
  });
});

describe("aws-resource-policy-actions-named", () => {
  const reported = (type: string, statement: object): Promise<readonly string[]> =>
    messages("aws-resource-policy-actions-named", [
      fixture(type, { Principal: Service, ...statement }),
    ]);

  it.each([...BUCKETS, ...OTHERS])("refuses all actions in the policy of %s", async (type) => {
    expect(await reported(type, { Action: ["x:Y", "sqs:*"] })).toEqual([
      `${who(type)} allows "sqs:*"; list the actions.`,
    ]);
    expect(await reported(type, { Action: "*" })).toEqual([
      `${who(type)} allows "*"; list the actions.`,
    ]);
  });

  it("refuses NotAction", async () => {
    expect(await reported("aws:sqs/queue:Queue", { NotAction: "sqs:DeleteQueue" })).toEqual([
      `${who("aws:sqs/queue:Queue")} allows all but a few actions; list the actions.`,
    ]);
  });

  it("accepts keys, whose account needs all actions, and a denial", async () => {
    for (const type of KEYS) expect(await reported(type, { Action: "kms:*" })).toEqual([]);
    const type = "aws:s3/bucketPolicy:BucketPolicy";
    expect(await reported(type, { Effect: "Deny", Action: "s3:*" })).toEqual([]);
    expect(await reported(type, { Action: "s3:Get*" })).toEqual([]);
  });
});

describe("aws-s3-policy-no-lockout", () => {
  const reported = (statement: object, type = "aws:s3/bucketPolicy:BucketPolicy") =>
    messages("aws-s3-policy-no-lockout", [
      fixture(type, { Effect: "Deny", Principal: { AWS: "*" }, Action: "s3:*", ...statement }),
    ]);

  it.each(BUCKETS)("refuses to lock everyone out of %s", async (type) => {
    const says = [
      `${who(type)} denies everyone the right to change the bucket's policy, which only the account's root user can undo; add a condition.`,
    ];
    expect(await reported({}, type)).toEqual(says);
    expect(await reported({ Action: ["s3:PutBucketPolicy"] }, type)).toEqual(says);
  });

  it("accepts a condition, other actions, a named principal, and a grant", async () => {
    expect(await reported({ Condition })).toEqual([]);
    expect(await reported({ Action: "s3:DeleteObject" })).toEqual([]);
    expect(await reported({ Principal: { AWS: "arn:x" } })).toEqual([]);
    expect(await reported({ Effect: "Allow" })).toEqual([]);
  });
});
