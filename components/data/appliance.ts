import type * as pulumi from "@pulumi/pulumi";
import type { Appliance as ApplianceData } from "../../systems/model";
import { clientsOf } from "./clients";
import { inCluster, type DataContext } from "./context";
import type { Appliance } from "../appliance/contract";
import { Ollama } from "../appliance/ollama";
import { Qdrant } from "../appliance/qdrant";

/**
 * Chooses the implementation of a vector store or model server. No other file knows all of them.
 */
export function createAppliance(
  name: string,
  appliance: ApplianceData,
  context: DataContext,
  options: pulumi.ComponentResourceOptions,
): Appliance {
  const { settings, platform, store } = context;
  const after = { ...options, dependsOn: [...platform.application.ready] };
  const shared = {
    ...inCluster(context),
    objectName: appliance.name,
    replicas: appliance.replicas,
    storage: appliance.storage,
    allowFrom: clientsOf(appliance.name, settings.system),
    protect: settings.protect,
  };
  switch (appliance.engine) {
    case "qdrant":
      return new Qdrant(
        name,
        {
          ...shared,
          ...(appliance.version === undefined ? {} : { version: appliance.version }),
          // Its clients get an address without TLS; network policies keep others out.
          tls: undefined,
          monitoring: {
            namespace: platform.monitoring.namespace,
            ready: context.metricsReady,
          },
          snapshots: { store, prefix: appliance.name },
        },
        after,
      );
    case "ollama":
      return new Ollama(name, { ...shared, models: settings.models }, after);
  }
}
