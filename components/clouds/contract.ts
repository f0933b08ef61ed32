/** What a cloud is to the rest of the program: one object, chosen once by the stack's `cloud`. */
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings";
import type { Cache, CloudName, Database, EventBus, System } from "../../systems/model";
import type { Cluster, Placement } from "../cluster/contract";
import type { DataContext } from "../data-context";
import type { DnsHost } from "../dns/contract";
import type { Kafka } from "../kafka/contract";
import type { BucketArguments } from "../object-store/arguments";
import type { ObjectStore } from "../object-store/contract";
import type { Postgres } from "../postgres/contract";
import type { Redis } from "../redis/contract";
import type { SecretStore } from "../secret-store/contract";

type Options = pulumi.ComponentResourceOptions;

export interface ClusterContext {
  readonly settings: Settings;
  readonly tags: readonly string[];
  /** Secret: the text of a kubeconfig, where an existing cluster is not in the engine's own. */
  readonly kubeconfig: pulumi.Output<string> | undefined;
}

/** A bucket of another environment in the same account. */
export interface ForeignBucket {
  readonly bucket: string;
  readonly region: string;
}

export interface ObjectStorePlace {
  readonly placement: Placement;
  /**
   * Another region in which a copy of every object is kept, where the cloud can.
   * @default no copy
   */
  readonly replicaRegion?: string;
  /**
   * Buckets of other environments that pods with a grant may read too, where the cloud can.
   * @default none
   */
  readonly reads?: readonly ForeignBucket[];
}

export interface SecretStoreContext {
  readonly settings: Settings;
  readonly placement: Placement;
  readonly applicationNamespace: string;
  readonly monitoringNamespace: string;
}

export interface DnsContext {
  readonly settings: Pick<Settings, "dns" | "dnsZoneId">;
  readonly placement: Placement;
  /** Secret: for a cloud whose pods have no identity of their own. */
  readonly token: pulumi.Output<string> | undefined;
}

/** Makes one data service of the cloud's own, from what the system asks for. */
export type Managed<Element, Service> = (
  name: string,
  element: Element,
  context: DataContext,
  options: Options,
) => Service;

/** Everything that one cloud does for an environment. */
export interface Cloud {
  readonly name: CloudName;
  /**
   * The cloud's provider, explicit: a default one would be configured by whatever the environment
   * happens to hold, and two stacks in one shell would share it. Empty for an existing cluster.
   *
   * Credentials come from secret configuration of the provider's own namespace (`digitalocean:token`),
   * or, where that is not set, from the environment of the engine.
   */
  providers(
    child: (suffix: string) => string,
    settings: Settings,
    options: pulumi.CustomResourceOptions,
  ): Readonly<Record<string, pulumi.ProviderResource>>;
  cluster(name: string, context: ClusterContext, options: Options): Cluster;
  /** The types of machines to which a service's pods are bound. */
  instanceTypes(service: System["services"][number]): readonly string[];
  readonly postgres: Managed<Database, Postgres>;
  readonly redis: Managed<Cache, Redis>;
  readonly kafka: Managed<EventBus, Kafka>;
  /** Whether `objectStore` can keep a copy of a bucket in another region. */
  readonly copiesBuckets: boolean;
  objectStore(
    name: string,
    place: ObjectStorePlace,
    args: BucketArguments,
    options: Options,
  ): ObjectStore;
  /** A bucket of another environment, to read in; undefined where the cloud has no way to grant it. */
  foreignStore(name: string, bucket: ForeignBucket, options: Options): ObjectStore | undefined;
  /** The cloud's secret manager; undefined where there is none. */
  secretStore(name: string, context: SecretStoreContext, options: Options): SecretStore | undefined;
  /** @throws ComponentError where the cloud keeps no zones, or lacks its token */
  dns(name: string, context: DnsContext): DnsHost;
}
