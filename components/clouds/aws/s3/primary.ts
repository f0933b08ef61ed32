import * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentOptions } from "../../../kit/component";
import type { Statement } from "../identity";
import { credentialReach, POD_IDENTITY_AGENT } from "../../../identity/credentials";
import { NO_GRANT, type Grant } from "../../../identity/contract";
import type { Reach } from "../../../kit/egress";
import type { ObjectStore } from "../../../object-store/contract";

export interface S3PrimaryArguments {
  /** A bucket of another environment. */
  readonly bucket: string;
  readonly region: string;
}

/**
 * The primary's bucket, which a recovery region reads: nothing is created or changed in it. An
 * account has one role at a time, so the permission to read is part of what the environment's own
 * store grants: see `readStatements`.
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

/** Permission to read all objects of a bucket with an unknown key: only for it, through S3. */
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
          // With a bucket key, the encryption context is the bucket.
          "kms:EncryptionContext:aws:s3:arn": arn,
        },
      },
    },
  ];
}
