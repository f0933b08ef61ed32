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
 * To read, write and delete objects, but to change nothing about who may; and to see the bucket
 * itself, which S3's clients ask for first.
 */
const ROLES = ["roles/storage.objectUser", "roles/storage.legacyBucketReader"] as const;

/** Seven days: as long as Google keeps deleted objects by default, and the least besides none. */
const SOFT_DELETE_SECONDS = 604_800;

/**
 * A bucket in Google Cloud Storage: private whatever its objects say, encrypted by the service. S3's
 * clients use it with the key of a service account that may use this bucket only; pods that speak
 * Google's own protocol sign in as themselves, see `grant`.
 *
 * Whoever may delete an object here may delete its versions too. What is deleted stays for another
 * seven days in production, out of everybody's reach but an administrator's.
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
      // In an empty project Google's APIs are off, accounts' among them; the peering stands on all of them.
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

  /** Last: an account is known everywhere only some time after it was made. */
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

/** At most 30 characters, unique in the project, and the same for the same bucket and account. */
export function accountId(...of: readonly string[]): string {
  return `objects-${createHash("sha256").update(of.join("/")).digest("hex").slice(0, 16)}`;
}

/**
 * An expired object first becomes a noncurrent version and is gone `undeleteDays` later. Uploads that
 * broke off are removed after a day.
 */
export function lifecycleRules({
  expirations,
  undeleteDays = UNDELETE_DAYS,
}: Pick<BucketArguments, "expirations" | "undeleteDays">): input.storage.BucketLifecycleRule[] {
  return [
    ...expirations.map(({ prefix, days }) => ({
      action: { type: "Delete" },
      // Of live objects only: without the word, a version would be gone the moment it is one.
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
