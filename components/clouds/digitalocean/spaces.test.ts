import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { NO_GRANT } from "../../identity/contract";
import {
  isSecret,
  named,
  refusal,
  register as registerWith,
  UNKNOWN,
  valueOf,
} from "../../kit/testing";
import { checkSpaces, SpacesObjectStore, type SpacesArguments } from "./spaces";

const args: SpacesArguments = {
  bucket: "shop-prod-backups",
  region: "sfo3",
  expirations: [{ prefix: "shop/dump/", days: 41 }],
  production: true,
  protect: true,
};

const register = <T>(create: (options: pulumi.ComponentResourceOptions) => T, preview = false) =>
  registerWith(create, {
    preview,
    cloud: {
      "digitalocean:index/spacesKey:SpacesKey": { accessKey: "key-id", secretKey: "key-secret" },
    },
  });

describe("SpacesObjectStore", () => {
  it("creates a private, versioned bucket that expires the given prefixes", async () => {
    const { resources } = await register((options) => new SpacesObjectStore("s", args, options));
    expect(resources.map(({ name }) => name)).toEqual(["s-bucket", "s-key"]);
    expect(named(resources, "s-bucket").inputs).toEqual({
      name: "shop-prod-backups",
      region: "sfo3",
      acl: "private",
      versioning: { enabled: true },
      forceDestroy: false,
      lifecycleRules: [
        {
          id: "expire-shop-dump",
          enabled: true,
          prefix: "shop/dump/",
          expiration: { days: 41 },
        },
        {
          id: "old-versions",
          enabled: true,
          abortIncompleteMultipartUploadDays: 1,
          expiration: { expiredObjectDeleteMarker: true },
          noncurrentVersionExpiration: { days: 7 },
        },
      ],
    });
  });

  it("gives access only to that bucket, with a secret key", async () => {
    const { resources, result } = await register(
      (options) => new SpacesObjectStore("s", args, options),
    );
    expect(named(resources, "s-key").inputs).toEqual({
      name: "shop-prod-backups",
      grants: [{ bucket: "shop-prod-backups", permission: "readwrite" }],
    });
    const { accessKey, secretKey } = result.credentials ?? expect.fail("no credentials");
    expect(await isSecret(accessKey)).toBe(true);
    expect(await isSecret(secretKey)).toBe(true);
    expect(await valueOf(accessKey)).toBe("key-id");
    expect(await valueOf(secretKey)).toBe("key-secret");
    expect(await valueOf(result.endpoint)).toBe("sfo3.digitaloceanspaces.com");
  });

  it("is reached over the internet, and grants nothing to an account", async () => {
    const { resources, result } = await register((options) => {
      const store = new SpacesObjectStore("s", args, options);
      return { store, grant: store.grant() };
    });
    expect(result.store.reach).toEqual([{ kind: "internet", port: 443 }]);
    expect(result.grant).toBe(NO_GRANT);
    expect(resources).toHaveLength(2);
    expect(result.store.ready).toHaveLength(2);
  });

  it("can be planned before the bucket or its key exist", async () => {
    const { resources, result } = await register(
      (options) => new SpacesObjectStore("s", args, options),
      true,
    );
    expect(named(resources, "s-key").inputs["name"]).toBe("shop-prod-backups");
    const { secretKey } = result.credentials ?? expect.fail("no credentials");
    expect([await valueOf(secretKey), await isSecret(secretKey)]).toEqual([UNKNOWN, true]);
  });

  it("keeps the bucket of a stack with its older type", async () => {
    const aliases: unknown[] = [];
    await register(
      (options) =>
        new SpacesObjectStore("s", args, {
          ...options,
          transformations: [
            ...(options.transformations ?? []),
            ({ type, opts }) => {
              if (type === "runstack:object-store:SpacesObjectStore") aliases.push(opts.aliases);
              return undefined;
            },
          ],
        }),
    );
    expect(aliases).toEqual([[{ type: "runstack:recovery:SpacesObjectStore" }]]);
  });

  it("versioning cannot be taken off a bucket, only suspended", async () => {
    const { resources } = await register(
      (options) => new SpacesObjectStore("s", { ...args, versioned: false }, options),
    );
    expect(named(resources, "s-bucket").inputs["versioning"]).toEqual({ enabled: false });
  });

  it.each([
    { production: true, protect: false, forceDestroy: false },
    { production: false, protect: true, forceDestroy: true },
  ])("production $production, protect $protect", async ({ production, protect, forceDestroy }) => {
    const { resources } = await register(
      (options) => new SpacesObjectStore("s", { ...args, production, protect }, options),
    );
    const bucket = named(resources, "s-bucket");
    expect(bucket.options.protect).toBe(protect);
    expect(bucket.options.replaceOnChanges).toEqual(["name"]);
    expect(bucket.inputs["forceDestroy"]).toBe(forceDestroy);
  });

  it("keeps deleted objects for the given time", async () => {
    const { resources } = await register(
      (options) => new SpacesObjectStore("s", { ...args, undeleteDays: 19 }, options),
    );
    expect(named(resources, "s-bucket").inputs["lifecycleRules"]).toContainEqual(
      expect.objectContaining({ noncurrentVersionExpiration: { days: 19 } }),
    );
  });
});

describe("checkSpaces", () => {
  it.each<[string, Partial<SpacesArguments>, string]>([
    [
      "a region without Spaces",
      { region: "nyc1" },
      'SpacesObjectStore s: region is "nyc1", but must be a region with Spaces: ams3, atl1, blr1, fra1, lon1, nyc3, sfo2, sfo3, sgp1, syd1, tor1. Set runstack:backupRegion.',
    ],
    [
      "a name with capitals",
      { bucket: "Shop" },
      'SpacesObjectStore s: bucket is "Shop", but must be 3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends. Shorten the system\'s id or the suffix.',
    ],
    [
      "half a day",
      { expirations: [{ prefix: "a/", days: 0.5 }] },
      "SpacesObjectStore s: expirations of a/ is 0.5 days, but must be a whole number of days, at least 1. Object stores count lifetimes in days.",
    ],
    [
      "no time to undelete",
      { undeleteDays: 0 },
      "SpacesObjectStore s: undeleteDays is 0 days, but must be a whole number of days, at least 1. Object stores count lifetimes in days.",
    ],
    [
      "a prefix that is not a folder",
      { expirations: [{ prefix: "shop", days: 5 }] },
      'SpacesObjectStore s: expirations is for the prefix "shop", but must be for one that ends in a slash and does not begin with one. Without the slash it would match every name with the same beginning.',
    ],
    [
      "two lifetimes of one prefix",
      {
        expirations: [
          { prefix: "a/", days: 5 },
          { prefix: "a/", days: 6 },
        ],
      },
      'SpacesObjectStore s: expirations is two for the prefix "a/", but must be one for each prefix. Keep the longer one, or put the objects below different prefixes.',
    ],
  ])("refuses %s", (_, wrong, message) => {
    expect(
      refusal(() => {
        checkSpaces("s", { ...args, ...wrong });
      }),
    ).toBe(message);
  });

  it.each(["a23", `a${"b".repeat(62)}`])("accepts %s", (bucket) => {
    expect(
      refusal(() => {
        checkSpaces("s", { ...args, bucket });
      }),
    ).toBe("");
  });
});
