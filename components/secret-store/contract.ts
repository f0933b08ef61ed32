import type * as pulumi from "@pulumi/pulumi";

/** A cloud's secret manager, as External Secrets reads it. */
export interface SecretStore extends pulumi.ComponentResource {
  /** The SecretStore in the application's namespace that ExternalSecrets name. */
  readonly storeName: string;
  /**
   * Stores a value in the manager, or adopts an existing one (`value` undefined), and returns where
   * an ExternalSecret finds it.
   *
   * @param remote its name in the manager, unique in the environment
   */
  keep(name: string, remote: string, value: pulumi.Output<string> | undefined): KeptSecret;
  /** What must exist before an ExternalSecret can be read. */
  readonly ready: readonly pulumi.Resource[];
}

export interface KeptSecret {
  /** `remoteRef` of an ExternalSecret: its key, and the exact version if it was written here. */
  readonly remoteRef: {
    readonly key: pulumi.Output<string>;
    readonly version?: pulumi.Output<string>;
  };
  readonly ready: readonly pulumi.Resource[];
}
