import { describe, expect, it } from "vitest";
import { inputsOf, named, register, UNKNOWN, valueOf } from "../../../kit/testing";
import { S3ObjectStore } from "./s3";
import { args, CLOUD, create, of, parsed, SETTINGS } from "./testing";

describe("S3ObjectStore", () => {
  it("creates exactly a bucket and its settings", async () => {
    const { resources } = await create();
    expect(resources.map(({ name, parent }) => [name, parent])).toEqual(
      SETTINGS.map((suffix) => [`s-${suffix}`, "s"]),
    );
  });

  it("has exactly these inputs", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "s-bucket")).toEqual({
      ...of,
      forceDestroy: false,
      tags: { "managed-by": "pulumi", "personal-data": "no" },
    });
    expect(inputsOf(resources, "s-public-access")).toEqual({
      ...of,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(inputsOf(resources, "s-ownership")).toEqual({
      ...of,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    expect(inputsOf(resources, "s-versioning")).toEqual({
      ...of,
      versioningConfiguration: { status: "Enabled" },
    });
    expect(inputsOf(resources, "s-encryption")).toEqual({
      ...of,
      rules: [
        {
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: "aws:kms",
            kmsMasterKeyId: "arn:aws:kms:given-key",
          },
          bucketKeyEnabled: true,
          blockedEncryptionTypes: ["SSE-C"],
        },
      ],
    });
  });

  it("expires the given prefixes, then versions, markers and incomplete uploads", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "s-lifecycle")).toEqual({
      ...of,
      rules: [
        {
          id: "expire-shop-dump",
          status: "Enabled",
          filter: { prefix: "shop/dump/" },
          expiration: { days: 41 },
        },
        {
          id: "old-versions",
          status: "Enabled",
          filter: {},
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          expiration: { expiredObjectDeleteMarker: true },
          noncurrentVersionExpiration: { noncurrentDays: 11 },
        },
      ],
    });
  });

  it("denies plain HTTP and old TLS", async () => {
    const { resources } = await create();
    const Resource = ["arn:aws:s3:::the-bucket", "arn:aws:s3:::the-bucket/*"];
    const everybody = { Effect: "Deny", Principal: "*", Action: ["s3:*"], Resource };
    expect(parsed(inputsOf(resources, "s-policy")["policy"])).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          ...everybody,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          ...everybody,
          Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
        },
      ],
    });
  });

  it("creates a system's own buckets, and marks those with personal data", async () => {
    const { resources } = await create({ expirations: [], versioned: false, personalData: true });
    expect(inputsOf(resources, "s-bucket")["tags"]).toEqual({
      "managed-by": "pulumi",
      "personal-data": "yes",
    });
    expect(inputsOf(resources, "s-versioning")["versioningConfiguration"]).toEqual({
      status: "Suspended",
    });
    expect(inputsOf(resources, "s-lifecycle")["rules"]).toHaveLength(1);
  });

  it("creates a key if none of its region is given", async () => {
    const { resources, result } = await create({ keyArn: undefined });
    expect(inputsOf(resources, "s-key")).toEqual({
      description: "Objects of shop-prod-backups",
      region: "eu-west-3",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      tags: { "managed-by": "pulumi", "personal-data": "no" },
    });
    expect(JSON.stringify(inputsOf(resources, "s-encryption"))).toContain("own-key");
    expect(await valueOf(result.encryptionKey)).toBe("arn:aws:kms:own-key");
  });

  it("has no access key for clients: they use Pod Identity", async () => {
    const { result } = await create();
    expect(result.credentials).toBeUndefined();
    expect(await valueOf(result.endpoint)).toBe("s3.eu-west-3.amazonaws.com");
    expect(result.reach).toEqual([
      { kind: "internet", port: 443 },
      { kind: "network", cidr: "169.254.170.23/32", firstPort: 80, lastPort: 80 },
    ]);
    expect(result.ready).toHaveLength(7);
    expect(result.replica).toBeUndefined();
  });

  it("can be planned before anything exists", async () => {
    const { resources, result } = await create({ keyArn: undefined }, true);
    expect(resources).toHaveLength(8);
    expect(inputsOf(resources, "s-policy")["policy"]).toBe(UNKNOWN);
    expect(await valueOf(result.encryptionKey)).toBe(UNKNOWN);
  });
});

describe("what an account is granted", () => {
  const grant = () =>
    register(
      (options) =>
        new S3ObjectStore("s", args, options).grant("pods", {
          namespace: "shop",
          serviceAccount: "api",
        }),
      { cloud: CLOUD },
    );

  it("is only reading and writing this bucket's objects with this key", async () => {
    const { resources } = await grant();
    expect(parsed(inputsOf(resources, "pods-policy")["policy"])).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
          Resource: ["arn:aws:s3:::the-bucket"],
        },
        {
          Effect: "Allow",
          Action: [
            "s3:GetObject",
            "s3:PutObject",
            "s3:DeleteObject",
            "s3:AbortMultipartUpload",
            "s3:ListMultipartUploadParts",
          ],
          Resource: ["arn:aws:s3:::the-bucket/*"],
        },
        {
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: ["arn:aws:kms:given-key"],
          Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-3.amazonaws.com" } },
        },
      ],
    });
  });

  it("is bound to that account of this cluster", async () => {
    const { resources, result } = await grant();
    expect(inputsOf(resources, "pods-association")).toEqual({
      clusterName: "shop-prod",
      namespace: "shop",
      serviceAccount: "api",
      roleArn: "arn:aws:iam::1:role/r",
    });
    expect(result.annotations).toEqual({});
    expect(result.ready).toHaveLength(2);
  });
});

describe("a bucket on Amazon", () => {
  it("deleting the key would make every object unreadable", async () => {
    const { resources } = await create({ keyArn: undefined });
    const key = named(resources, "s-key");
    expect([key.options.protect, key.inputs["deletionWindowInDays"]]).toEqual([true, 30]);
  });

  it("no setting is inline or of a deprecated type", async () => {
    const { resources } = await create();
    expect(Object.keys(inputsOf(resources, "s-bucket"))).toEqual([
      "bucket",
      "forceDestroy",
      "region",
      "tags",
    ]);
    expect(resources.filter(({ type }) => type.endsWith("V2"))).toEqual([]);
  });

  it("lifecycle rules wait for versioning, and have filters instead of prefixes", async () => {
    const { resources } = await create();
    expect(named(resources, "s-lifecycle").dependsOn).toEqual(["s-versioning"]);
    for (const rule of inputsOf(resources, "s-lifecycle")["rules"] as object[]) {
      expect(rule).toHaveProperty("filter");
      expect(rule).not.toHaveProperty("prefix");
    }
  });

  it("changes to a bucket's access are never simultaneous", async () => {
    const { resources } = await create();
    expect(named(resources, "s-ownership").dependsOn).toEqual(["s-public-access"]);
    expect(named(resources, "s-policy").dependsOn).toEqual(["s-ownership", "s-public-access"]);
  });

  it("every setting has the bucket's region, which may differ from the provider's", async () => {
    const { resources } = await create();
    expect(new Set(resources.map(({ inputs }) => inputs["region"]))).toEqual(
      new Set(["eu-west-3"]),
    );
  });

  it.each([
    { production: true, protect: false, forceDestroy: false },
    { production: false, protect: true, forceDestroy: true },
  ])(
    "a bucket with objects cannot be deleted: %o",
    async ({ production, protect, forceDestroy }) => {
      const { resources } = await create({ production, protect, keyArn: undefined });
      expect(inputsOf(resources, "s-bucket")["forceDestroy"]).toBe(forceDestroy);
      const kept = resources.filter(({ options }) => options.protect === true);
      expect(kept.map(({ name }) => name)).toEqual(protect ? ["s-bucket", "s-key"] : []);
    },
  );
});
