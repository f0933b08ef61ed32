import type * as pulumi from "@pulumi/pulumi";
import type { Reach } from "../kit/egress";

/** A vector store or a model server in the cluster that workloads reach over HTTP. */
export interface Appliance extends pulumi.ComponentResource {
  /** Its full name in the cluster, which resolves in every namespace. */
  readonly host: pulumi.Output<string>;
  readonly port: number;
  /** `http://host:port`, or `https://` with `tls`; holds no secret. */
  readonly url: pulumi.Output<string>;
  readonly tls: boolean;
  /**
   * The Secret, in its own namespace, whose key holds the CA certificate as PEM. It is created in
   * the cluster, so only known there. Absent without `tls`.
   */
  readonly certificateAuthority: { readonly secretName: string; readonly key: string } | undefined;
  /** Secret: the API key for clients; absent if the engine has no keys. */
  readonly apiKey: pulumi.Output<string> | undefined;
  /** Every network path that a client needs. */
  readonly reach: readonly Reach[];
  /** What exists before a client may connect. */
  readonly ready: readonly pulumi.Resource[];
}
