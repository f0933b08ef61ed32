import type * as k8s from "@pulumi/kubernetes";
import { NAMESPACES } from "../../lib/namespaces";
import type { Service, System } from "../../systems/model";
import { commonLabels } from "../kit/labels";
import { MATCH_LABELS as LAG_EXPORTER } from "../observability/kafka-exporter";
import { busScopes, daprBuses, stateStores, storeScopes } from "../kit/dapr";
import { inNamespace, pods } from "../kit/network-rules";
import { jobName } from "../recovery/plan";
import { selector } from "../workload/pod";

type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;

/** Names of the data services that a service uses, with its own client or through its sidecar. */
export function dataOf(service: Service, system: System): readonly string[] {
  const appId = service.dapr?.appId ?? "";
  const throughDapr = [
    ...daprBuses(system).filter((bus) => busScopes(system, bus).includes(appId)),
    ...stateStores(system).filter((cache) => storeScopes(system, cache).includes(appId)),
  ].map(({ name }) => name);
  return [...new Set([...service.uses, ...throughDapr])];
}

/** The KEDA pod that queries brokers. */
const KEDA_OPERATOR: Peer = {
  ...inNamespace(NAMESPACES.keda),
  podSelector: { matchLabels: { app: "keda-operator" } },
};

/** The pods that connect to a data service in the cluster; all others are denied. */
export function clientsOf(name: string, system: System): readonly Peer[] {
  return [
    ...system.services
      .filter((service) => dataOf(service, system).includes(name))
      .map((service) => pods(selector(service, system))),
    ...system.backups
      .filter(({ of, method }) => of === name && method === "dump")
      .flatMap((backup) =>
        [jobName(backup), `${jobName(backup)}-restore`].map((job) =>
          pods(commonLabels(system.id, job)),
        ),
      ),
    // The autoscaler and the lag exporter query the brokers.
    ...(system.eventBuses.some((bus) => bus.name === name)
      ? [KEDA_OPERATOR, pods(LAG_EXPORTER)]
      : []),
  ];
}
