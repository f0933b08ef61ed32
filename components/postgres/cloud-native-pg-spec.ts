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
import { spreadPods } from "../kit/spread";

/** Extensions that the operator preloads and creates as soon as they have a setting. */
const LOADED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pg_stat_statements: { "pg_stat_statements.max": "5000" },
  pgaudit: { "pgaudit.log": "ddl, role" },
};

/** Extensions that only need to be created. */
export const createdExtensions = ({
  extensions = [],
}: Pick<CloudNativePgArguments, "extensions">): readonly string[] =>
  extensions.filter((extension) => !(extension in LOADED));

/** Labels of all pods of the cluster, including its jobs and poolers. */
export const clusterLabels = (clusterName: string) => ({ "cnpg.io/cluster": clusterName });

/** Labels of the pods that run PostgreSQL. */
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
    // The application is not a superuser; superuser access is through a pod.
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

/** Initialises an empty database, from an archive, or as a replica of one. */
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
          // Byte order: a new version of the system library cannot change it and corrupt an index.
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

/** Availability during maintenance and upgrades of nodes. */
function availability(args: CloudNativePgArguments) {
  const { clusterName, instances, nodes, zones } = args;
  const several = instances > 1;
  return {
    // With a single instance it would block the node's drain permanently.
    enablePDB: several,
    primaryUpdateStrategy: "unsupervised",
    primaryUpdateMethod: several ? "switchover" : "restart",
    // In seconds. The operator's defaults of half an hour and more exceed the time that clouds wait
    // for a drain, and the runbook's objective; ten minutes are enough to archive a lot of log.
    smartShutdownTimeout: 30,
    stopDelay: 600,
    switchoverDelay: 600,
    affinity: {
      enablePodAntiAffinity: true,
      topologyKey: "kubernetes.io/hostname",
      podAntiAffinityType: "required",
      ...(nodes === undefined ? {} : { nodeSelector: { ...nodes } }),
    },
    topologySpreadConstraints: spreadPods(instanceLabels(clusterName), zones),
  };
}

function server(args: CloudNativePgArguments) {
  const loaded = (args.extensions ?? []).map((extension) => LOADED[extension] ?? {});
  return {
    parameters: serverParameters(args, Object.assign({}, ...loaded) as Record<string, string>),
    // Network connections must use TLS; the operator's own rules come before this one.
    pg_hba: ["hostnossl all all all reject"],
    ...(args.instances > 1 ? { synchronous: synchronous(args.instances) } : {}),
  };
}

/**
 * PostgreSQL settings unless overridden: a quarter of the memory as shared buffers, as its manual
 * recommends (PostgreSQL, "Resource Consumption").
 */
export function serverParameters(
  { resources, parameters = {} }: Pick<CloudNativePgArguments, "resources" | "parameters">,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const quarter = Math.floor(resources.requests.memory.bytes / 4 / 1024 ** 2);
  return { shared_buffers: `${String(quarter)}MB`, ...more, ...parameters };
}

/**
 * A commit waits for one standby. With two standbys one may be down, so waiting is mandatory; a
 * single standby must not stop the primary when it goes down.
 */
const synchronous = (instances: number) => ({
  method: "any",
  number: 1,
  dataDurability: instances > 2 ? "required" : "preferred",
});

/** Additional names in the server's certificate, which the pooler also uses. */
function serverNames(args: CloudNativePgArguments): readonly string[] {
  if (args.pooling !== true) return [];
  const pooler = poolerName(args.clusterName);
  return [pooler, `${pooler}.${args.namespace}`, serviceHost(pooler, args.namespace)];
}
