import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { DIGITALOCEAN_REGIONS } from "../../settings/digitalocean-regions";
import { Component, ComponentError } from "../component";
import type { Expiration, ObjectStore } from "./contract";

export interface SpacesArguments {
  /**
   * Unique among everybody's buckets: see `bucketName`. Changing it creates a second bucket; the
   * objects stay behind in the first one.
   */
  readonly bucket: string;
  /** A region with Spaces, better not the cluster's own. Changing it replaces the bucket. */
  readonly region: string;
  readonly expirations: readonly Expiration[];
  /** Protects the bucket from deletion, and refuses to delete it while it holds objects. */
  readonly production: boolean;
  /**
   * Days for which an overwritten or deleted object can still be brought back.
   * @default 7
   */
  readonly undeleteDays?: number;
}

/**
 * A bucket in DigitalOcean Spaces: private, versioned, and encrypted at rest by the service.
 *
 * There is no bucket policy that would refuse plain HTTP: Spaces accepts either a bucket policy or
 * keys limited to one bucket, never both (DigitalOcean, "How to Configure Bucket Policies"), and the
 * limited key is worth more. Its only user connects by HTTPS.
 *
 * The provider creates buckets with a Spaces key of its own (`SPACES_ACCESS_KEY_ID`,
 * `SPACES_SECRET_ACCESS_KEY`), not with the API token.
 */
export class SpacesObjectStore extends Component implements ObjectStore {
  readonly endpoint: pulumi.Output<string>;
  readonly bucket: pulumi.Output<string>;
  readonly region: string;
  readonly dialect = "DigitalOcean";
  readonly credentials: ObjectStore["credentials"];
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: SpacesArguments, options: pulumi.ComponentResourceOptions) {
    const { bucket: bucketName, region, production } = args;
    super("recovery:SpacesObjectStore", name, { bucket: bucketName, region }, options);
    checkSpaces(name, args);

    const bucket = this.createBucket(args);
    const key = this.createKey(bucket.name, bucketName);
    this.endpoint = pulumi.output(`${region}.digitaloceanspaces.com`);
    this.bucket = bucket.name;
    this.region = region;
    this.credentials = {
      accessKey: pulumi.secret(key.accessKey),
      secretKey: pulumi.secret(key.secretKey),
    };
    this.ready = [bucket, key];
    this.registerOutputs({
      endpoint: this.endpoint,
      bucket: this.bucket,
      region: this.region,
      dialect: this.dialect,
      credentials: this.credentials,
      protected: production,
    });
  }

  private createBucket(args: SpacesArguments): digitalocean.SpacesBucket {
    return new digitalocean.SpacesBucket(
      this.child("bucket"),
      {
        name: args.bucket,
        region: args.region,
        acl: "private",
        versioning: { enabled: true },
        forceDestroy: !args.production,
        lifecycleRules: lifecycleRules(args),
      },
      this.options({
        protect: args.production,
        // The provider accepts a new name without renaming anything.
        replaceOnChanges: ["name"],
      }),
    );
  }

  private createKey(bucket: pulumi.Output<string>, name: string): digitalocean.SpacesKey {
    return new digitalocean.SpacesKey(
      this.child("key"),
      { name, grants: [{ bucket, permission: "readwrite" }] },
      this.options({ additionalSecretOutputs: ["accessKey", "secretKey"] }),
    );
  }
}

/** The name of an environment's bucket; `suffix` makes it unique where somebody else has it already. */
export function bucketName(system: string, environment: string, suffix?: string): string {
  return [system, environment, "backups", ...(suffix === undefined ? [] : [suffix])].join("-");
}

/**
 * An expired object first becomes a noncurrent version and is gone `undeleteDays` later; the marker
 * that it leaves is removed then. Uploads that broke off are removed after a day.
 */
export function lifecycleRules({
  expirations,
  undeleteDays = 7,
}: Pick<
  SpacesArguments,
  "expirations" | "undeleteDays"
>): digitalocean.types.input.SpacesBucketLifecycleRule[] {
  return [
    ...expirations.map(({ prefix, days }) => ({
      id: `expire-${prefix.replace(/\/$/, "").replaceAll("/", "-")}`,
      enabled: true,
      prefix,
      expiration: { days },
    })),
    {
      id: "old-versions",
      enabled: true,
      abortIncompleteMultipartUploadDays: 1,
      expiration: { expiredObjectDeleteMarker: true },
      noncurrentVersionExpiration: { days: undeleteDays },
    },
  ];
}

/** Pure. */
export function checkSpaces(name: string, args: SpacesArguments): void {
  const component = `SpacesObjectStore ${name}`;
  if (DIGITALOCEAN_REGIONS[args.region]?.spaces !== true) {
    const regions = Object.entries(DIGITALOCEAN_REGIONS).flatMap(([region, { spaces }]) =>
      spaces ? [region] : [],
    );
    throw new ComponentError(
      component,
      "region",
      `"${args.region}"`,
      `a region with Spaces: ${regions.join(", ")}`,
      "Set runstack:backupRegion.",
    );
  }
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(args.bucket)) {
    throw new ComponentError(
      component,
      "bucket",
      `"${args.bucket}"`,
      "3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends",
      "Shorten the system's id or the suffix.",
    );
  }
  checkDays(component, "undeleteDays", args.undeleteDays ?? 7);
  for (const { prefix, days } of args.expirations) {
    checkDays(component, `expirations of ${prefix}`, days);
  }
}

function checkDays(component: string, key: string, days: number): void {
  if (Number.isInteger(days) && days >= 1) return;
  throw new ComponentError(
    component,
    key,
    `${String(days)} days`,
    "a whole number of days, at least 1",
    "Spaces counts lifetimes in days.",
  );
}
