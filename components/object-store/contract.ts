import type * as pulumi from "@pulumi/pulumi";
import type { Account, Grant } from "../identity/contract";
import type { Reach } from "../kit/egress";

/** A private bucket, with credentials for this bucket only. */
export interface ObjectStore extends pulumi.ComponentResource {
  /** Host name without a scheme: always HTTPS on port 443. */
  readonly endpoint: pulumi.Output<string>;
  readonly bucket: pulumi.Output<string>;
  readonly region: string;
  /**
   * rclone's name for the service, which decides how requests are signed and listings are encoded.
   */
  readonly dialect: "DigitalOcean" | "AWS" | "GCS" | "Other";
  /**
   * S3 access key and secret key, both secret; absent if pods use their own identity: see `grant`.
   */
  readonly credentials:
    | { readonly accessKey: pulumi.Output<string>; readonly secretKey: pulumi.Output<string> }
    | undefined;
  /**
   * The KMS key that a client must name when it writes, if necessary: an ARN of Amazon's. Absent if
   * the service encrypts without it.
   */
  readonly encryptionKey?: pulumi.Output<string>;
  /**
   * Whether another store grants the permission for this one: an account has one role at a time.
   * @default false
   */
  readonly grantedElsewhere?: boolean;
  /** Lets pods with this account read and write without a key; nothing if the store needs keys. */
  grant(name: string, account: Account): Grant;
  /**
   * All network paths of a client: the store itself, and the service that provides its credentials.
   */
  readonly reach: readonly Reach[];
  /** What must exist before an object can be written. */
  readonly ready: readonly pulumi.Resource[];
}

/** Lifetime of the objects below one prefix. */
export interface Expiration {
  /** Without a leading slash and with a trailing one, for example `database/`. */
  readonly prefix: string;
  readonly days: number;
}
