import type * as k8s from "@pulumi/kubernetes";
import type { EnvironmentVariable, Service, System } from "../../systems/model";
import { containerResources } from "../kit/labels";
import { restrictedContainer } from "../kit/security";
import { authorityMounts, connectionEnvironment } from "./connections";
import type { WorkloadArguments } from "./contract";
import { timingOf } from "../../systems/timing";
import { probesOf } from "../kit/timing";

/** The containers of a service's pod, as data. Pure. */

type Container = k8s.types.input.core.v1.Container;
type EnvVar = k8s.types.input.core.v1.EnvVar;

/** Of each writable folder, on the node's disk, in MiB. */
const SCRATCH = 256;
/** For logs and for each writable folder: a pod that writes more is evicted before it fills the node's disk. */
const LOGS = 256;

export function container(args: WorkloadArguments): Container {
  const { service, system } = args;
  return {
    ...shared(args),
    name: service.container,
    ...started(service),
    ...portsOf(service),
    resources: resourcesOf(service.resources, service),
    ...probesOf(service, timingOf(service, system)),
  };
}

/** The name of the port with the metrics: that of the requests, if it is the same. */
export const metricsPort = ({ port }: Service, metrics: { readonly port: number }): string =>
  metrics.port === port ? "http" : "metrics";

function portsOf(service: Service): Pick<Container, "ports"> {
  const { port, metrics } = service;
  const ports = [
    ...(port === undefined ? [] : [{ name: "http", containerPort: port, protocol: "TCP" }]),
    ...(metrics === "none" || metrics.port === port
      ? []
      : [{ name: metricsPort(service, metrics), containerPort: metrics.port, protocol: "TCP" }]),
  ];
  return ports.length === 0 ? {} : { ports };
}

/** The service's image and environment under another name; it serves nothing, so has no probes. */
export function sidecar(
  one: NonNullable<Service["sidecars"]>[number],
  args: WorkloadArguments,
): Container {
  return {
    ...shared(args),
    name: one.name,
    ...started(one),
    resources: resourcesOf(one.resources, args.service),
  };
}

/** What all containers of the pod have. */
function shared(args: WorkloadArguments): Omit<Container, "name"> {
  const { service, connections = [] } = args;
  return {
    image: args.image,
    imagePullPolicy: "IfNotPresent",
    env: [
      ...service.environment.map((variable) => environmentVariable(variable, args.system)),
      ...connectionEnvironment(service, connections),
    ],
    securityContext: restrictedContainer(),
    volumeMounts: [
      ...writablePaths(service).map(({ name, mountPath }) => ({ name, mountPath })),
      ...authorityMounts(connections),
    ],
  };
}

/** `configured` never arrives here: see `checkWorkload`. */
const started = ({ command, args }: Pick<Service, "command" | "args">) => ({
  ...(command === undefined || command === "configured" ? {} : { command: [...command] }),
  ...(args === undefined ? {} : { args: [...args] }),
});

/** A node's disk is shared: what one pod writes must not evict the others. */
function resourcesOf(resources: Service["resources"], service: Service): Container["resources"] {
  const { requests, limits } = containerResources(resources);
  const most = LOGS + SCRATCH * writablePaths(service).length;
  return {
    requests: { ...requests, "ephemeral-storage": "64Mi" },
    limits: { ...limits, "ephemeral-storage": `${String(most)}Mi` },
  };
}

/** The root is read-only: each writable directory is a volume that is deleted with the pod. */
export function writablePaths(
  service: Service,
): readonly { readonly name: string; readonly mountPath: string }[] {
  return ["/tmp", ...(service.writable ?? [])].map((mountPath) => ({
    name: mountPath.slice(1).replace(/[^a-z0-9]+/g, "-"),
    mountPath,
  }));
}

export const writableVolumes = (service: Service): k8s.types.input.core.v1.Volume[] =>
  writablePaths(service).map(({ name }) => ({
    name,
    emptyDir: { sizeLimit: `${String(SCRATCH)}Mi` },
  }));

function environmentVariable({ name, from }: EnvironmentVariable, system: System): EnvVar {
  switch (from.kind) {
    case "value":
      return { name, value: from.value };
    case "secret":
      return { name, valueFrom: { secretKeyRef: { name: from.secret, key: from.key } } };
    case "service":
      return { name, value: serviceUrl(system, from.service) };
    case "setting":
      return from.configMap === undefined
        ? { name, value: from.default }
        : { name, valueFrom: { configMapKeyRef: { name: from.configMap, key: name } } };
  }
}

function serviceUrl(system: System, name: string): string {
  const callee = system.services.find((service) => service.name === name);
  return `http://${callee?.workload ?? name}:${callee?.port ?? 80}`;
}
