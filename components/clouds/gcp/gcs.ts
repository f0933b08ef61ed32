import { createHash } from "node:crypto";
import * as serviceaccount from "@pulumi/gcp/serviceaccount";
import * as storage from "@pulumi/gcp/storage";
import type { input } from "@pulumi/gcp/types";
import * as pulumi from "@pulumi/pulumi";
import type { GooglePlacement } from "../../cluster/contract";
import { Component, type ComponentOptions } from "../../kit/component";
import type { Account, Grant } from "../../identity/contract";
import { credentialReach, METADATA_SERVER } from "../../identity/credentials";
import { workloadIdentity } from "./identity";
import type { Reach } from "../../kit/egress";
import { enforce, quoted } from "../../kit/validation";
import {
  bucketLabels,
  bucketRules,
  UNDELETE_DAYS,
  type BucketArguments,
} from "../../object-store/arguments";
import type { ObjectStore } from "../../object-store/contract";

export interface GcsArguments extends BucketArguments {
  readonly placement: Pick<
    GooglePlacement,
    "project" | "workloadPool" | "identityReady" | "peering"
  >;
}

/**
 * Permissions to read, write and delete objects, but not to change access; and to read the bucket
 * itself, which S3 clients request first.
 */
const ROLES = ["roles/storage.objectUser", "roles/storage.legacyBucketReader"] as const;

/** Seven days: Google's default for soft deletion, and the minimum besides none. */
const SOFT_DELETE_SECONDS = 604_800;

/**
 * A bucket in Google Cloud Storage: private whatever the ACLs of its objects say, encrypted by the
 * service. S3 clients use it with the key of a service account that may use only this bucket; pods
 * that use Google's own API sign in with their identity, see `grant`.
 *
 * Whoever may delete an object may also delete its versions. In production, deleted data is kept
 * for another seven days, and only an administrator can restore it.
 */
export class GcsObjectStore extends Component implements ObjectStore {
  readonly endpoint: pulumi.Output<string>;
  readonly bucket: pulumi.Output<string>;
  readonly region: string;
  readonly dialect = "GCS";
  readonly credentials: NonNullable<ObjectStore["credentials"]>;
  readonly reach: readonly Reach[] = [
    { kind: "internet", port: 443 },
    ...credentialReach(METADATA_SERVER),
  ];
  readonly ready: readonly pulumi.Resource[];
  readonly #args: GcsArguments;

  constructor(name: string, args: GcsArguments, options: ComponentOptions) {
    const { bucket: bucketName, region, placement } = args;
    super(
      "object-store:GcsObjectStore",
      name,
      { bucket: bucketName, region },
      // APIs are off in a new project; the service account and the peering need them.
      pulumi.mergeOptions(options, { dependsOn: [placement.peering] }),
    );
    checkGcs(name, args);

    const bucket = this.createBucket(args);
    const account = this.createAccount(args);
    const members = this.allow(this.name, bucket.name, account.email);
    const key = this.createKey(account.email, members, args);
    this.#args = args;
    this.endpoint = pulumi.output("storage.googleapis.com");
    this.bucket = bucket.name;
    this.region = region;
    this.credentials = {
      accessKey: pulumi.secret(key.accessId),
      secretKey: pulumi.secret(key.secret),
    };
    this.ready = [bucket, ...members, key];
    this.publish();
  }

  grant(name: string, account: Account): Grant {
    const { placement, bucket } = this.#args;
    const identity = workloadIdentity(
      name,
      {
        placement,
        account,
        accountId: accountId(bucket, account.namespace, account.serviceAccount),
      },
      this.options(),
    );
    const members = this.allow(name, this.bucket, identity.account.email);
    return { annotations: identity.annotations, ready: [...identity.ready, ...members] };
  }

  private createBucket(args: GcsArguments): storage.Bucket {
    return new storage.Bucket(
      this.child("bucket"),
      {
        name: args.bucket,
        location: args.region,
        project: args.placement.project,
        storageClass: "STANDARD",
        uniformBucketLevelAccess: true,
        publicAccessPrevention: "enforced",
        versioning: { enabled: args.versioned ?? true },
        softDeletePolicy: { retentionDurationSeconds: args.production ? SOFT_DELETE_SECONDS : 0 },
        lifecycleRules: lifecycleRules(args),
        forceDestroy: !args.production,
        deletionPolicy: args.protect ? "PREVENT" : "DELETE",
        labels: { ...bucketLabels(args) },
      },
      this.options({ protect: args.protect }),
    );
  }

  private createAccount({ bucket, placement }: GcsArguments): serviceaccount.Account {
    return new serviceaccount.Account(
      this.child("account"),
      {
        accountId: accountId(bucket),
        project: placement.project,
        displayName: `Objects of ${bucket}`,
      },
      this.options(),
    );
  }

  private allow(
    name: string,
    bucket: pulumi.Output<string>,
    email: pulumi.Output<string>,
  ): readonly storage.BucketIAMMember[] {
    return ROLES.map(
      (role) =>
        new storage.BucketIAMMember(
          `${name}-${role.replace(/^.*\./, "").toLowerCase()}`,
          { bucket, role, member: pulumi.interpolate`serviceAccount:${email}` },
          this.options(),
        ),
    );
  }

  /** Last, because a new service account is not known everywhere at once. */
  private createKey(
    email: pulumi.Output<string>,
    members: readonly pulumi.Resource[],
    args: GcsArguments,
  ): storage.HmacKey {
    return new storage.HmacKey(
      this.child("key-1"),
      { serviceAccountEmail: email, project: args.placement.project, state: "ACTIVE" },
      this.options({ dependsOn: [...members] }),
    );
  }
}

/** At most 30 characters, unique in the project, and stable for a given bucket and account. */
export function accountId(...of: readonly string[]): string {
  return `objects-${createHash("sha256").update(of.join("/")).digest("hex").slice(0, 16)}`;
}

/**
 * An expired object first becomes a noncurrent version and is deleted `undeleteDays` later.
 * Incomplete uploads are removed after a day.
 */
export function lifecycleRules({
  expirations,
  undeleteDays = UNDELETE_DAYS,
}: Pick<BucketArguments, "expirations" | "undeleteDays">): input.storage.BucketLifecycleRule[] {
  return [
    ...expirations.map(({ prefix, days }) => ({
      action: { type: "Delete" },
      // Only for live objects: without this, a version would be deleted as soon as it becomes one.
      condition: { age: days, matchesPrefixes: [prefix], withState: "LIVE" },
    })),
    {
      action: { type: "Delete" },
      condition: { daysSinceNoncurrentTime: undeleteDays, withState: "ARCHIVED" },
    },
    { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 1 } },
  ];
}

/** Pure. */
export function checkGcs(name: string, args: Omit<GcsArguments, "placement">): void {
  enforce(`GcsObjectStore ${name}`, [
    {
      holds: /^[a-z]+-[a-z]+\d+$/.test(args.region),
      key: "region",
      value: args.region === "" ? "missing" : quoted(args.region),
      allowed: "a Google Cloud region, such as europe-west1",
      next: "Set runstack:backupRegion.",
    },
    ...bucketRules(args),
    {
      holds: !/^goog|google|g00gle/.test(args.bucket),
      key: "bucket",
      value: quoted(args.bucket),
      allowed: "a name that does not begin with goog and does not contain google",
      next: "Google reserves such names.",
    },
  ]);
}
