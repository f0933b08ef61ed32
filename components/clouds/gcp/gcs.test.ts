import * as servicenetworking from "@pulumi/gcp/servicenetworking";
import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { inputsOf, isSecret, named, refusal, register, UNKNOWN, valueOf } from "../../kit/testing";
import { accountId, checkGcs, GcsObjectStore, type GcsArguments } from "./gcs";

const CLOUD = {
  "gcp:servicenetworking/connection:Connection": {},
  "gcp:serviceaccount/account:Account": { email: "objects@p.example.com", name: "the-account" },
  "gcp:serviceaccount/iAMMember:IAMMember": {},
  "gcp:storage/bucket:Bucket": {},
  "gcp:storage/bucketIAMMember:BucketIAMMember": {},
  "gcp:storage/hmacKey:HmacKey": { accessId: "GOOG1", secret: "hmac-secret" },
};

const args: Omit<GcsArguments, "placement"> = {
  bucket: "shop-prod-backups",
  region: "europe-west4",
  expirations: [{ prefix: "shop/dump/", days: 43 }],
  undeleteDays: 13,
  production: true,
  protect: true,
};

/** The project's resources that the store depends on are created first. */
const placed = (options: pulumi.CustomResourceOptions): GcsArguments => ({
  ...args,
  placement: {
    project: "shop-123",
    workloadPool: "shop-123.svc.id.goog",
    identityReady: [],
    peering: new servicenetworking.Connection(
      "the-peering",
      { network: "n", service: "s", reservedPeeringRanges: [] },
      options,
    ),
  },
});

const create = async (changes: Partial<GcsArguments> = {}, preview = false) => {
  const { result, resources } = await register(
    (options) => new GcsObjectStore("s", { ...placed(options), ...changes }, options),
    { preview, cloud: CLOUD },
  );
  return { result, resources: resources.filter(({ name }) => name !== "the-peering") };
};

describe("GcsObjectStore", () => {
  it("creates a bucket, an account that may use it, and that account's key", async () => {
    const { resources } = await create();
    expect(resources.map(({ name, parent }) => [name, parent])).toEqual([
      ["s-account", "s"],
      ["s-bucket", "s"],
      ["s-key-1", "s"],
      ["s-legacybucketreader", "s"],
      ["s-objectuser", "s"],
    ]);
  });

  it("has exactly these inputs", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "s-bucket")).toEqual({
      name: "shop-prod-backups",
      location: "europe-west4",
      project: "shop-123",
      storageClass: "STANDARD",
      uniformBucketLevelAccess: true,
      publicAccessPrevention: "enforced",
      versioning: { enabled: true },
      softDeletePolicy: { retentionDurationSeconds: 604800 },
      lifecycleRules: [
        {
          action: { type: "Delete" },
          condition: { age: 43, matchesPrefixes: ["shop/dump/"], withState: "LIVE" },
        },
        {
          action: { type: "Delete" },
          condition: { daysSinceNoncurrentTime: 13, withState: "ARCHIVED" },
        },
        { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 1 } },
      ],
      forceDestroy: false,
      deletionPolicy: "PREVENT",
      labels: { "managed-by": "pulumi", "personal-data": "no" },
    });
    expect(inputsOf(resources, "s-key-1")).toEqual({
      serviceAccountEmail: "objects@p.example.com",
      project: "shop-123",
      state: "ACTIVE",
    });
  });

  it("lets the account only use objects of this bucket, and read the bucket", async () => {
    const { resources } = await create();
    const of = {
      bucket: "shop-prod-backups",
      member: "serviceAccount:objects@p.example.com",
    };
    expect(inputsOf(resources, "s-objectuser")).toEqual({
      ...of,
      role: "roles/storage.objectUser",
    });
    expect(inputsOf(resources, "s-legacybucketreader")).toEqual({
      ...of,
      role: "roles/storage.legacyBucketReader",
    });
  });

  it("returns its address for S3 clients, with a secret key", async () => {
    const { result } = await create();
    const { accessKey, secretKey } = result.credentials;
    expect(await valueOf(result.endpoint)).toBe("storage.googleapis.com");
    expect([await valueOf(accessKey), await isSecret(accessKey)]).toEqual(["GOOG1", true]);
    expect([await valueOf(secretKey), await isSecret(secretKey)]).toEqual(["hmac-secret", true]);
    expect(result.dialect).toBe("GCS");
    expect(result.ready).toHaveLength(4);
    expect(result.reach).toEqual([
      { kind: "internet", port: 443 },
      { kind: "network", cidr: "169.254.169.254/32", firstPort: 80, lastPort: 80 },
      { kind: "network", cidr: "169.254.169.254/32", firstPort: 8080, lastPort: 8080 },
    ]);
  });

  it("creates a system's own buckets, and marks those with personal data", async () => {
    const { resources } = await create({ versioned: false, personalData: true, expirations: [] });
    expect(inputsOf(resources, "s-bucket")).toMatchObject({
      versioning: { enabled: false },
      labels: { "managed-by": "pulumi", "personal-data": "yes" },
    });
  });

  it("can be planned before anything exists", async () => {
    const { resources, result } = await create({}, true);
    expect(resources).toHaveLength(5);
    expect(inputsOf(resources, "s-objectuser")["member"]).toBe(UNKNOWN);
    const { secretKey } = result.credentials;
    expect([await valueOf(secretKey), await isSecret(secretKey)]).toEqual([UNKNOWN, true]);
  });
});

describe("what an account is granted", () => {
  it("is this bucket, with a separate identity", async () => {
    const { resources, result } = await register(
      (options) =>
        new GcsObjectStore("s", placed(options), options).grant("pods", {
          namespace: "shop",
          serviceAccount: "api",
        }),
      { cloud: CLOUD },
    );
    expect(inputsOf(resources, "pods-account")["accountId"]).toBe(
      accountId("shop-prod-backups", "shop", "api"),
    );
    expect(inputsOf(resources, "pods-member")).toMatchObject({
      role: "roles/iam.workloadIdentityUser",
      member: "serviceAccount:shop-123.svc.id.goog[shop/api]",
    });
    expect(inputsOf(resources, "pods-objectuser")).toEqual({
      bucket: "shop-prod-backups",
      role: "roles/storage.objectUser",
      member: "serviceAccount:objects@p.example.com",
    });
    expect(Object.keys(result.annotations)).toEqual(["iam.gke.io/gcp-service-account"]);
    expect(result.ready).toHaveLength(3);
  });

  it("has a valid account id that is unique for the bucket", () => {
    expect(accountId("a")).toMatch(/^[a-z]([a-z0-9-]{4,28}[a-z0-9])$/);
    expect(accountId("a", "b")).toBe(accountId("a", "b"));
    expect(accountId("a", "b")).not.toBe(accountId("a", "c"));
  });
});

describe("a bucket on Google Cloud", () => {
  it("an expired object's versions are not deleted immediately: only live ones expire", async () => {
    const { resources } = await create();
    const rules = inputsOf(resources, "s-bucket")["lifecycleRules"] as {
      action: { type: string };
      condition: { withState?: string };
    }[];
    const deleting = rules.filter(({ action }) => action.type === "Delete");
    expect(deleting.map(({ condition }) => condition.withState)).toEqual(["LIVE", "ARCHIVED"]);
  });

  it("incomplete uploads are selected by age only, because Google allows no other condition", async () => {
    const { resources } = await create();
    const rules = inputsOf(resources, "s-bucket")["lifecycleRules"] as { condition: object }[];
    expect(rules.at(-1)?.condition).toEqual({ age: 1 });
  });

  it("an account is not known everywhere immediately: its key is created last", async () => {
    const { resources } = await create();
    expect(named(resources, "s-key-1").dependsOn).toEqual([
      "s-legacybucketreader",
      "s-objectuser",
      "the-peering",
    ]);
  });

  it("APIs are off in a new project: everything waits until they are enabled", async () => {
    const { resources } = await create();
    const waiting = resources.filter(({ dependsOn }) => dependsOn.includes("the-peering"));
    expect(waiting).toHaveLength(5);
  });

  it("public access prevention is set, not inherited", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "s-bucket")["publicAccessPrevention"]).toBe("enforced");
  });

  it("no retention is locked, because that could not be undone", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "s-bucket")).not.toHaveProperty("retentionPolicy");
  });

  it.each([
    { production: true, protect: false, deletionPolicy: "DELETE", seconds: 604800 },
    { production: false, protect: true, deletionPolicy: "PREVENT", seconds: 0 },
  ])(
    "deletion is refused by Pulumi and by the provider: %o",
    async ({ production, protect, deletionPolicy, seconds }) => {
      const { resources } = await create({ production, protect });
      const { inputs, options } = named(resources, "s-bucket");
      expect(options.protect).toBe(protect);
      expect(inputs).toMatchObject({
        deletionPolicy,
        forceDestroy: !production,
        softDeletePolicy: { retentionDurationSeconds: seconds },
      });
    },
  );
});

describe("a bucket that Google would reject", () => {
  it.each<[Partial<GcsArguments>, string]>([
    [
      { region: "" },
      "region is missing, but must be a Google Cloud region, such as europe-west1. Set runstack:backupRegion.",
    ],
    [
      { region: "eu-west-1" },
      'region is "eu-west-1", but must be a Google Cloud region, such as europe-west1. Set runstack:backupRegion.',
    ],
    [
      { bucket: "my-google-bucket" },
      'bucket is "my-google-bucket", but must be a name that does not begin with goog and does not contain google. Google reserves such names.',
    ],
    [
      { bucket: "x" },
      'bucket is "x", but must be 3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends. Shorten the system\'s id or the suffix.',
    ],
    [
      { undeleteDays: 0 },
      "undeleteDays is 0 days, but must be a whole number of days, at least 1. Object stores count lifetimes in days.",
    ],
  ])("refuses %o", (changes, expected) => {
    expect(
      refusal(() => {
        checkGcs("s", { ...args, ...changes });
      }),
    ).toBe(`GcsObjectStore s: ${expected}`);
  });

  it.each(["northamerica-northeast1", "us-central1"])("accepts %s", (region) => {
    expect(
      refusal(() => {
        checkGcs("s", { ...args, region });
      }),
    ).toBe("");
  });
});
