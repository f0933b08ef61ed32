import * as pulumi from "@pulumi/pulumi";
import type { AwsPlacement } from "../../../cluster/contract";
import { Component, type ComponentOptions } from "../../../kit/component";
import { podIdentity, type Statement } from "../identity";
import { credentialReach, POD_IDENTITY_AGENT } from "../../../identity/credentials";
import type { Account, Grant } from "../../../identity/contract";
import type { Reach } from "../../../kit/egress";
import { enforce, quoted, type Rule } from "../../../kit/validation";
import { bucketRules } from "../../../object-store/arguments";
import type { ObjectStore } from "../../../object-store/contract";
import { privateBucket, type S3BucketArguments } from "./bucket";
import { readStatements, type S3PrimaryArguments } from "./primary";
import { keyStatement, replicaName, replicate } from "./replica";

export interface S3Arguments extends S3BucketArguments {
  /** The cluster whose pods get access. */
  readonly placement: Pick<AwsPlacement, "clusterName" | "identityReady">;
  /**
   * Another region with a copy of every object, for reading if the first one is lost. The copy
   * costs as much as the original, plus the transfer.
   * @default no copy
   */
  readonly replicaRegion?: string;
  /**
   * Buckets of other environments that everyone with access to this one may also read: an account
   * has one role at a time.
   * @default none
   */
  readonly reads?: readonly S3PrimaryArguments[];
}

/**
 * A bucket in Amazon S3. It has no access keys: pods use their own identity, see `grant`.
 *
 * Object Lock is not used: in COMPLIANCE mode nobody can delete the bucket before the last lock
 * ends, and in GOVERNANCE mode an administrator can bypass it, who could as well delete the bucket.
 * Versions protect against a compromised pod: pods may delete objects, but no versions.
 */
export class S3ObjectStore extends Component implements ObjectStore {
  readonly endpoint: pulumi.Output<string>;
  readonly bucket: pulumi.Output<string>;
  readonly region: string;
  readonly dialect = "AWS";
  readonly credentials = undefined;
  readonly encryptionKey: pulumi.Output<string>;
  readonly reach: readonly Reach[] = [
    { kind: "internet", port: 443 },
    ...credentialReach(POD_IDENTITY_AGENT),
  ];
  readonly ready: readonly pulumi.Resource[];
  /** The copy's bucket; absent without one. */
  readonly replica: pulumi.Output<string> | undefined;
  readonly #args: S3Arguments & { readonly arn: pulumi.Output<string> };

  constructor(name: string, args: S3Arguments, options: ComponentOptions) {
    const { bucket: bucketName, region } = args;
    super("object-store:S3ObjectStore", name, { bucket: bucketName, region }, options);
    checkS3(name, args);

    const { replicaRegion } = args;
    const made = privateBucket(name, args, this.options());
    const copy =
      replicaRegion === undefined
        ? undefined
        : replicate(name, made, { ...args, replicaRegion }, this.options());
    this.#args = { ...args, arn: made.bucket.arn };
    this.endpoint = pulumi.output(`s3.${region}.amazonaws.com`);
    this.bucket = made.bucket.bucket;
    this.region = region;
    this.encryptionKey = made.keyArn;
    this.replica = copy?.bucket.bucket;
    this.ready = [...made.ready, ...(copy?.ready ?? [])];
    this.publish();
  }

  grant(name: string, account: Account): Grant {
    enforce(`S3ObjectStore ${this.name}`, [roleRule(`${name}-role`)]);
    const { annotations, ready } = podIdentity(
      name,
      { placement: this.#args.placement, account, statements: this.statements() },
      this.options(),
    );
    return { annotations, ready };
  }

  /** To read and write objects of this bucket, without permissions for the bucket itself. */
  private statements(): readonly Statement[] {
    const { arn, region } = this.#args;
    return [
      {
        // Without permission to list, a missing object is "forbidden" instead of "not found".
        actions: ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
        resources: [arn],
      },
      {
        actions: [
          "s3:GetObject",
          "s3:PutObject",
          "s3:DeleteObject",
          "s3:AbortMultipartUpload",
          "s3:ListMultipartUploadParts",
        ],
        resources: [pulumi.interpolate`${arn}/*`],
      },
      // A multipart upload decrypts its own parts.
      keyStatement(this.encryptionKey, region, "Decrypt", "GenerateDataKey"),
      ...(this.#args.reads ?? []).flatMap(readStatements),
    ];
  }
}

/** For AWS' standard partition: the others have a different domain. */
const REGION = /^(?!cn-)[a-z]{2}-[a-z]+-\d$/;

/** Prefixes and suffixes that Amazon reserves. */
const RESERVED = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|--x-s3|--table-s3)$/;

/** Pure. */
export function checkS3(name: string, args: Omit<S3Arguments, "placement" | "keyArn">): void {
  enforce(`S3ObjectStore ${name}`, [
    regionRule("region", args.region),
    ...bucketRules(args),
    {
      holds: !RESERVED.test(args.bucket),
      key: "bucket",
      value: quoted(args.bucket),
      allowed: "a name without a prefix or suffix that Amazon reserves",
      next: "Choose another suffix.",
    },
    ...(args.replicaRegion === undefined ? [] : replicaRules(name, args, args.replicaRegion)),
  ]);
}

function replicaRules(name: string, args: Parameters<typeof checkS3>[1], region: string) {
  return [
    regionRule("replicaRegion", region),
    {
      holds: region !== args.region,
      key: "replicaRegion",
      value: quoted(region),
      allowed: "a region other than the bucket's",
      next: "A copy in the same region would be lost with the original.",
    },
    {
      holds: args.versioned !== false,
      key: "versioned",
      value: "false",
      allowed: "true for a bucket that is copied to another region",
      next: "Amazon replicates only versioned buckets.",
    },
    ...bucketRules({ ...args, bucket: replicaName(args.bucket, region) }),
    roleRule(`${name}-replication-role`),
  ];
}

/** A role's name has at most 64 characters, including the eight that Pulumi appends. */
const LONGEST_ROLE = 56;

const roleRule = (role: string): Rule => ({
  holds: role.length <= LONGEST_ROLE,
  key: "role",
  value: quoted(role),
  allowed: `a name of at most ${LONGEST_ROLE} characters`,
  next: "Shorten the name of the backup or of the component that reads it.",
});

const regionRule = (key: string, region: string): Rule => ({
  holds: REGION.test(region),
  key,
  value: region === "" ? "missing" : quoted(region),
  allowed: "an AWS region, such as eu-central-1",
  next: "Set runstack:backupRegion.",
});
