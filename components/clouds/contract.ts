/** What a cloud is for the rest of the program: one object, chosen by the stack's `cloud`. */
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings";
import type { CloudName, System } from "../../systems/model";
import type { Cluster, Placement } from "../cluster/contract";
import type { ManagedServices } from "../data/context";
import type { DnsProvider } from "../dns/contract";
import type { ObjectStoreProvider } from "../object-store/provider";
import type { SecretStore } from "../secret-store/contract";

type Options = pulumi.ComponentResourceOptions;

export interface ClusterContext {
  readonly settings: Settings;
  readonly tags: readonly string[];
  /** Secret: the contents of a kubeconfig, if an existing cluster is not in the engine's own. */
  readonly kubeconfig: pulumi.Output<string> | undefined;
}

export interface SecretStoreContext {
  readonly settings: Settings;
  readonly placement: Placement;
  readonly applicationNamespace: string;
  readonly monitoringNamespace: string;
}

/** Everything that one cloud provides for an environment. */
export interface Cloud extends ManagedServices, ObjectStoreProvider, DnsProvider {
  readonly name: CloudName;
  /**
   * The cloud's provider, explicit: a default provider would be configured by the shell's
   * environment variables, and two stacks in one shell would share it. Empty for an existing
   * cluster.
   *
   * Credentials come from secret configuration of the provider's own namespace
   * (`digitalocean:token`), or, if that is not set, from the engine's environment.
   */
  providers(
    child: (suffix: string) => string,
    settings: Settings,
    options: pulumi.CustomResourceOptions,
  ): Readonly<Record<string, pulumi.ProviderResource>>;
  cluster(name: string, context: ClusterContext, options: Options): Cluster;
  /** The instance types that a service's pods require. */
  instanceTypes(service: System["services"][number]): readonly string[];
  /** Whether `objectStore` can replicate a bucket to another region. */
  readonly copiesBuckets: boolean;
  /** The cloud's secret manager; undefined without one. */
  secretStore(name: string, context: SecretStoreContext, options: Options): SecretStore | undefined;
}
