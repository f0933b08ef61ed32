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

/** Its region must be one with Spaces, better not the cluster's own. */
export type SpacesArguments = BucketArguments;

/**
 * A bucket in DigitalOcean Spaces: private, versioned, and encrypted at rest by the service, which
 * knows neither keys of ours nor labels.
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

  /** Spaces knows keys only. */
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

/** A stack that knows it by the older type keeps its bucket. */
const formerly = (options: pulumi.ComponentResourceOptions): pulumi.ComponentResourceOptions =>
  pulumi.mergeOptions({ aliases: [{ type: "runstack:recovery:SpacesObjectStore" }] }, options);

/**
 * An expired object first becomes a noncurrent version and is gone `undeleteDays` later; the marker
 * that it leaves is removed then. Uploads that broke off are removed after a day.
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
