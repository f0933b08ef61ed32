import { customResource } from "../kit/custom-resource";
import type { Part } from "../kit/child-factory";
import { metadataOf, type CloudNativePgArguments } from "./cloud-native-pg-arguments";
import { instanceLabels, poolerLabels } from "./cloud-native-pg-spec";

/** PodMonitors in the database's own namespace: the operator's built-in option is deprecated. */
export function createMonitors(part: Part, args: CloudNativePgArguments): void {
  const { metricsReady, clusterName, pooling = false } = args;
  if (metricsReady === undefined) return;
  const monitored = {
    database: instanceLabels(clusterName),
    ...(pooling ? { pooler: poolerLabels(clusterName) } : {}),
  };
  for (const [suffix, matchLabels] of Object.entries(monitored)) {
    customResource(
      part.child(`${suffix}-monitor`),
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PodMonitor",
        metadata: metadataOf(args, suffix),
        spec: { selector: { matchLabels }, podMetricsEndpoints: [{ port: "metrics" }] },
      },
      part.options({ dependsOn: [...metricsReady] }),
    );
  }
}
