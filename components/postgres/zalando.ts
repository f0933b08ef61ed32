import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { customResource } from "../custom-resource";
import type { Part } from "../observability/part";
import { ZALANDO_DELETE_ANNOTATION } from "../platform/zalando";
import type { Reach } from "../reach";
import type { Postgres } from "./contract";
import {
  archiveOf,
  metadataOf,
  ownerPassword,
  poolerBudget,
  serviceHost,
  type InClusterPostgresArguments,
} from "./in-cluster";
import { createPolicies } from "./in-cluster-network";
import { connectionUrl, POSTGRES_PORT } from "./url";
import { createArchives, type Archives } from "./zalando-archive";
import { checkZalando } from "./zalando-check";
import { clusterTraffic, PATRONI } from "./zalando-network";
import {
  instanceLabels,
  ownerSecret,
  poolerLabels,
  poolerName,
  postgresqlSpec,
} from "./zalando-spec";

/**
 * What Pod Security must allow in the namespace of such a database. The operator has no setting for
 * a seccomp profile or for dropping capabilities, and its image starts base backups by setuid: its
 * pods run without root and unprivileged, but "restricted" would refuse them.
 */
export const ZALANDO_POD_SECURITY = "baseline";

/**
 * PostgreSQL run by Zalando's operator, as `postgresql` of acid.zalan.do. Depends on the operator.
 * Its namespace must be at {@link ZALANDO_POD_SECURITY}.
 *
 * Deleting the `postgresql` leaves volumes and passwords where they are: one of the same name finds
 * them again. While it is protected the operator deletes nothing at all, even if the object is gone:
 * it asks for the cluster's own name in an annotation, which is there only without protection.
 *
 * A changed password reaches the database with the operator's next synchronisation, after five
 * minutes at most. Changed keys of the bucket reach it when its pods start again.
 *
 * Servers and poolers show a certificate that they signed themselves: connections are encrypted
 * (`sslmode=require`), and nobody can verify them.
 */
export class ZalandoPostgres extends Component implements Postgres {
  readonly url: pulumi.Output<string>;
  readonly directUrl: pulumi.Output<string>;
  readonly host: pulumi.Output<string>;
  readonly port = POSTGRES_PORT;
  readonly username: pulumi.Output<string>;
  readonly password: pulumi.Output<string>;
  readonly readHost: pulumi.Output<string> | undefined;
  readonly poolerHost: pulumi.Output<string> | undefined;
  readonly certificateAuthority = undefined;
  readonly reach: readonly Reach[];
  readonly capabilities: Postgres["capabilities"];
  readonly ready: readonly pulumi.Resource[];

  constructor(
    name: string,
    args: InClusterPostgresArguments,
    options: pulumi.ComponentResourceOptions,
  ) {
    const { clusterName, namespace, instances, owner, pooling = false } = args;
    super("postgres:ZalandoPostgres", name, { clusterName, namespace, instances }, options);
    checkZalando(name, args);

    const part = this.part();
    this.password = ownerPassword(part, args);
    const policies = createPolicies(part, args, clusterTraffic(args));
    const archives = createArchives(part, args);
    const before = [...policies, ...archives.ready, this.createOwner(args)];
    const cluster = this.createCluster(args, archives, before);
    const budget = pooling ? [poolerBudget(part, args, poolerLabels(clusterName))] : [];
    this.createMonitor(args);

    const hosts = hostsOf(args);
    this.host = pulumi.output(hosts.primary);
    this.username = pulumi.output(owner);
    this.readHost = instances > 1 ? pulumi.output(hosts.replicas) : undefined;
    this.poolerHost = pooling ? pulumi.output(hosts.pooler) : undefined;
    this.directUrl = this.urlTo(args, hosts.primary);
    this.url = pooling ? this.urlTo(args, hosts.pooler) : this.directUrl;
    this.reach = reachOf(args);
    this.capabilities = {
      pointInTimeRecovery: archiveOf(args) !== undefined,
      replicas: instances > 1,
      failover: instances > 1,
      pooling,
    };
    this.ready = [cluster, ...policies, ...budget];
    this.registerAll();
  }

  private registerAll(): void {
    this.registerOutputs({
      url: this.url,
      directUrl: this.directUrl,
      host: this.host,
      port: this.port,
      username: this.username,
      password: this.password,
      readHost: this.readHost,
      poolerHost: this.poolerHost,
      certificateAuthority: this.certificateAuthority,
      reach: this.reach,
      capabilities: this.capabilities,
      ready: this.ready,
    });
  }

  private part(): Part {
    return {
      child: (suffix) => this.child(suffix),
      options: (more) => this.options(more),
    };
  }

  private urlTo(
    { owner, database }: InClusterPostgresArguments,
    host: string,
  ): pulumi.Output<string> {
    return connectionUrl({
      username: owner,
      password: this.password,
      host,
      port: this.port,
      database,
      sslmode: "require",
    });
  }

  private createOwner(args: InClusterPostgresArguments): k8s.core.v1.Secret {
    return new k8s.core.v1.Secret(
      this.child("owner"),
      {
        metadata: { ...metadataOf(args), name: ownerSecret(args) },
        stringData: { username: args.owner, password: this.password },
      },
      this.options(),
    );
  }

  private createCluster(
    args: InClusterPostgresArguments,
    archives: Archives,
    before: pulumi.Resource[],
  ): k8s.apiextensions.CustomResource {
    const metadata = metadataOf(args);
    return customResource(
      this.child("cluster"),
      {
        apiVersion: "acid.zalan.do/v1",
        kind: "postgresql",
        metadata: {
          ...metadata,
          labels: { ...metadata.labels, ...args.labels },
          annotations: {
            // What depends on it connects to it: an object that was merely accepted answers nobody.
            "pulumi.com/waitFor": "jsonpath={.status.PostgresClusterStatus}=Running",
            ...(args.protect ? {} : { [ZALANDO_DELETE_ANNOTATION]: args.clusterName }),
          },
        },
        spec: postgresqlSpec(args, archives),
      },
      this.options({
        protect: args.protect,
        dependsOn: before,
        // Long enough for a restore, and for a change that restarts every instance.
        customTimeouts: { create: "90m", update: "60m", delete: "30m" },
      }),
    );
  }

  /** PostgreSQL itself is not measured by this operator, Patroni and its members are. */
  private createMonitor(args: InClusterPostgresArguments): void {
    if (args.metricsReady === undefined) return;
    customResource(
      this.child("database-monitor"),
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PodMonitor",
        metadata: metadataOf(args, "database"),
        spec: {
          selector: { matchLabels: instanceLabels(args.clusterName) },
          podMetricsEndpoints: [{ portNumber: PATRONI, path: "/metrics" }],
        },
      },
      this.options({ dependsOn: [...args.metricsReady] }),
    );
  }
}

const hostsOf = ({ clusterName, namespace }: InClusterPostgresArguments) => ({
  primary: serviceHost(clusterName, namespace),
  replicas: serviceHost(`${clusterName}-repl`, namespace),
  pooler: serviceHost(poolerName(clusterName), namespace),
});

function reachOf({
  clusterName,
  namespace,
  pooling,
}: InClusterPostgresArguments): readonly Reach[] {
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
