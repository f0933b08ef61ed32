import type * as artifactregistry from "@pulumi/gcp/artifactregistry";
import type * as storage from "@pulumi/gcp/storage";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { messages, type Fixture } from "../testing";
import { fixture } from "./testing";

const bucket = (): Fixture =>
  fixture("gcp:storage/bucket:Bucket", {
    name: "shop-backups",
    location: "EU",
    publicAccessPrevention: "enforced",
    uniformBucketLevelAccess: true,
    versioning: { enabled: true },
    lifecycleRules: [
      { action: { type: "Delete" }, condition: { age: 31 } },
      { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 2 } },
    ],
    logging: { logBucket: "shop-logs" },
    softDeletePolicy: { retentionDurationSeconds: 604800 },
  } satisfies storage.BucketArgs);
const IS = 'Bucket "orders": ';

testPolicy("gcp-bucket-private", {
  happy: bucket,
  broken: [
    {
      at: ["publicAccessPrevention"],
      to: "inherited",
      says: `${IS}publicAccessPrevention is "inherited"; it must be "enforced".`,
    },
    {
      at: ["publicAccessPrevention"],
      says: `${IS}publicAccessPrevention is missing; it must be "enforced".`,
    },
    {
      at: ["uniformBucketLevelAccess"],
      says: `${IS}uniformBucketLevelAccess is missing; it must be true.`,
    },
  ],
  unknown: [["publicAccessPrevention"], ["uniformBucketLevelAccess"]],
});

describe("gcp-bucket-acl-private", () => {
  const reported = (type: string, props: object): Promise<readonly string[]> =>
    messages("gcp-bucket-acl-private", [fixture(`gcp:storage/${type}`, props)]);
  const expected = "everyone can read it: list the members that need access.";

  it.each([
    ["bucketACL:BucketACL", "predefinedAcl", "publicRead"],
    ["bucketACL:BucketACL", "defaultAcl", "publicReadWrite"],
    ["bucketAccessControl:BucketAccessControl", "entity", "allUsers"],
    ["defaultObjectAccessControl:DefaultObjectAccessControl", "entity", "allAuthenticatedUsers"],
    ["objectAccessControl:ObjectAccessControl", "entity", "allUsers"],
    ["objectACL:ObjectACL", "predefinedAcl", "authenticatedRead"],
    ["bucketObject:BucketObject", "predefinedAcl", "publicRead"],
  ])("%s: %s %s", async (type, at, entity) => {
    const kind = type.slice(type.indexOf(":") + 1);
    expect(await reported(type, { [at]: entity })).toEqual([
      `${kind} "orders": ${at} is "${entity}"; ${expected}`,
    ]);
    expect(await reported(type, { [at]: "projectPrivate" })).toEqual([]);
    expect(await reported(type, {})).toEqual([]);
  });

  it.each(["bucketACL:BucketACL", "defaultObjectACL:DefaultObjectACL", "objectACL:ObjectACL"])(
    "%s: roleEntities",
    async (type) => {
      const kind = type.slice(type.indexOf(":") + 1);
      const roleEntities = ["OWNER:project-owners-7", "READER:allUsers"];
      expect(await reported(type, { roleEntities })).toEqual([
        `${kind} "orders": roleEntities[1] is "READER:allUsers"; ${expected}`,
      ]);
    },
  );
});

testPolicy("gcp-bucket-versioned", {
  happy: bucket,
  broken: [
    { at: ["versioning"], says: `${IS}versioning.enabled is missing; it must be true.` },
    {
      at: ["versioning", "enabled"],
      to: false,
      says: `${IS}versioning.enabled is false; it must be true.`,
    },
  ],
  unknown: [["versioning"]],
});

it("requires no versioning with a retention policy", async () => {
  const retained = fixture("gcp:storage/bucket:Bucket", {
    retentionPolicy: { retentionPeriod: "604800" },
  });
  expect(await messages("gcp-bucket-versioned", [retained])).toEqual([]);
});

const KEPT = ["softDeletePolicy", "retentionDurationSeconds"] as const;
testPolicy("gcp-bucket-soft-delete", {
  happy: bucket,
  broken: [
    { at: ["softDeletePolicy"], says: [] },
    {
      at: KEPT,
      to: 0,
      says: `${IS}softDeletePolicy.retentionDurationSeconds is 0; deleted objects cannot be restored: it must be 604800 or missing.`,
    },
  ],
  unknown: [KEPT],
});

testPolicy("gcp-bucket-uploads-ended", {
  happy: bucket,
  broken: [
    {
      at: ["lifecycleRules"],
      to: [{ action: { type: "Delete" } }],
      says: `${IS}lifecycleRules is [{"action":{"type":"Delete"}}]; aborted uploads are paid for indefinitely: add AbortIncompleteMultipartUpload.`,
    },
  ],
  unknown: [["lifecycleRules"]],
});

const LOG = "gcp-bucket-log-elsewhere";
testPolicy(LOG, {
  happy: bucket,
  broken: [
    { at: ["logging"], says: [] },
    {
      at: ["logging", "logBucket"],
      to: "shop-backups",
      says: `${IS}logging.logBucket is "shop-backups"; its log would log itself: use another bucket.`,
    },
    {
      at: ["logging"],
      says: `${IS}logging.logBucket is missing; set the bucket for the log.`,
      setting: { configuration: { [LOG]: { demand: true } } },
    },
    { at: ["name"], says: [] },
  ],
  unknown: [["logging", "logBucket"]],
});

const repository = (): Fixture =>
  fixture("gcp:artifactregistry/repository:Repository", {
    format: "DOCKER",
    repositoryId: "shop",
    dockerConfig: { immutableTags: true },
    vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
    cleanupPolicies: [{ id: "old", action: "DELETE" }],
  } satisfies artifactregistry.RepositoryArgs);
const REPOSITORY = 'Repository "orders": ';

testPolicy("gcp-registry-immutable", {
  happy: repository,
  broken: [
    {
      at: ["dockerConfig"],
      says: `${REPOSITORY}dockerConfig.immutableTags is missing; it must be true.`,
    },
  ],
  unknown: [["dockerConfig"]],
});

it.each([
  [{ repositoryId: "gcr.io" }, 0],
  [{ repositoryId: "eu.gcr.io" }, 0],
  [{ repositoryId: "my-gcr.io.shop" }, 1],
  [{ mode: "REMOTE_REPOSITORY" }, 0],
  [{ mode: "VIRTUAL_REPOSITORY" }, 0],
  [{ mode: "STANDARD_REPOSITORY" }, 1],
  [{ format: "NPM" }, 0],
])("gcp-registry-immutable, %j: %i violation", async (props, count) => {
  const type = "gcp:artifactregistry/repository:Repository";
  const bare = fixture(type, { format: "DOCKER", ...props });
  expect(await messages("gcp-registry-immutable", [bare])).toHaveLength(count);
});

testPolicy("gcp-registry-kept-clean", {
  happy: repository,
  broken: [
    {
      at: ["vulnerabilityScanningConfig", "enablementConfig"],
      to: "DISABLED",
      says: `${REPOSITORY}vulnerabilityScanningConfig.enablementConfig is "DISABLED"; images are not scanned for vulnerabilities: it must be "INHERITED" or missing.`,
    },
    {
      at: ["cleanupPolicyDryRun"],
      to: true,
      says: `${REPOSITORY}cleanupPolicyDryRun is true; cleanup policies delete nothing: it must be false.`,
    },
  ],
  unknown: [["vulnerabilityScanningConfig"], ["cleanupPolicyDryRun"]],
});

it("gcp-registry-kept-clean applies to images, and to existing rules", async () => {
  const reported = (props: object): Promise<readonly string[]> =>
    messages("gcp-registry-kept-clean", [
      fixture("gcp:artifactregistry/repository:Repository", props),
    ]);
  expect(await reported({ format: "DOCKER", cleanupPolicyDryRun: true })).toEqual([]);
  const scan = { vulnerabilityScanningConfig: { enablementConfig: "DISABLED" } };
  expect(await reported({ format: "NPM", ...scan })).toEqual([]);
  expect(await reported({ format: "DOCKER", ...scan })).toHaveLength(1);
});
