import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { customResource } from "../custom-resource";
import { commonLabels } from "../labels";
import type { Part } from "../observability/part";
import type { CloudNativePgArguments } from "./cloud-native-pg";
import { poolerLabels, poolerName } from "./cloud-native-pg-spec";
import { metadataOf, POOLER_INSTANCES, poolerBudget, poolSize, spreadOver } from "./in-cluster";

/** PgBouncer, one server connection a transaction, with the budget that the operator leaves out. */
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
  return [pooler, poolerBudget(part, args, poolerLabels(args.clusterName))];
}

/** In PgBouncer's words; numbers are of each pooler. */
export function poolerParameters(args: CloudNativePgArguments): Readonly<Record<string, string>> {
  const size = String(poolSize(args));
  return {
    client_tls_sslmode: "require",
    max_client_conn: "1000",
    default_pool_size: size,
    max_db_connections: size,
    // Most drivers prepare their statements; without this a pool by transaction loses them.
    max_prepared_statements: "200",
  };
}

const templateLabels = ({ system, clusterName }: CloudNativePgArguments) =>
  commonLabels(system, poolerName(clusterName));

/** The operator adds the rest, and hardens it as it hardens the instances. */
function podSpec({ clusterName, nodes }: CloudNativePgArguments): k8s.types.input.core.v1.PodSpec {
  return {
    containers: [
      {
        name: "pgbouncer",
        resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
      },
    ],
    topologySpreadConstraints: spreadOver(poolerLabels(clusterName)),
    ...(nodes === undefined ? {} : { nodeSelector: { ...nodes } }),
  };
}
