import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind, refusal, register, valueOf } from "../../../kit/testing";
import { checkS3, S3ObjectStore, type S3Arguments } from "./s3";
import { args, CLOUD, create, of, parsed, SETTINGS } from "./testing";

describe("a copy in another region", () => {
  const copied = (changes: Partial<S3Arguments> = {}) =>
    create({ replicaRegion: "eu-north-1", ...changes });

  it("is a bucket as private as the first, with a key of its own", async () => {
    const { resources, result } = await copied();
    expect(ofKind(resources, "Bucket").map(({ inputs }) => inputs)).toEqual([
      expect.objectContaining({ bucket: "shop-prod-backups", region: "eu-west-3" }),
      expect.objectContaining({
        bucket: "shop-prod-backups-eu-north-1",
        region: "eu-north-1",
        forceDestroy: false,
      }),
    ]);
    for (const suffix of SETTINGS) {
      expect(inputsOf(resources, `s-replica-${suffix}`)["region"]).toBe("eu-north-1");
    }
    expect(inputsOf(resources, "s-replica-key")["region"]).toBe("eu-north-1");
    expect(resources).toHaveLength(7 + 8 + 3);
    expect(await valueOf(result.replica ?? expect.fail("no replica"))).toBe(
      "shop-prod-backups-eu-north-1",
    );
  });

  it("is made within a quarter of an hour, including encrypted objects", async () => {
    const { resources } = await copied();
    expect(inputsOf(resources, "s-replication")).toEqual({
      ...of,
      role: "arn:aws:iam::1:role/r",
      rules: [
        {
          id: "copy",
          status: "Enabled",
          priority: 0,
          filter: {},
          deleteMarkerReplication: { status: "Enabled" },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: {
            bucket: "arn:aws:s3:::the-bucket",
            encryptionConfiguration: { replicaKmsKeyId: "arn:aws:kms:own-key" },
            replicationTime: { status: "Enabled", time: { minutes: 15 } },
            metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
          },
        },
      ],
    });
    expect(named(resources, "s-replication").dependsOn).toEqual([
      "s-replica-versioning",
      "s-replication-policy",
      "s-versioning",
    ]);
  });

  it("is made by a role that reads the source, writes the copy and uses each key in its region", async () => {
    const { resources } = await copied();
    const { Statement } = parsed(inputsOf(resources, "s-replication-policy")["policy"]) as {
      Statement: { Action: string[]; Resource: string[]; Condition?: unknown }[];
    };
    expect(Statement.flatMap(({ Action }) => Action)).toEqual([
      "s3:GetReplicationConfiguration",
      "s3:ListBucket",
      "s3:GetObjectVersionForReplication",
      "s3:GetObjectVersionAcl",
      "s3:GetObjectVersionTagging",
      "s3:ReplicateObject",
      "s3:ReplicateDelete",
      "s3:ReplicateTags",
      "kms:Decrypt",
      "kms:Encrypt",
      "kms:GenerateDataKey",
    ]);
    const via = (region: string) => ({
      StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
    });
    expect(Statement.slice(3).map(({ Resource, Condition }) => [Resource, Condition])).toEqual([
      [["arn:aws:kms:given-key"], via("eu-west-3")],
      [["arn:aws:kms:own-key"], via("eu-north-1")],
    ]);
    expect(parsed(inputsOf(resources, "s-replication-role")["assumeRolePolicy"])).toMatchObject({
      Statement: [{ Principal: { Service: "s3.amazonaws.com" } }],
    });
  });
});

describe("a bucket that Amazon would reject", () => {
  const next = "Set runstack:backupRegion.";
  it.each<[Partial<S3Arguments>, string]>([
    [{ region: "" }, `region is missing, but must be an AWS region, such as eu-central-1. ${next}`],
    [
      { region: "europe-west1" },
      `region is "europe-west1", but must be an AWS region, such as eu-central-1. ${next}`,
    ],
    [
      { region: "cn-north-1" },
      `region is "cn-north-1", but must be an AWS region, such as eu-central-1. ${next}`,
    ],
    [
      { bucket: "Shop" },
      'bucket is "Shop", but must be 3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends. Shorten the system\'s id or the suffix.',
    ],
    [
      { bucket: "shop--x-s3" },
      'bucket is "shop--x-s3", but must be a name without a prefix or suffix that Amazon reserves. Choose another suffix.',
    ],
    [
      { expirations: [{ prefix: "a/", days: 0.5 }] },
      "expirations of a/ is 0.5 days, but must be a whole number of days, at least 1. Object stores count lifetimes in days.",
    ],
    [
      { replicaRegion: "eu-west-3" },
      'replicaRegion is "eu-west-3", but must be a region other than the bucket\'s. A copy in the same region would be lost with the original.',
    ],
    [
      { replicaRegion: "mars" },
      `replicaRegion is "mars", but must be an AWS region, such as eu-central-1. ${next}`,
    ],
    [
      { replicaRegion: "eu-west-1", versioned: false },
      "versioned is false, but must be true for a bucket that is copied to another region. Amazon replicates only versioned buckets.",
    ],
    [
      { replicaRegion: "eu-west-1", bucket: "a".repeat(60) },
      `bucket is "${"a".repeat(60)}-eu-west-1", but must be 3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends. Shorten the system's id or the suffix.`,
    ],
  ])("refuses %o", (changes, expected) => {
    expect(
      refusal(() => {
        checkS3("s", { ...args, ...changes });
      }),
    ).toBe(`S3ObjectStore s: ${expected}`);
  });

  it("refuses names that would make a role's name too long", async () => {
    const long = "a".repeat(52);
    const { result } = await register(
      (options) => {
        const store = new S3ObjectStore("s", args, options);
        return refusal(() => store.grant(long, { namespace: "n", serviceAccount: "s" }));
      },
      { cloud: CLOUD },
    );
    const allowed = "a name of at most 56 characters";
    const next = "Shorten the name of the backup or of the component that reads it.";
    expect(result).toBe(`S3ObjectStore s: role is "${long}-role", but must be ${allowed}. ${next}`);
    expect(
      refusal(() => {
        checkS3("a".repeat(40), { ...args, replicaRegion: "us-west-2" });
      }),
    ).toBe(
      `S3ObjectStore ${"a".repeat(40)}: role is "${"a".repeat(40)}-replication-role", but must be ${allowed}. ${next}`,
    );
  });

  it.each<[Partial<S3Arguments>]>([
    [{ region: "ap-southeast-2" }],
    [{ replicaRegion: "us-west-2" }],
    [{ bucket: "a".repeat(63) }],
  ])("accepts %o", (changes) => {
    expect(
      refusal(() => {
        checkS3("s", { ...args, ...changes });
      }),
    ).toBe("");
  });
});
