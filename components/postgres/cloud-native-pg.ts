import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentOptions } from "../kit/component";
import { customResource } from "../kit/custom-resource";
import type { Reach } from "../kit/egress";
import { createArchives, createBackups, type Archives } from "./cloud-native-pg-archive";
import {
  incarnationLabels,
  metadataOf,
  REPLACED_BY_INCARNATION,
  serviceHost,
  type CloudNativePgArguments,
} from "./cloud-native-pg-arguments";
import { checkCloudNativePg } from "./cloud-native-pg-check";
import { createMonitors } from "./cloud-native-pg-monitors";
import { createPolicies } from "./cloud-native-pg-network";
import { createOwner, ownerPassword } from "./cloud-native-pg-owner";
import { createPooler } from "./cloud-native-pg-pooler";
import {
  clusterSpec,
  createdExtensions,
  instanceLabels,
  poolerLabels,
  poolerName,
} from "./cloud-native-pg-spec";
import type { Postgres } from "./contract";
import { connectionUrl, POSTGRES_PORT } from "./url";

/**
 * PostgreSQL managed by CloudNativePG, as a `Cluster` of postgresql.cnpg.io. Depends on the
 * operator and its Barman Cloud plugin.
 *
 * The operator's pods meet Pod Security's "restricted" standard: non-root user, read-only root, no
 * capabilities, the runtime's seccomp profile; also its jobs, poolers and the plugin's sidecar.
 *
 * Deleting the Cluster deletes its volumes immediately: it owns them, and the operator has no
 * option to keep them. So it is protected; the data in the bucket stays and can be restored.
 *
 * The servers' certificates are from the operator's own CA, which is stored in a Secret:
 * connections are encrypted (`sslmode=require`), and a pod that mounts the Secret can also verify
 * them.
 */
export class CloudNativePg extends Component implements Postgres {
  readonly url: pulumi.Output<string>;
  readonly directUrl: pulumi.Output<string>;
  readonly host: pulumi.Output<string>;
  readonly port = POSTGRES_PORT;
  readonly username: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
  readonly readHost: pulumi.Output<string> | undefined;
  readonly poolerHost: pulumi.Output<string> | undefined;
  readonly certificateAuthority = undefined;
  /** The Secret with the operator's CA certificate, in the cluster's namespace. */
  readonly certificateAuthoritySecret: { readonly name: string; readonly key: string };
  readonly reach: readonly Reach[];
  readonly capabilities: Postgres["capabilities"];
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: CloudNativePgArguments, options: ComponentOptions) {
    const { clusterName, namespace, instances, owner, pooling = false } = args;
    super("postgres:CloudNativePg", name, { clusterName, namespace, instances }, options);
    checkCloudNativePg(name, args);

    const part = this.part();
    this.password = ownerPassword(part, args);
    const policies = createPolicies(part, args);
    const archives = createArchives(part, args);
    const before = [...policies, ...archives.ready, createOwner(part, args, this.password)];
    const cluster = this.createCluster(args, archives, before);
    const database = this.createDatabase(args, cluster);
    if (archives.own !== undefined) {
      createBackups(part, args, cluster);
    }
    const pooler = pooling ? createPooler(part, args, cluster) : [];
    createMonitors(part, args);

    const hosts = hostsOf(args);
    this.host = pulumi.output(hosts.primary);
    this.username = pulumi.output(owner);
    this.readHost = instances > 1 ? pulumi.output(hosts.replicas) : undefined;
    this.poolerHost = pooling ? pulumi.output(hosts.pooler) : undefined;
    this.directUrl = this.urlTo(args, hosts.primary);
    this.url = pooling ? this.urlTo(args, hosts.pooler) : this.directUrl;
    this.certificateAuthoritySecret = { name: `${clusterName}-ca`, key: "ca.crt" };
    this.reach = reachOf(args);
    this.capabilities = {
      pointInTimeRecovery: archives.own !== undefined,
      replicas: instances > 1,
      failover: instances > 1,
      pooling,
    };
    this.ready = [cluster, ...policies, ...database, ...pooler];
    this.registerAll();
  }

  private registerAll(): void {
    this.publish();
  }

  private urlTo({ owner, database }: CloudNativePgArguments, host: string): pulumi.Output<string> {
    return connectionUrl({
      username: owner,
      password: this.password,
      host,
      port: this.port,
      database,
      sslmode: "require",
    });
  }

  private createCluster(
    args: CloudNativePgArguments,
    archives: Archives,
    before: pulumi.Resource[],
  ): k8s.apiextensions.CustomResource {
    return customResource(
      this.child("cluster"),
      {
        apiVersion: "postgresql.cnpg.io/v1",
        kind: "Cluster",
        metadata: clusterMetadata(args, archives),
        spec: clusterSpec(args, archives),
      },
      this.options({
        protect: args.protect,
        // Otherwise changed in place: a running cluster with an archive that has no base backup.
        ...REPLACED_BY_INCARNATION,
        dependsOn: before,
        // Long enough for a restore, and for a change that restarts every instance.
        customTimeouts: { create: "90m", update: "60m", delete: "30m" },
      }),
    );
  }

  /** A replica has its primary's databases: there, the object waits for the promotion. */
  private createDatabase(
    args: CloudNativePgArguments,
    cluster: pulumi.Resource,
  ): readonly pulumi.Resource[] {
    const extensions = createdExtensions(args);
    if (extensions.length === 0) return [];
    return [
      customResource(
        this.child("database"),
        {
          apiVersion: "postgresql.cnpg.io/v1",
          kind: "Database",
          metadata: {
            ...metadataOf(args, "database"),
            // The API server accepts an extension that cannot be created, so wait for the status.
            ...(args.replicaOf === undefined
              ? { annotations: { "pulumi.com/waitFor": "jsonpath={.status.applied}=true" } }
              : {}),
          },
          spec: {
            cluster: { name: args.clusterName },
            name: args.database,
            owner: args.owner,
            ensure: "present",
            // The object only has the list of extensions: the database stays without it.
            databaseReclaimPolicy: "retain",
            extensions: extensions.map((name) => ({ name, ensure: "present" })),
          },
        },
        this.options({ dependsOn: [cluster] }),
      ),
    ];
  }
}

/**
 * Dependents connect to it, so it must be ready, not just accepted by the API server. A primary also archives by
 * then: where it cannot, for example because another cluster's files are in the archive, it would be Ready anyway.
 */
function clusterMetadata(args: CloudNativePgArguments, { own }: Archives) {
  const { replicaOf } = args;
  const metadata = metadataOf(args);
  const archives = own !== undefined && replicaOf === undefined;
  return {
    ...metadata,
    labels: { ...metadata.labels, ...incarnationLabels(args) },
    annotations: {
      "pulumi.com/waitFor": archives
        ? JSON.stringify(["condition=Ready", "condition=ContinuousArchiving"])
        : "condition=Ready",
    },
  };
}

const hostsOf = ({ clusterName, namespace }: CloudNativePgArguments) => ({
  primary: serviceHost(`${clusterName}-rw`, namespace),
  replicas: serviceHost(`${clusterName}-ro`, namespace),
  pooler: serviceHost(poolerName(clusterName), namespace),
});

function reachOf({ clusterName, namespace, pooling }: CloudNativePgArguments): readonly Reach[] {
  const to = (labels: Readonly<Record<string, string>>): Reach => ({
    kind: "pods",
    namespace,
    labels,
    ports: [POSTGRES_PORT],
  });
  return [
    to(instanceLabels(clusterName)),
    ...(pooling === true ? [to(poolerLabels(clusterName))] : []),
  ];
}
