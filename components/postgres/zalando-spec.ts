import { quantity } from "../../systems/units";
import { containerResources } from "../labels";
import {
  POOLER_INSTANCES,
  poolSize,
  serverParameters,
  spreadOver,
  versionOf,
  type InClusterPostgresArguments,
} from "./in-cluster";
import type { Archives } from "./zalando-archive";

/** Labels of the pods in which PostgreSQL runs. */
export const instanceLabels = (clusterName: string) => ({
  application: "spilo",
  "cluster-name": clusterName,
});

export const poolerName = (clusterName: string): string => `${clusterName}-pooler`;
export const poolerLabels = (clusterName: string) => ({
  "connection-pooler": poolerName(clusterName),
});

/** By this name the operator finds a password that is there already, and keeps it. */
export const ownerSecret = ({ owner, clusterName }: InClusterPostgresArguments): string =>
  `${owner.replaceAll("_", "-")}.${clusterName}.credentials.postgresql.acid.zalan.do`;

/** What is not an Output is known at preview. */
export function postgresqlSpec(
  args: InClusterPostgresArguments,
  archives: Archives,
): Readonly<Record<string, unknown>> {
  const { clusterName, system, instances, storage, storageClass, owner, database } = args;
  return {
    teamId: system,
    numberOfInstances: instances,
    postgresql: {
      version: versionOf(args),
      // The image itself waits half an hour before it archives a log that is not full.
      parameters: serverParameters(args, { archive_timeout: "300s" }),
    },
    volume: { size: quantity(storage), storageClass },
    resources: containerResources(args.resources),
    users: { [owner]: [] },
    databases: { [database]: owner },
    patroni: {
      // A commit waits until a standby has it; without any standby Patroni goes on alone.
      synchronous_mode: instances > 1,
      synchronous_mode_strict: false,
      failsafe_mode: true,
    },
    ...pooler(args),
    enableLogicalBackup: false,
    enableMasterLoadBalancer: false,
    enableReplicaLoadBalancer: false,
    enableMasterPoolerLoadBalancer: false,
    enableReplicaPoolerLoadBalancer: false,
    enableShmVolume: true,
    env: [...archives.variables],
    topologySpreadConstraints: spreadOver(instanceLabels(clusterName)),
    ...placement(args),
    ...beginning(args, archives),
  };
}

function pooler(args: InClusterPostgresArguments) {
  if (args.pooling !== true) return { enableConnectionPooler: false };
  return {
    enableConnectionPooler: true,
    enableReplicaConnectionPooler: false,
    connectionPooler: {
      mode: "transaction",
      numberOfInstances: POOLER_INSTANCES,
      // Of all poolers together.
      maxDBConnections: poolSize(args) * POOLER_INSTANCES,
      resources: {
        requests: { cpu: "50m", memory: "64Mi" },
        limits: { cpu: "1", memory: "256Mi" },
      },
    },
  };
}

function placement({ nodes }: InClusterPostgresArguments) {
  if (nodes === undefined) return {};
  const matchExpressions = Object.entries(nodes).map(([key, value]) => ({
    key,
    operator: "In",
    values: [value],
  }));
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] },
    },
  };
}

/** Empty, from an archive, or along an archive. */
function beginning(args: InClusterPostgresArguments, { source }: Archives) {
  const { replicaOf, restoreFrom } = args;
  if (source === undefined) return {};
  if (replicaOf !== undefined) {
    return {
      standby: {
        [replicaOf.store.credentials === undefined ? "gs_wal_path" : "s3_wal_path"]: source,
      },
    };
  }
  return {
    clone: {
      // No more than a name for files here: the path says where it is.
      cluster: args.clusterName,
      timestamp: restoreFrom?.targetTime,
      ...(restoreFrom?.store.credentials === undefined ? {} : { s3_wal_path: source }),
    },
  };
}
