import * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentOptions } from "../kit/component";
import { NO_GRANT, type Grant } from "../identity/contract";
import type { Reach } from "../kit/egress";
import { enforce, quoted } from "../kit/validation";
import type { ObjectStore } from "./contract";

/** An existing bucket of any service with the S3 protocol. */
export interface ExternalObjectStoreArguments {
  /** Host name, without scheme or path. */
  readonly endpoint: string;
  readonly bucket: string;
  /** As the service names it; `us-east-1` for services with only one region. */
  readonly region: string;
  /** Secret. */
  readonly accessKey: pulumi.Output<string>;
  /** Secret. */
  readonly secretKey: pulumi.Output<string>;
}

/** An external bucket: nothing is created; its owner configures lifetime, versioning and access. */
export class ExternalObjectStore extends Component implements ObjectStore {
  readonly endpoint: pulumi.Output<string>;
  readonly bucket: pulumi.Output<string>;
  readonly region: string;
  readonly dialect = "Other";
  readonly credentials: NonNullable<ObjectStore["credentials"]>;
  readonly reach: readonly Reach[] = [{ kind: "internet", port: 443 }];
  readonly ready: readonly pulumi.Resource[] = [];

  constructor(name: string, args: ExternalObjectStoreArguments, options: ComponentOptions) {
    const { endpoint, bucket, region } = args;
    super("object-store:ExternalObjectStore", name, { endpoint, bucket, region }, options);
    checkExternalStore(name, args);

    this.endpoint = pulumi.output(endpoint);
    this.bucket = pulumi.output(bucket);
    this.region = region;
    this.credentials = {
      accessKey: pulumi.secret(args.accessKey),
      secretKey: pulumi.secret(args.secretKey),
    };
    this.publish();
  }

  /** It only supports keys. */
  grant(): Grant {
    return NO_GRANT;
  }
}

/** Pure. */
export function checkExternalStore(
  name: string,
  {
    endpoint,
    bucket,
    region,
  }: Pick<ExternalObjectStoreArguments, "endpoint" | "bucket" | "region">,
): void {
  const given = (value: string) => (value === "" ? "missing" : quoted(value));
  enforce(`ExternalObjectStore ${name}`, [
    {
      holds: /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z0-9]$/.test(endpoint),
      key: "endpoint",
      value: given(endpoint),
      allowed: "a host name without scheme, port or path",
      next: "It is always reached by HTTPS on port 443.",
    },
    {
      holds: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket),
      key: "bucket",
      value: given(bucket),
      allowed: "the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens",
      next: "Create it first, and a key that gives access only to it.",
    },
    {
      holds: /^[a-zA-Z0-9-]+$/.test(region),
      key: "region",
      value: given(region),
      allowed: "the service's own name for its region",
      next: "If the service has no regions, it most likely expects us-east-1.",
    },
  ]);
}
