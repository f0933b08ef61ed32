import type * as kms from "@pulumi/gcp/kms";
import type * as secretmanager from "@pulumi/gcp/secretmanager";
import { describe, expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { testPolicy } from "../testing/cases";
import { UNKNOWN, messages, remediated, type Fixture } from "../testing";
import { fixture } from "./testing";

const key = (): Fixture =>
  fixture("gcp:kms/cryptoKey:CryptoKey", {
    keyRing: "ring",
    purpose: "ENCRYPT_DECRYPT",
    rotationPeriod: "7776000s",
  } satisfies kms.CryptoKeyArgs);
const IS = 'CryptoKey "orders": ';
const ROTATED = "gcp-kms-rotated";

testPolicy(ROTATED, {
  happy: key,
  broken: [
    {
      at: ["rotationPeriod"],
      says: `${IS}rotationPeriod is missing; it must be "7776000s" or less.`,
    },
    {
      at: ["rotationPeriod"],
      to: "7776001s",
      says: `${IS}rotationPeriod is "7776001s"; it must be "7776000s" or less.`,
    },
    {
      at: ["rotationPeriod"],
      to: "a while",
      says: `${IS}rotationPeriod is "a while"; it must be "7776000s" or less.`,
    },
    {
      at: ["rotationPeriod"],
      to: "864001s",
      says: `${IS}rotationPeriod is "864001s"; it must be "864000s" or less.`,
      setting: { configuration: { [ROTATED]: { days: 10 } } },
    },
    { at: ["purpose"], says: [] },
  ],
  unknown: [["rotationPeriod"], ["purpose"]],
});

describe("gcp-kms-rotated", () => {
  const bare = (props: object): Fixture => fixture("gcp:kms/cryptoKey:CryptoKey", props);

  it("does not apply to signing keys", async () => {
    expect(await messages(ROTATED, [bare({ purpose: "ASYMMETRIC_SIGN" })])).toEqual([]);
    expect(await messages(ROTATED, [bare({})])).toHaveLength(1);
  });

  it("remediates the period of an encryption key", async () => {
    const written = (props: object): Promise<unknown> =>
      remediated([policyNamed(ROTATED)], bare(props));
    expect(await written({})).toEqual({ rotationPeriod: "7776000s" });
    expect(await written({ purpose: "ASYMMETRIC_SIGN" })).toBeUndefined();
    expect(await written({ rotationPeriod: "99s" })).toBeUndefined();
  });
});

testPolicy("gcp-kms-recoverable", {
  happy: key,
  broken: [
    { at: ["destroyScheduledDuration"], to: "604800s", says: [] },
    {
      at: ["destroyScheduledDuration"],
      to: "604799s",
      says: `${IS}destroyScheduledDuration is "604799s"; it must be "604800s" or more, or missing.`,
    },
    {
      at: ["destroyScheduledDuration"],
      to: "soon",
      says: `${IS}destroyScheduledDuration is "soon"; it must be "604800s" or more, or missing.`,
    },
  ],
  unknown: [["destroyScheduledDuration"]],
});

const secret = (): Fixture =>
  fixture("gcp:secretmanager/secret:Secret", {
    secretId: "login",
    replication: { userManaged: { replicas: [{ location: "eu-3" }] } },
  } satisfies secretmanager.SecretArgs);
const REPLICATED = "gcp-secret-replicated";
const EITHER =
  'Secret "orders": replication.auto is missing; set it to {}, or list the regions in userManaged.replicas.';

testPolicy(REPLICATED, {
  happy: secret,
  broken: [
    { at: ["replication"], to: { auto: {} }, says: [] },
    { at: ["replication"], to: { auto: UNKNOWN }, says: [] },
    { at: ["replication"], says: EITHER },
    { at: ["replication"], to: { userManaged: {} }, says: EITHER },
    {
      at: ["replication", "auto"],
      to: {},
      says: 'Secret "orders": replication.auto is {}; userManaged lists the regions: leave one of the two out.',
    },
    {
      at: ["replication", "userManaged", "replicas"],
      to: [],
      says: 'Secret "orders": replication.userManaged.replicas is []; it must list 1 or more regions.',
    },
    {
      at: ["replication", "userManaged", "replicas", 0],
      to: {},
      says: 'Secret "orders": replication.userManaged.replicas is [{}]; it must list 2 or more regions.',
      setting: { configuration: { [REPLICATED]: { regions: 2 } } },
    },
  ],
  unknown: [["replication"], ["replication", "auto"], ["replication", "userManaged", "replicas"]],
});

const RENEWED = "gcp-secret-rotated";
const TEN = { configuration: { [RENEWED]: { days: 10 } } };
testPolicy(RENEWED, {
  happy: secret,
  broken: [
    {
      at: ["rotation"],
      says: 'Secret "orders": rotation.rotationPeriod is missing; it must be "864000s" or less.',
      setting: TEN,
    },
    { at: ["rotation"], to: { rotationPeriod: "864000s" }, says: [], setting: TEN },
    {
      at: ["rotation"],
      to: { rotationPeriod: "864001s" },
      says: 'Secret "orders": rotation.rotationPeriod is "864001s"; it must be "864000s" or less.',
      setting: TEN,
    },
  ],
  unknown: [],
});

const VERSION = "gcp-secret-version-kept";
const version = (props: object): Fixture =>
  fixture("gcp:secretmanager/secretVersion:SecretVersion", props);
const KEPT = 'it must be "DISABLE", "ABANDON" or "PREVENT".';
testPolicy(VERSION, {
  happy: () => version({ deletionPolicy: "DISABLE" }),
  broken: [
    {
      at: ["deletionPolicy"],
      says: `SecretVersion "orders": deletionPolicy is missing; ${KEPT}`,
    },
    {
      at: ["deletionPolicy"],
      to: "DELETE",
      says: `SecretVersion "orders": deletionPolicy is "DELETE"; ${KEPT}`,
    },
  ],
  unknown: [["deletionPolicy"]],
});

it("gcp-secret-version-kept remediates a missing policy", async () => {
  const written = (props: object): Promise<unknown> =>
    remediated([policyNamed(VERSION)], version(props));
  expect(await written({})).toEqual({ deletionPolicy: "DISABLE" });
  expect(await written({ deletionPolicy: "DELETE" })).toBeUndefined();
  expect(await written({ deletionPolicy: UNKNOWN })).toBeUndefined();
});

describe("gcp-customer-managed-key", () => {
  const CMEK = "gcp-customer-managed-key";
  const demand = { configuration: { [CMEK]: { demand: true } } };

  it.each([
    ["artifactregistry/repository:Repository", "kmsKeyName"],
    ["compute/disk:Disk", "diskEncryptionKey.kmsKeySelfLink"],
    ["container/nodePool:NodePool", "nodeConfig.bootDiskKmsKey"],
    ["filestore/instance:Instance", "kmsKeyName"],
    ["logging/projectBucketConfig:ProjectBucketConfig", "cmekSettings.kmsKeyName"],
    ["managedkafka/cluster:Cluster", "gcpConfig.kmsKey"],
    ["memorystore/instance:Instance", "kmsKey"],
    ["pubsub/topic:Topic", "kmsKeyName"],
    ["redis/cluster:Cluster", "kmsKey"],
    ["redis/instance:Instance", "customerManagedKey"],
    ["sql/databaseInstance:DatabaseInstance", "encryptionKeyName"],
    ["storage/bucket:Bucket", "encryption.defaultKmsKeyName"],
  ])("%s: %s", async (type, path) => {
    const bare = fixture(`gcp:${type}`, {});
    const kind = type.slice(type.indexOf(":") + 1);
    expect(await messages(CMEK, [bare])).toEqual([]);
    expect(await messages(CMEK, [bare], demand)).toEqual([
      `${kind} "orders": ${path} is missing; set it to the ID of a CryptoKey in the same location.`,
    ]);
    const nest = (value: unknown, name: string): unknown => ({ [name]: value });
    const props = path.split(".").reduceRight<unknown>(nest, "key-5") as object;
    expect(await messages(CMEK, [fixture(`gcp:${type}`, props)], demand)).toEqual([]);
  });
});
