import type * as k8s from "@pulumi/kubernetes";
import { quantity } from "../../systems/units";
import { CLOUD_NATIVE_PG_IMAGES } from "../../versions";
import { containerResources } from "../kit/labels";
import { BARMAN_CLOUD, type Archives, type Reference } from "./cloud-native-pg-archive";
import {
  metadataOf,
  serviceHost,
  versionOf,
  type CloudNativePgArguments,
} from "./cloud-native-pg-arguments";

/** Extensions whose library the operator loads, and which it creates, as soon as they have a setting. */
const LOADED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pg_stat_statements: { "pg_stat_statements.max": "5000" },
  pgaudit: { "pgaudit.log": "ddl, role" },
};

/** Extensions that only have to be created. */
export const createdExtensions = ({
  extensions = [],
}: Pick<CloudNativePgArguments, "extensions">): readonly string[] =>
  extensions.filter((extension) => !(extension in LOADED));

/** Labels of all pods of the cluster, its jobs and poolers included. */
export const clusterLabels = (clusterName: string) => ({ "cnpg.io/cluster": clusterName });

/** Labels of the pods in which PostgreSQL runs. */
export const instanceLabels = (clusterName: string) => ({
  ...clusterLabels(clusterName),
  "cnpg.io/podRole": "instance",
});

export const poolerName = (clusterName: string): string => `${clusterName}-pooler`;
export const poolerLabels = (clusterName: string) => ({
  "cnpg.io/poolerName": poolerName(clusterName),
});

/** What is not an Output is known at preview. */
export function clusterSpec(
  args: CloudNativePgArguments,
  archives: Archives,
): Readonly<Record<string, unknown>> {
  const { instances, labels = {} } = args;
  return {
    instances,
    imageName: CLOUD_NATIVE_PG_IMAGES[versionOf(args)],
    ...beginning(args, archives),
    ...volume(args),
    ...availability(args),
    resources: containerResources(args.resources),
    // The application is no superuser; who must be one goes through a pod.
    enableSuperuserAccess: false,
    certificates: { serverAltDNSNames: serverNames(args) },
    inheritedMetadata: { labels: { ...labels } },
    seccompProfile: { type: "RuntimeDefault" },
    postgresql: server(args),
    ...(archives.own === undefined
      ? {}
      : { plugins: [{ ...plugin(archives.own), enabled: true, isWALArchiver: true }] }),
    ...(Object.keys(archives.annotations).length === 0
      ? {}
      : { serviceAccountTemplate: { metadata: { annotations: archives.annotations } } }),
  };
}

/** Empty, from an archive, or along an archive. */
function beginning(args: CloudNativePgArguments, { source }: Archives) {
  const { database, owner, replicaOf, restoreFrom } = args;
  const application = { database, owner, secret: { name: ownerSecret(args) } };
  if (source === undefined) {
    return {
      bootstrap: {
        initdb: {
          ...application,
          dataChecksums: true,
          encoding: "UTF8",
          // The order of bytes: no version of the system's library can change it under an index.
          localeCollate: "C.UTF-8",
          localeCType: "C.UTF-8",
        },
      },
    };
  }
  const targetTime = restoreFrom?.targetTime;
  return {
    bootstrap: {
      recovery: {
        ...application,
        source: "source",
        ...(targetTime === undefined ? {} : { recoveryTarget: { targetTime } }),
      },
    },
    externalClusters: [{ name: "source", plugin: plugin(source) }],
    ...(replicaOf === undefined ? {} : { replica: { enabled: true, source: "source" } }),
  };
}

export const ownerSecret = (args: CloudNativePgArguments): string => metadataOf(args, "owner").name;

const plugin = (reference: Reference) => ({ name: BARMAN_CLOUD, parameters: { ...reference } });

const volume = ({ storage, storageClass }: CloudNativePgArguments) => ({
  storage: { size: quantity(storage), storageClass, resizeInUseVolumes: true },
});

/** How it stays up while a node, a zone or a version goes. */
function availability(args: CloudNativePgArguments) {
  const { clusterName, instances, nodes } = args;
  const several = instances > 1;
  return {
    // Of a single instance it would keep the node from ever being drained.
    enablePDB: several,
    primaryUpdateStrategy: "unsupervised",
    primaryUpdateMethod: several ? "switchover" : "restart",
    // Seconds. The operator's own half hours and hours outlast what clouds wait for a node to drain,
    // and the runbook's objective; ten minutes archive a lot of log.
    smartShutdownTimeout: 30,
    stopDelay: 600,
    switchoverDelay: 600,
    affinity: {
      enablePodAntiAffinity: true,
      topologyKey: "kubernetes.io/hostname",
      podAntiAffinityType: "required",
      ...(nodes === undefined ? {} : { nodeSelector: { ...nodes } }),
    },
    topologySpreadConstraints: spreadOver(instanceLabels(clusterName)),
  };
}

/** Over zones, then over hosts, as far as there are any. */
export const spreadOver = (
  labels: Readonly<Record<string, string>>,
): k8s.types.input.core.v1.TopologySpreadConstraint[] =>
  ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { ...labels } },
  }));

function server(args: CloudNativePgArguments) {
  const loaded = (args.extensions ?? []).map((extension) => LOADED[extension] ?? {});
  return {
    parameters: serverParameters(args, Object.assign({}, ...loaded) as Record<string, string>),
    // Whoever comes by network comes by TLS; the operator's own rules stand before this one.
    pg_hba: ["hostnossl all all all reject"],
    ...(args.instances > 1 ? { synchronous: synchronous(args.instances) } : {}),
  };
}

/**
 * What PostgreSQL is told unless somebody says otherwise: a quarter of the memory as shared buffers,
 * its manual's own advice (PostgreSQL, "Resource Consumption").
 */
export function serverParameters(
  { resources, parameters = {} }: Pick<CloudNativePgArguments, "resources" | "parameters">,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const quarter = Math.floor(resources.requests.memory.bytes / 4 / 1024 ** 2);
  return { shared_buffers: `${String(quarter)}MB`, ...more, ...parameters };
}

/**
 * A commit waits until one standby has it. Of two standbys one may be away, so the wait is kept in
 * any case; a single one must not stop the primary when it goes.
 */
const synchronous = (instances: number) => ({
  method: "any",
  number: 1,
  dataDurability: instances > 2 ? "required" : "preferred",
});

/** Names in the server's certificate beside its Services': the pooler shows the same one. */
function serverNames(args: CloudNativePgArguments): readonly string[] {
  if (args.pooling !== true) return [];
  const pooler = poolerName(args.clusterName);
  return [pooler, `${pooler}.${args.namespace}`, serviceHost(pooler, args.namespace)];
}
