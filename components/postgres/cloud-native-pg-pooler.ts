import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { customResource } from "../kit/custom-resource";
import { commonLabels } from "../kit/labels";
import type { Part } from "../kit/child-factory";
import { metadataOf, type CloudNativePgArguments } from "./cloud-native-pg-arguments";
import { poolerLabels, poolerName } from "./cloud-native-pg-spec";
import { spreadPods } from "../kit/spread";

/** Two survive the loss of a node. */
const POOLER_INSTANCES = 2;
/** PostgreSQL's own default of `max_connections`. */
const MAX_CONNECTIONS = 100;

/** PgBouncer in transaction mode, with the disruption budget that the operator does not create. */
export function createPooler(
  part: Part,
  args: CloudNativePgArguments,
  cluster: pulumi.Resource,
): readonly pulumi.Resource[] {
  const pooler = customResource(
    part.child("pooler"),
    {
      apiVersion: "postgresql.cnpg.io/v1",
      kind: "Pooler",
      metadata: metadataOf(args, "pooler"),
      spec: {
        cluster: { name: args.clusterName },
        instances: POOLER_INSTANCES,
        type: "rw",
        pgbouncer: { poolMode: "transaction", parameters: poolerParameters(args) },
        template: { metadata: { labels: templateLabels(args) }, spec: podSpec(args) },
      },
    },
    part.options({ dependsOn: [cluster] }),
  );
  return [pooler, budget(part, args)];
}

function budget(part: Part, args: CloudNativePgArguments): k8s.policy.v1.PodDisruptionBudget {
  return new k8s.policy.v1.PodDisruptionBudget(
    part.child("pooler-budget"),
    {
      metadata: metadataOf(args, "pooler"),
      spec: {
        maxUnavailable: 1,
        selector: { matchLabels: poolerLabels(args.clusterName) },
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    },
    part.options(),
  );
}

/** PgBouncer's settings; the numbers are for each pooler. */
export function poolerParameters(args: CloudNativePgArguments): Readonly<Record<string, string>> {
  const size = String(poolSize(args));
  return {
    client_tls_sslmode: "require",
    max_client_conn: "1000",
    default_pool_size: size,
    max_db_connections: size,
    // Most drivers prepare their statements; without this, a pool in transaction mode loses them.
    max_prepared_statements: "200",
  };
}

/**
 * Server connections of each pooler: all poolers together leave a fifth of them for dumps,
 * migrations, metrics and the operator.
 */
export function poolSize({ parameters = {} }: Pick<CloudNativePgArguments, "parameters">) {
  const connections = Number(parameters["max_connections"] ?? MAX_CONNECTIONS);
  return Math.floor((connections * 0.8) / POOLER_INSTANCES);
}

const templateLabels = ({ system, clusterName }: CloudNativePgArguments) =>
  commonLabels(system, poolerName(clusterName));

/** The operator adds the rest, with the same hardening as for the instances. */
function podSpec({
  clusterName,
  nodes,
  zones,
}: CloudNativePgArguments): k8s.types.input.core.v1.PodSpec {
  return {
    containers: [
      {
        name: "pgbouncer",
        resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
      },
    ],
    topologySpreadConstraints: spreadPods(poolerLabels(clusterName), zones),
    ...(nodes === undefined ? {} : { nodeSelector: { ...nodes } }),
  };
}
