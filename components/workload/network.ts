import type * as k8s from "@pulumi/kubernetes";
import type { Service, System } from "../../systems/model";
import { fromPeers, inNamespace, pods, toInternet, toPeers } from "../kit/network-rules";
import { toReach, type Reach } from "../kit/egress";
import type { WorkloadArguments } from "./contract";
import { selector } from "./pod";

type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;

/** The sidecars' ports: service invocation, and metrics. */
const DAPR = { invocation: 50002, metrics: 9090 };
/** The port for traces. */
const OTLP = 4317;

/** The traffic of one service, exactly as the system's data implies. Pure. */
export function networkPolicy(args: WorkloadArguments): Spec {
  const { service, system } = args;
  return {
    podSelector: { matchLabels: selector(service, system) },
    policyTypes: ["Ingress", "Egress"],
    ingress: ingress(args),
    egress: egress(args),
  };
}

function ingress(args: WorkloadArguments): NonNullable<Spec["ingress"]> {
  const { service, system, network } = args;
  const port = service.port ?? service.health.port;
  const callers = system.services.filter((other) => other.calls.includes(service.name));
  const invokers = system.services.filter((other) => service.dapr?.invokedBy.includes(other.name));
  return [
    ...(network.edgeNamespace === undefined
      ? []
      : [fromPeers([inNamespace(network.edgeNamespace)], port)]),
    ...(callers.length === 0 ? [] : [fromPeers(peers(callers, system), port)]),
    ...(invokers.length === 0 ? [] : [fromPeers(peers(invokers, system), DAPR.invocation)]),
    ...monitored(args),
  ];
}

/** Prometheus reads the service's metrics, and its sidecar's. */
function monitored({ service, network }: WorkloadArguments): ReturnType<typeof fromPeers>[] {
  const ports = [
    ...(service.metrics === "none" ? [] : [service.metrics.port]),
    ...(service.dapr === undefined ? [] : [DAPR.metrics]),
  ];
  return ports.length === 0
    ? []
    : [fromPeers([inNamespace(network.monitoringNamespace)], ...ports)];
}

function egress({ service, system, network }: WorkloadArguments): NonNullable<Spec["egress"]> {
  const callees = system.services.filter((other) => service.calls.includes(other.name));
  const invoked = system.services.filter((other) => other.dapr?.invokedBy.includes(service.name));
  return [
    ...callees.map((callee) => toPeers(peers([callee], system), callee.port ?? callee.health.port)),
    ...(invoked.length === 0 ? [] : [toPeers(peers(invoked, system), DAPR.invocation)]),
    ...(service.dapr === undefined
      ? []
      : [
          toPeers([inNamespace(network.daprNamespace)]),
          toPeers([inNamespace(network.monitoringNamespace)], OTLP),
        ]),
    ...distinct(network.data).map(toReach),
    ...(service.external ?? []).map(({ port }) => toInternet(port)),
  ];
}

/** Several data services often have the same network path, such as a cloud's database network. */
const distinct = (ways: readonly Reach[]): readonly Reach[] => [
  ...new Map(ways.map((way) => [JSON.stringify(way), way])).values(),
];

const peers = (services: readonly Service[], system: System) =>
  services.map((service) => pods(selector(service, system)));
