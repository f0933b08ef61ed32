import type {
  SpacesBucketArgs,
  SpacesBucketCorsConfigurationArgs,
  SpacesKeyArgs,
} from "@pulumi/digitalocean";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { messages, type Fixture } from "../testing";
import { fixture } from "./testing";

const space = (): Fixture =>
  fixture("SpacesBucket", {
    acl: "private",
    versioning: { enabled: true },
    lifecycleRules: [
      { enabled: true, abortIncompleteMultipartUploadDays: 3 },
      { enabled: true, noncurrentVersionExpiration: { days: 9 } },
    ],
  } satisfies SpacesBucketArgs);
const IS = 'SpacesBucket "orders": ';

testPolicy("digitalocean-space-private", {
  happy: () => [space(), fixture("SpacesBucketObject", { acl: "private" })],
  broken: [
    { at: ["acl"], says: [] },
    {
      at: ["acl"],
      to: "public-read",
      says: `${IS}acl is "public-read"; it must be "private" or missing.`,
    },
    {
      of: 1,
      at: ["acl"],
      to: "public-read",
      says: 'SpacesBucketObject "orders": acl is "public-read"; it must be "private" or missing.',
    },
  ],
  unknown: [["acl"]],
});

testPolicy("digitalocean-space-versioned", {
  happy: space,
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

testPolicy("digitalocean-space-kept", {
  happy: space,
  broken: [
    {
      at: ["forceDestroy"],
      to: true,
      says: `${IS}forceDestroy is true; it must be false or missing.`,
    },
  ],
  unknown: [["forceDestroy"]],
});

const UPLOADS = "parts of failed uploads are kept: set abortIncompleteMultipartUploadDays.";
const VERSIONS = "previous versions are kept forever: set noncurrentVersionExpiration.";

testPolicy("digitalocean-space-lifecycle", {
  happy: space,
  broken: [
    {
      at: ["lifecycleRules"],
      says: [
        `${IS}lifecycleRules is missing; ${UPLOADS}`,
        `${IS}lifecycleRules is missing; ${VERSIONS}`,
      ],
    },
    {
      at: ["lifecycleRules"],
      to: [{ abortIncompleteMultipartUploadDays: 3 }],
      says: `${IS}lifecycleRules is [{"abortIncompleteMultipartUploadDays":3}]; ${VERSIONS}`,
    },
    {
      at: ["lifecycleRules"],
      to: [{ noncurrentVersionExpiration: {} }],
      says: `${IS}lifecycleRules is [{"noncurrentVersionExpiration":{}}]; ${UPLOADS}`,
    },
  ],
  unknown: [["lifecycleRules"]],
});

it("requires no expiry of versions if a Space is not versioned", async () => {
  const rules = [{ abortIncompleteMultipartUploadDays: 3 }];
  const plain = fixture("SpacesBucket", { lifecycleRules: rules });
  expect(await messages("digitalocean-space-lifecycle", [plain])).toEqual([]);
});

testPolicy("digitalocean-space-cors-narrow", {
  happy: () =>
    fixture("SpacesBucketCorsConfiguration", {
      bucket: "shop",
      region: "fra1",
      corsRules: [
        {
          allowedMethods: ["GET"],
          allowedOrigins: ["https://a.example.com", "https://b.example.com"],
        },
      ],
    } satisfies SpacesBucketCorsConfigurationArgs),
  broken: [
    {
      at: ["corsRules", 0, "allowedOrigins", 1],
      to: "*",
      says: 'SpacesBucketCorsConfiguration "orders": corsRules[0].allowedOrigins[1] is "*"; it allows every origin: list the allowed ones.',
    },
  ],
  unknown: [["corsRules", 0, "allowedOrigins", 1]],
});

const KEY = 'SpacesKey "orders": ';
testPolicy("digitalocean-space-key-narrow", {
  happy: () =>
    fixture("SpacesKey", {
      grants: [{ bucket: "backups", permission: "readwrite" }],
    } satisfies SpacesKeyArgs),
  broken: [
    { at: ["grants"], says: `${KEY}grants is missing; list the buckets that the key may use.` },
    {
      at: ["grants", 0],
      to: { bucket: "", permission: "fullaccess" },
      says: `${KEY}grants[0].permission is "fullaccess"; it applies to every Space: use "read" or "readwrite" with a bucket.`,
    },
    {
      at: ["grants", 0, "bucket"],
      to: "",
      says: `${KEY}grants[0].bucket is ""; set the bucket's name.`,
    },
  ],
  unknown: [["grants", 0, "permission"]],
});

const POLICY = "digitalocean-space-policy-private";
const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/*" };
const written = (document: unknown): Fixture =>
  fixture("SpacesBucketPolicy", {
    bucket: "shop",
    policy: typeof document === "string" ? document : JSON.stringify(document),
  });

testPolicy(POLICY, {
  happy: () => written({ Statement: [{ ...statement, Principal: { AWS: "key:1" } }] }),
  broken: [],
  unknown: [["policy"]],
});

describe("digitalocean-space-policy-private", () => {
  const count = async (document: unknown): Promise<number> =>
    (await messages(POLICY, [written(document)])).length;

  it.each([
    { Statement: [{ ...statement, Principal: "*" }] },
    { Statement: { ...statement, Principal: { AWS: ["key:1", "*"] } } },
    {
      Statement: [
        { ...statement, Principal: "key:1" },
        { ...statement, Principal: "*" },
      ],
    },
  ])("refuses %j", async (document) => {
    expect(await count(document)).toBe(1);
  });

  it.each([
    { Statement: [{ ...statement, Effect: "Deny", Principal: "*" }] },
    { Statement: [{ ...statement, Principal: "*", Condition: { Bool: {} } }] },
    { Statement: [statement, null, "*"] },
    "no JSON",
    "null",
    "[]",
  ])("accepts %j", async (document) => {
    expect(await count(document)).toBe(0);
  });

  it("reports the path", async () => {
    expect(
      await messages(POLICY, [written('{"Statement":{"Effect":"Allow","Principal":"*"}}')]),
    ).toEqual([
      String.raw`SpacesBucketPolicy "orders": policy is "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\"}}"; it allows access to the Principal "*": name the allowed identities, or add a Condition.`,
    ]);
  });
});
