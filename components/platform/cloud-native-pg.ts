import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACES } from "../../lib/namespaces";
import { CHARTS } from "../../versions";
import { installChart } from "../kit/chart";
import { Component, type ComponentOptions } from "../kit/component";
import { commonLabels } from "../kit/labels";
import { Namespace } from "../kit/namespace";
import {
  fromAnywhere,
  fromPeers,
  inNamespace,
  toApiServer,
  toEveryPod,
} from "../kit/network-rules";
import type { OperatorArguments } from "./operators";
import { spreadPods } from "../kit/spread";

export interface CloudNativePgOperatorArguments extends OperatorArguments {
  /** Issues the certificates for mutual TLS between operator and plugin. */
  readonly certManager: pulumi.Resource;
}

const NAMESPACE = NAMESPACES.cloudNativePg;

/** The port for the API server's webhook calls about Clusters. */
const WEBHOOK = 9443;

const small = { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } };

/**
 * CloudNativePG, the PostgreSQL operator, and its Barman Cloud plugin, which archives and restores.
 * The operator finds plugins by the Services in its own namespace, so both are in one.
 *
 * The charts keep their CRDs when they are deleted, and update them with every version. A new
 * version of the operator or the plugin restarts every instance, one after the other, the primary
 * last.
 */
export class CloudNativePgOperator extends Component {
  /** Known at preview: the databases' network policies contain it. */
  readonly namespace: string;
  /** The API for Clusters, Poolers, Databases and ScheduledBackups is available. */
  readonly release: k8s.helm.v3.Release;
  /** The API for ObjectStores is available. */
  readonly plugin: k8s.helm.v3.Release;
  /** What must exist before the first Cluster. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: CloudNativePgOperatorArguments, options: ComponentOptions) {
    super("platform:CloudNativePgOperator", name, { production: args.production }, options);
    const namespace = this.createNamespace(args);
    this.namespace = namespace.namespace;
    this.release = this.installOperator(args, namespace);
    this.plugin = this.installPlugin(args, namespace);
    this.createBudget(args, namespace, "cloudnative-pg");
    this.createBudget(args, namespace, "plugin-barman-cloud");
    this.ready = [this.release, this.plugin];
    this.publish();
  }

  private createNamespace(args: OperatorArguments): Namespace {
    return new Namespace(
      this.child("namespace"),
      {
        namespace: NAMESPACE,
        system: args.system,
        podSecurity: "restricted",
        traffic: {
          ingress: [fromAnywhere(WEBHOOK), fromPeers([inNamespace(args.monitoringNamespace)])],
          // The API server, and every instance in any namespace: Postgres and its instance manager.
          egress: [toApiServer(), toEveryPod(5432, 8000)],
        },
      },
      { parent: this },
    );
  }

  private installOperator(args: OperatorArguments, namespace: Namespace): k8s.helm.v3.Release {
    return installChart(
      this.child("cloudnative-pg"),
      {
        version: CHARTS.cloudNativePg,
        releaseName: "cloudnative-pg",
        namespace: namespace.namespace,
        values: {
          // They elect a leader; the webhooks of all replicas answer.
          replicaCount: args.production ? 2 : 1,
          crds: { create: true },
          config: { clusterWide: true },
          resources: small,
          topologySpreadConstraints: spreadPods(
            { "app.kubernetes.io/name": "cloudnative-pg" },
            args.zones,
          ),
        },
        mirror: args.chartMirror,
      },
      this.options({ dependsOn: [...namespace.ready] }),
    );
  }

  /**
   * Always one replica: of several, only the elected leader opens the port, while all of them count
   * as ready, so half of the operator's calls would fail. While it is down, databases keep running,
   * including archiving; only changes wait.
   */
  private installPlugin(args: CloudNativePgOperatorArguments, namespace: Namespace) {
    return installChart(
      this.child("plugin-barman-cloud"),
      {
        version: CHARTS.barmanCloud,
        releaseName: "plugin-barman-cloud",
        namespace: namespace.namespace,
        values: {
          replicaCount: 1,
          crds: { create: true },
          certificate: {
            createClientCertificate: true,
            createServerCertificate: true,
          },
          resources: small,
        },
        mirror: args.chartMirror,
      },
      this.options({ dependsOn: [...namespace.ready, this.release, args.certManager] }),
    );
  }

  /**
   * The charts include none. One at a time, even for a single pod: a node must always be drainable.
   */
  private createBudget(args: OperatorArguments, namespace: Namespace, chart: string): void {
    new k8s.policy.v1.PodDisruptionBudget(
      this.child(`${chart}-budget`),
      {
        metadata: {
          name: chart,
          namespace: namespace.namespace,
          labels: commonLabels(args.system, chart),
        },
        spec: {
          maxUnavailable: 1,
          selector: { matchLabels: { "app.kubernetes.io/name": chart } },
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
      },
      this.options({ dependsOn: [...namespace.ready] }),
    );
  }
}
