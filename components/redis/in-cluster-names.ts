import type * as k8s from "@pulumi/kubernetes";
import type { Size } from "../../systems/units";
import { commonLabels } from "../kit/labels";

export interface InClusterRedisArguments {
  /** Host name for clients: a DNS label, up to 40 characters. Changing it creates another store. */
  readonly serviceName: string;
  readonly namespace: string;
  readonly system: string;
  /** Of the cluster; empty if its nodes have no zone label. */
  readonly zones: readonly string[];
  /** `major.minor` of Valkey. A lower one cannot read data of a higher one. */
  readonly version: string;
  /** `state` must never be evicted; a `cache` may be. */
  readonly use: readonly ("cache" | "state")[];
  /** The server's limit, of which three quarters are for data. */
  readonly memory: Size;
  /** Changing it replaces the StatefulSet, which then reuses the existing volume. */
  readonly storageClass: string;
  /**
   * Of the volume, at least twice the memory. Changing it replaces the StatefulSet, not the volume.
   */
  readonly storage: Size;
  /** Labels of the nodes that the pod may run on. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Who may connect. */
  readonly allowFrom: readonly k8s.types.input.networking.v1.NetworkPolicyPeer[];
  readonly monitoringNamespace: string;
  /**
   * Any text; changing it generates a new password for clients and restarts the pod.
   * @default "1"
   */
  readonly rotation?: string;
  /** Prevents the StatefulSet from being deleted; its volume stays in any case. */
  readonly protect: boolean;
}

/** Names of the store's objects. Pure. */
export interface Names {
  readonly service: string;
  /** Headless: gives the pod a DNS name. */
  readonly members: string;
  /** The Secret with the server's certificate. */
  readonly tls: string;
  readonly credentials: string;
  readonly config: string;
  /** The full host name for clients. */
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

/** Selector labels of the pod, which never change. */
export const memberLabels = ({ serviceName }: InClusterRedisArguments): Record<string, string> => ({
  "app.kubernetes.io/name": serviceName,
  "app.kubernetes.io/instance": `${serviceName}-members`,
});

export const metadata = (
  { namespace, system }: InClusterRedisArguments,
  name: string,
  labels: Readonly<Record<string, string>> = {},
) => ({ name, namespace, labels: { ...commonLabels(system, "redis"), ...labels } });
