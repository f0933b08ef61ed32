import type * as k8s from "@pulumi/kubernetes";
import type { Cpu, Size } from "../../systems/units";
import { commonLabels } from "../kit/labels";

export interface InClusterRedisArguments {
  /** By which clients reach it: a DNS label of at most 40 characters. Another one is another store. */
  readonly serviceName: string;
  readonly namespace: string;
  readonly system: string;
  /** `major.minor` of Valkey. A lower one cannot read what a higher one wrote. */
  readonly version: string;
  /**
   * `single` is one pod, missed while it is moved; `replicated` is three, of which one takes over, and
   * two proxies, so that clients have one address. Going from one to the other keeps the volume of the
   * first pod, but not the pods: nobody is served meanwhile.
   */
  readonly topology: "single" | "replicated";
  /** `state` must never lose a key to make room for another; a `cache` may. */
  readonly use: readonly ("cache" | "state")[];
  /** The limit of each pod's server, of which three quarters are for data. */
  readonly memory: Size;
  /**
   * Processor time that each server asks for.
   * @default 100m
   */
  readonly cpu?: Cpu;
  /** Changing it replaces the StatefulSet, which then takes up the volumes there are. */
  readonly storageClass: string;
  /** Of each pod's volume, twice the memory or more. Changing it replaces the StatefulSet, not the volumes. */
  readonly storage: Size;
  /** Labels of the nodes that the pods may run on. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Who may connect. */
  readonly allowFrom: readonly k8s.types.input.networking.v1.NetworkPolicyPeer[];
  readonly monitoringNamespace: string;
  /**
   * The StatefulSet's name, where a runbook fixes one.
   * @default the service's
   */
  readonly workload?: string;
  /**
   * Any text; another one makes a new password for clients and restarts the pods, one by one.
   * @default "1"
   */
  readonly rotation?: string;
  /** Refuses to delete the StatefulSet; its volumes stay in any case. */
  readonly protect: boolean;
}

/** What the store's objects are called. Pure. */
export interface Names {
  readonly service: string;
  readonly workload: string;
  /** Headless: gives each pod a name. */
  readonly members: string;
  readonly proxy: string;
  /** The Secret with the server's certificate. */
  readonly tls: string;
  readonly credentials: string;
  readonly config: string;
  /** Full name of clients' address. */
  readonly host: string;
  /** Full names of the pods. */
  readonly hosts: readonly string[];
}

export const REPLICAS = { single: 1, replicated: 3 } as const;

export function namesOf(args: InClusterRedisArguments): Names {
  const { serviceName: service, workload = service, namespace } = args;
  const members = `${service}-members`;
  const domain = `${namespace}.svc.cluster.local`;
  return {
    service,
    workload,
    members,
    proxy: `${service}-proxy`,
    tls: `${service}-tls`,
    credentials: `${service}-credentials`,
    config: `${service}-config`,
    host: `${service}.${domain}`,
    hosts: Array.from(
      { length: REPLICAS[args.topology] },
      (_, i) => `${workload}-${i}.${members}.${domain}`,
    ),
  };
}

/** By these, pods are selected for life. */
export const memberLabels = ({ serviceName }: InClusterRedisArguments): Record<string, string> => ({
  "app.kubernetes.io/name": serviceName,
  "app.kubernetes.io/instance": `${serviceName}-members`,
});

export const proxyLabels = ({ serviceName }: InClusterRedisArguments): Record<string, string> => ({
  "app.kubernetes.io/name": `${serviceName}-proxy`,
  "app.kubernetes.io/instance": `${serviceName}-proxy`,
});

/** Whom clients talk to. */
export const clientFacing = (args: InClusterRedisArguments): Record<string, string> =>
  args.topology === "single" ? memberLabels(args) : proxyLabels(args);

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
