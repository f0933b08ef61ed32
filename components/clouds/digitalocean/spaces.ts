import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import { DIGITALOCEAN_REGIONS } from "../../../settings/clouds/digitalocean-regions";
import { Component, type ComponentOptions } from "../../kit/component";
import { NO_GRANT, type Grant } from "../../identity/contract";
import type { Reach } from "../../kit/egress";
import { enforce, quoted } from "../../kit/validation";
import {
  bucketRules,
  ruleName,
  UNDELETE_DAYS,
  type BucketArguments,
} from "../../object-store/arguments";
import type { ObjectStore } from "../../object-store/contract";

/** Must be a region with Spaces, preferably not the cluster's own. */
export type SpacesArguments = BucketArguments;

/**
 * A bucket in DigitalOcean Spaces: private, versioned, and encrypted at rest by the service, which
 * supports neither customer-managed keys nor labels.
 *
 * There is no bucket policy to deny plain HTTP: Spaces supports either a bucket policy or keys
 * limited to one bucket, not both (DigitalOcean, "How to Configure Bucket Policies"), and the
 * limited key is worth more. Its only user connects by HTTPS.
 *
 * The provider creates buckets with a separate Spaces key (`SPACES_ACCESS_KEY_ID`,
 * `SPACES_SECRET_ACCESS_KEY`), not with the API token.
 */
export class SpacesObjectStore extends Component implements ObjectStore {
  readonly endpoint: pulumi.Output<string>;
  readonly bucket: pulumi.Output<string>;
  readonly region: string;
  readonly dialect = "DigitalOcean";
  readonly credentials: ObjectStore["credentials"];
  readonly reach: readonly Reach[] = [{ kind: "internet", port: 443 }];
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: SpacesArguments, options: ComponentOptions) {
    const { bucket: bucketName, region } = args;
    super(
      "object-store:SpacesObjectStore",
      name,
      { bucket: bucketName, region },
      formerly(options),
    );
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
    this.publish();
  }

  /** Spaces only supports keys. */
  grant(): Grant {
    return NO_GRANT;
  }

  private createBucket(args: SpacesArguments): digitalocean.SpacesBucket {
    return new digitalocean.SpacesBucket(
      this.child("bucket"),
      {
        name: args.bucket,
        region: args.region,
        acl: "private",
        versioning: { enabled: args.versioned ?? true },
        forceDestroy: !args.production,
        lifecycleRules: lifecycleRules(args),
      },
      this.options({
        protect: args.protect,
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

/** Alias for stacks that were created with the older type: they keep their bucket. */
const formerly = (options: pulumi.ComponentResourceOptions): pulumi.ComponentResourceOptions =>
  pulumi.mergeOptions({ aliases: [{ type: "runstack:recovery:SpacesObjectStore" }] }, options);

/**
 * An expired object first becomes a noncurrent version and is deleted `undeleteDays` later; then
 * its delete marker is removed. Incomplete uploads are removed after a day.
 */
export function lifecycleRules({
  expirations,
  undeleteDays = UNDELETE_DAYS,
}: Pick<
  SpacesArguments,
  "expirations" | "undeleteDays"
>): digitalocean.types.input.SpacesBucketLifecycleRule[] {
  return [
    ...expirations.map(({ prefix, days }) => ({
      id: ruleName(prefix),
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
  const regions = Object.entries(DIGITALOCEAN_REGIONS).flatMap(([region, { spaces }]) =>
    spaces ? [region] : [],
  );
  enforce(`SpacesObjectStore ${name}`, [
    {
      holds: regions.includes(args.region),
      key: "region",
      value: quoted(args.region),
      allowed: `a region with Spaces: ${regions.join(", ")}`,
      next: "Set runstack:backupRegion.",
    },
    ...bucketRules(args),
  ]);
}
