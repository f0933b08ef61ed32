import type * as pulumi from "@pulumi/pulumi";

/** A private bucket that speaks S3's protocol, with a key that opens this bucket only. */
export interface ObjectStore extends pulumi.ComponentResource {
  /** Host name without scheme: it is always reached by HTTPS on port 443. */
  readonly endpoint: pulumi.Output<string>;
  readonly bucket: pulumi.Output<string>;
  readonly region: string;
  /** What rclone calls the service; it decides how requests are signed and listings are encoded. */
  readonly dialect: "DigitalOcean";
  /** Both secret. */
  readonly credentials: {
    readonly accessKey: pulumi.Output<string>;
    readonly secretKey: pulumi.Output<string>;
  };
  /** What exists before an object may be written. */
  readonly ready: readonly pulumi.Resource[];
}

/** How long the objects below one prefix are kept. */
export interface Expiration {
  /** Without a leading slash and with a trailing one, for example `database/`. */
  readonly prefix: string;
  readonly days: number;
}
