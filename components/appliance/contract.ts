import type * as pulumi from "@pulumi/pulumi";
import type { Reach } from "../kit/egress";

/** A vector store or a model server in the cluster, that workloads reach by HTTP. */
export interface Appliance extends pulumi.ComponentResource {
  /** Its name in the cluster, in full, so that it is found from every namespace. */
  readonly host: pulumi.Output<string>;
  readonly port: number;
  /** `http://host:port`, or `https://` with `tls`; holds no secret. */
  readonly url: pulumi.Output<string>;
  readonly tls: boolean;
  /**
   * The Secret, in its own namespace, whose key is the PEM of whoever signed its certificate: made in
   * the cluster, so known there only. Absent without `tls`.
   */
  readonly certificateAuthority: { readonly secretName: string; readonly key: string } | undefined;
  /** Secret: what a client must show; absent where the engine knows no keys. */
  readonly apiKey: pulumi.Output<string> | undefined;
  /** Every way that a client needs. */
  readonly reach: readonly Reach[];
  /** What exists before a client may connect. */
  readonly ready: readonly pulumi.Resource[];
}
