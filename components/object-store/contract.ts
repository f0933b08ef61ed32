import type * as pulumi from "@pulumi/pulumi";
import type { Account, Grant } from "../identity/contract";
import type { Reach } from "../kit/egress";

/** A private bucket, with credentials that open this bucket only. */
export interface ObjectStore extends pulumi.ComponentResource {
  /** Host name without scheme: it is always reached by HTTPS on port 443. */
  readonly endpoint: pulumi.Output<string>;
  readonly bucket: pulumi.Output<string>;
  readonly region: string;
  /** What rclone calls the service; it decides how requests are signed and listings are encoded. */
  readonly dialect: "DigitalOcean" | "AWS" | "GCS" | "Other";
  /** Of S3's protocol, both secret; absent where pods sign in as themselves: see `grant`. */
  readonly credentials:
    | { readonly accessKey: pulumi.Output<string>; readonly secretKey: pulumi.Output<string> }
    | undefined;
  /**
   * The key that a client must name when it writes, where it has to name one at all: an ARN of
   * Amazon's. Absent where the service encrypts without being asked.
   */
  readonly encryptionKey?: pulumi.Output<string>;
  /**
   * Whether the right to it is part of what another store grants: an account has one role at a time.
   * @default false
   */
  readonly grantedElsewhere?: boolean;
  /**
   * Lets pods with this account read and write without a key. Nothing is created where the store
   * knows keys only.
   */
  grant(name: string, account: Account): Grant;
  /** Every way that a client needs: the store itself, and whoever hands out its credentials. */
  readonly reach: readonly Reach[];
  /** What exists before an object may be written. */
  readonly ready: readonly pulumi.Resource[];
}

/** How long the objects below one prefix are kept. */
export interface Expiration {
  /** Without a leading slash and with a trailing one, for example `database/`. */
  readonly prefix: string;
  readonly days: number;
}
