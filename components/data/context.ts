import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings";
import { serviceName } from "../../settings/names";
import type { Cache, Database, EventBus } from "../../systems/model";
import type { Cluster } from "../cluster/contract";
import { ComponentError } from "../kit/component";
import type { Kafka } from "../kafka/contract";
import type { ObjectStore } from "../object-store/contract";
import type { Postgres } from "../postgres/contract";
import type { Redis } from "../redis/contract";

type Ready = readonly pulumi.Resource[];

/** What data services need from the platform. */
export interface PlatformFacts {
  readonly application: { readonly namespace: string; readonly ready: Ready };
  readonly monitoring: { readonly namespace: string };
  /** Issues certificates. */
  readonly operators: { readonly certManager: pulumi.Resource };
  /** Absent if no data service needs the operator. */
  readonly dataOperators: {
    readonly kafka: { readonly namespace: string; readonly operator: pulumi.Resource } | undefined;
    readonly cloudNativePg: { readonly namespace: string; readonly ready: Ready } | undefined;
  };
}

/** Creates a managed data service of the cloud for the system's requirements. */
export type Managed<Element, Service> = (
  name: string,
  element: Element,
  context: DataContext,
  options: pulumi.ComponentResourceOptions,
) => Service;

/** The data services that a cloud manages. */
export interface ManagedServices {
  readonly postgres: Managed<Database, Postgres>;
  readonly redis: Managed<Cache, Redis>;
  readonly kafka: Managed<EventBus, Kafka>;
}

/** What the choice and the creation of a data service can depend on. */
export interface DataContext {
  readonly settings: Settings;
  readonly cloud: ManagedServices;
  readonly cluster: Pick<
    Cluster,
    "placement" | "podCidr" | "storageClass" | "zones" | "workloadNodes"
  >;
  readonly platform: PlatformFacts;
  /** The chart that installs the Prometheus operator's CRDs. */
  readonly metricsReady: readonly pulumi.Resource[];
  /** Of DigitalOcean. */
  readonly tags: readonly string[];
  /** Secret values from the configuration, by key. */
  readonly given: Readonly<Record<string, pulumi.Output<string>>>;
  /** The bucket for archives; absent if nothing is archived. */
  readonly store: ObjectStore | undefined;
  /** The bucket of another environment that a database follows or starts from; absent if there is none. */
  readonly primary: ObjectStore | undefined;
}

/** The name of a managed service. */
export const managedName = ({ settings }: DataContext, what: string): string =>
  serviceName(settings, what);

/** Common arguments of everything in the application's namespace. */
export function inCluster({ settings, cluster, platform }: DataContext) {
  return {
    system: settings.system.id,
    namespace: platform.application.namespace,
    storageClass: cluster.storageClass,
    zones: cluster.zones,
    nodes: cluster.workloadNodes,
    monitoringNamespace: platform.monitoring.namespace,
  };
}

/** A secret that is required to reach the service. */
export function givenSecret(
  { given }: DataContext,
  component: string,
  key: string,
): pulumi.Output<string> {
  const value = given[key];
  if (value !== undefined) return value;
  throw new ComponentError(
    component,
    key,
    "missing",
    "set as secret configuration",
    `Set runstack:secrets.${key}.`,
  );
}

/** An operator that the platform did not install: a programming error, reported as such. */
export function broughtBy<T>(operator: T | undefined, component: string, name: string): T {
  if (operator !== undefined) return operator;
  throw new ComponentError(component, "operator", "missing", name, "The platform installs it.");
}
