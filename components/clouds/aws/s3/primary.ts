import * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentOptions } from "../../../kit/component";
import type { Statement } from "../identity";
import { credentialReach, POD_IDENTITY_AGENT } from "../../../identity/credentials";
import { NO_GRANT, type Grant } from "../../../identity/contract";
import type { Reach } from "../../../kit/egress";
import type { ObjectStore } from "../../../object-store/contract";

export interface S3PrimaryArguments {
  /** A bucket that another environment made. */
  readonly bucket: string;
  readonly region: string;
}

/**
 * The bucket of the primary, in which a recovery region reads: nothing of it is created or changed
 * here. An account has one role at a time, so the right to read is part of what the environment's
 * own store grants: see `readStatements`.
 */
export class S3PrimaryStore extends Component implements ObjectStore {
  readonly endpoint: pulumi.Output<string>;
  readonly bucket: pulumi.Output<string>;
  readonly region: string;
  readonly dialect = "AWS";
  readonly credentials = undefined;
  readonly grantedElsewhere = true;
  readonly reach: readonly Reach[] = [
    { kind: "internet", port: 443 },
    ...credentialReach(POD_IDENTITY_AGENT),
  ];
  readonly ready: readonly pulumi.Resource[] = [];

  constructor(name: string, args: S3PrimaryArguments, options: ComponentOptions) {
    const { bucket, region } = args;
    super("object-store:S3PrimaryStore", name, { bucket, region }, options);
    this.endpoint = pulumi.output(`s3.${region}.amazonaws.com`);
    this.bucket = pulumi.output(bucket);
    this.region = region;
    this.publish();
  }

  grant(): Grant {
    return NO_GRANT;
  }
}

/** To read all objects of a bucket whose key is not known here: only through S3, only for this bucket. */
export function readStatements({ bucket, region }: S3PrimaryArguments): readonly Statement[] {
  const arn = `arn:aws:s3:::${bucket}`;
  return [
    { actions: ["s3:ListBucket", "s3:GetBucketLocation"], resources: [arn] },
    { actions: ["s3:GetObject"], resources: [`${arn}/*`] },
    {
      actions: ["kms:Decrypt"],
      resources: [`arn:aws:kms:${region}:*:key/*`],
      condition: {
        StringEquals: {
          "kms:ViaService": `s3.${region}.amazonaws.com`,
          // With a bucket key, what S3 decrypts for is the bucket.
          "kms:EncryptionContext:aws:s3:arn": arn,
        },
      },
    },
  ];
}
