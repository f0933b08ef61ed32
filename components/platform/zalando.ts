import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { CHARTS } from "../../versions";
import { installChart } from "../chart";
import { Component } from "../component";
import { commonLabels } from "../labels";
import { restrictedContainer } from "../security";
import { Namespace } from "./namespace";
import { fromPeers, inNamespace, toApiServer, toEveryPod } from "./network-rules";
import type { OperatorArguments } from "./operators";

/** By this label network policies know the operator's own pods. */
export const ZALANDO_OPERATOR = { "app.kubernetes.io/name": "postgres-operator" } as const;

/** Of all database pods, in every namespace; whoever grants it rights names it so. */
export const ZALANDO_SERVICE_ACCOUNT = "postgres-pod";

/** Labels that pods take over from their `postgresql`; the operator ignores all others. */
export const ZALANDO_INHERITED_LABELS: readonly string[] = ["app"];

/** The operator deletes no cluster that does not carry its own name under this annotation. */
export const ZALANDO_DELETE_ANNOTATION = "delete-clustername";

const NAMESPACE = "postgres-operator";

/**
 * Zalando's operator, which runs PostgreSQL with Patroni (`postgresql.acid.zalan.do`).
 *
 * The chart fixes one replica: while it is away running databases go on and fail over by themselves
 * (Patroni does that); only changes wait. A new version of the chart brings a new database image and
 * restarts every instance, the primary last.
 */
export class ZalandoOperator extends Component {
  /** Known at preview: network policies of the databases name it. */
  readonly namespace: string;
  /** `postgresql` objects are served. */
  readonly release: k8s.helm.v3.Release;
  /** What stands before the first `postgresql`. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: OperatorArguments, options: pulumi.ComponentResourceOptions) {
    super("platform:ZalandoOperator", name, { production: args.production }, options);
    const namespace = this.createNamespace(args);
    this.namespace = namespace.namespace;
    this.release = installChart(
      this.child("postgres-operator"),
      {
        version: CHARTS.zalandoPostgres,
        releaseName: "postgres-operator",
        namespace: this.namespace,
        values: zalandoValues(args.production),
        mirror: args.chartMirror,
      },
      this.options({ dependsOn: [...namespace.ready] }),
    );
    this.createBudget(args, namespace);
    this.ready = [this.release];
    this.registerOutputs({
      namespace: this.namespace,
      release: this.release,
      ready: this.ready,
    });
  }

  /** It has no webhook: the API server never calls it. */
  private createNamespace(args: OperatorArguments): Namespace {
    return new Namespace(
      this.child("namespace"),
      {
        namespace: NAMESPACE,
        system: args.system,
        podSecurity: "restricted",
        traffic: {
          ingress: [fromPeers([inNamespace(args.monitoringNamespace)])],
          // The API server, and every instance in whatever namespace it is: Postgres and Patroni.
          egress: [toApiServer(), toEveryPod(5432, 8008)],
        },
      },
      { parent: this },
    );
  }

  /** The chart brings none; its single pod may always move, so that a node can be drained. */
  private createBudget(args: OperatorArguments, namespace: Namespace): void {
    new k8s.policy.v1.PodDisruptionBudget(
      this.child("budget"),
      {
        metadata: {
          name: "postgres-operator",
          namespace: namespace.namespace,
          labels: commonLabels(args.system, "postgres-operator"),
        },
        spec: {
          maxUnavailable: 1,
          selector: { matchLabels: { ...ZALANDO_OPERATOR } },
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
      },
      this.options({ dependsOn: [...namespace.ready] }),
    );
  }
}

/** The chart's values; the operator's settings hold for all of its clusters. Pure. */
export function zalandoValues(production: boolean): Readonly<Record<string, unknown>> {
  return {
    configGeneral: {
      enable_crd_registration: true,
      // Otherwise a cluster's name would have to begin with its team's.
      enable_team_id_clustername_prefix: false,
      // A password that changed here reaches the database after this time at the latest.
      resync_period: "5m",
    },
    configKubernetes: clusterSettings(production),
    // Zero is the operator's word for none: a processor limit only throttles a database.
    configPostgresPodResources: { default_cpu_limit: "0", min_cpu_limit: "0" },
    configMajorVersionUpgrade: { major_version_upgrade_mode: "manual" },
    // Patroni keeps its leader while the API server is away, if all members still see each other.
    configPatroni: { enable_patroni_failsafe_mode: true },
    configTeamsApi: { enable_teams_api: false, enable_admin_role_for_users: false },
    configDebug: { debug_logging: false },
    podServiceAccount: { name: ZALANDO_SERVICE_ACCOUNT },
    podPriorityClassName: { create: false },
    resources: { requests: { cpu: "50m", memory: "250Mi" }, limits: { memory: "500Mi" } },
    // The id is the image's own.
    securityContext: { ...restrictedContainer(), runAsUser: 1000 },
  };
}

function clusterSettings(production: boolean): Readonly<Record<string, unknown>> {
  return {
    inherited_labels: [...ZALANDO_INHERITED_LABELS],
    delete_annotation_name_key: ZALANDO_DELETE_ANNOTATION,
    // What a deleted cluster leaves behind: its volumes, and the passwords that open them.
    enable_persistent_volume_claim_deletion: false,
    persistent_volume_claim_retention_policy: { when_deleted: "retain", when_scaled: "retain" },
    enable_secrets_deletion: false,
    enable_pod_antiaffinity: true,
    pod_antiaffinity_topology_key: "kubernetes.io/hostname",
    pod_antiaffinity_preferred_during_scheduling: !production,
    // With it a single instance would keep its node from ever being drained.
    enable_pod_disruption_budget: production,
    pdb_master_label_selector: true,
    enable_readiness_probe: true,
    // The image's user and group "postgres"; without these it runs as root.
    spilo_runasuser: 101,
    spilo_runasgroup: 103,
    spilo_fsgroup: 103,
    spilo_privileged: false,
    // The image's cron, which takes the base backups, starts its jobs by setuid.
    spilo_allow_privilege_escalation: true,
    storage_resize_mode: "pvc",
  };
}
