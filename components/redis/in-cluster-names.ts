import type * as k8s from "@pulumi/kubernetes";
import type { Size } from "../../systems/units";
import { commonLabels } from "../kit/labels";

export interface InClusterRedisArguments {
  /** By which clients reach it: a DNS label of at most 40 characters. Another one is another store. */
  readonly serviceName: string;
  readonly namespace: string;
  readonly system: string;
  /** `major.minor` of Valkey. A lower one cannot read what a higher one wrote. */
  readonly version: string;
  /** `state` must never lose a key to make room for another; a `cache` may. */
  readonly use: readonly ("cache" | "state")[];
  /** The limit of the server, of which three quarters are for data. */
  readonly memory: Size;
  /** Changing it replaces the StatefulSet, which then takes up the volume there is. */
  readonly storageClass: string;
  /** Of the volume, twice the memory or more. Changing it replaces the StatefulSet, not the volume. */
  readonly storage: Size;
  /** Labels of the nodes that the pod may run on. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Who may connect. */
  readonly allowFrom: readonly k8s.types.input.networking.v1.NetworkPolicyPeer[];
  readonly monitoringNamespace: string;
  /**
   * Any text; another one makes a new password for clients and restarts the pod.
   * @default "1"
   */
  readonly rotation?: string;
  /** Refuses to delete the StatefulSet; its volume stays in any case. */
  readonly protect: boolean;
}

/** What the store's objects are called. Pure. */
export interface Names {
  readonly service: string;
  /** Headless: gives the pod a name. */
  readonly members: string;
  /** The Secret with the server's certificate. */
  readonly tls: string;
  readonly credentials: string;
  readonly config: string;
  /** Full name of clients' address. */
  readonly host: string;
}

export function namesOf(args: InClusterRedisArguments): Names {
  const { serviceName: service, namespace } = args;
  return {
    service,
    members: `${service}-members`,
    tls: `${service}-tls`,
    credentials: `${service}-credentials`,
    config: `${service}-config`,
    host: `${service}.${namespace}.svc.cluster.local`,
  };
}

/** By these the pod is selected for life. */
export const memberLabels = ({ serviceName }: InClusterRedisArguments): Record<string, string> => ({
  "app.kubernetes.io/name": serviceName,
  "app.kubernetes.io/instance": `${serviceName}-members`,
});

export const metadata = (
  { namespace, system }: InClusterRedisArguments,
  name: string,
  labels: Readonly<Record<string, string>> = {},
) => ({ name, namespace, labels: { ...commonLabels(system, "redis"), ...labels } });

/** Spread over zones and hosts as far as there are any. */
export const spread = (labels: Readonly<Record<string, string>>) =>
  ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { ...labels } },
  }));
