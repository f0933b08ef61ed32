import type * as k8s from "@pulumi/kubernetes";
import type { EnvironmentVariable, Service, System } from "../../systems/model";
import { configurationName } from "../kit/dapr";
import { containerResources } from "../kit/labels";
import { restrictedContainer, restrictedPod } from "../kit/security";
import type { WorkloadArguments } from "./contract";

type Container = k8s.types.input.core.v1.Container;
type EnvVar = k8s.types.input.core.v1.EnvVar;
type PodSpec = k8s.types.input.core.v1.PodSpec;

/** The pod of a service, as data. Pure. */

/** Seconds for which a terminating pod keeps serving, until load balancers have removed it. */
const DRAIN = 10;
/** Seconds until it is killed; longer than any request except a WebSocket. */
const GRACE = 75;

/** Labels that never change during the life of the Deployment. */
export function selector(service: Service, system: System): Record<string, string> {
  return { ...service.labels, "app.kubernetes.io/part-of": system.id };
}

export function podSpec(args: WorkloadArguments): PodSpec {
  const { service, system } = args;
  const matchLabels = selector(service, system);
  return {
    serviceAccountName: service.workload,
    // The applications do not use the API server.
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(),
    nodeSelector: { ...args.nodes },
    ...affinity(args),
    terminationGracePeriodSeconds: GRACE,
    topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(
      (topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        // Preferred, not required: pods must also start with one zone, or while a node is drained.
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels },
        matchLabelKeys: ["pod-template-hash"],
      }),
    ),
    containers: [container(args), ...(service.sidecars ?? []).map((one) => sidecar(one, args))],
    volumes: writablePaths(service).map(({ name }) => ({ name, emptyDir: { sizeLimit: "256Mi" } })),
  };
}

function container(args: WorkloadArguments): Container {
  const { service } = args;
  const probe = { httpGet: { path: service.health.path, port: service.health.port } };
  return {
    name: service.container,
    image: args.image,
    imagePullPolicy: "IfNotPresent",
    ...portsOf(service),
    env: service.environment.map((variable) => environmentVariable(variable, args)),
    resources: containerResources(service.resources),
    securityContext: restrictedContainer(),
    // Two minutes to start; afterwards readiness takes a pod out of service quickly and liveness
    // restarts it slowly, so that a slow dependency does not restart everything at once.
    startupProbe: { ...probe, periodSeconds: 3, failureThreshold: 40, timeoutSeconds: 2 },
    readinessProbe: { ...probe, periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 2 },
    livenessProbe: { ...probe, periodSeconds: 20, failureThreshold: 4, timeoutSeconds: 5 },
    lifecycle: { preStop: { sleep: { seconds: DRAIN } } },
    volumeMounts: writablePaths(service).map(({ name, mountPath }) => ({ name, mountPath })),
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

/** Required, not preferred: the runbook sizes its pods for these nodes. */
function affinity({ instanceTypes }: WorkloadArguments): Pick<PodSpec, "affinity"> {
  if (instanceTypes === undefined || instanceTypes.length === 0) return {};
  const key = "node.kubernetes.io/instance-type";
  return {
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key, operator: "In", values: [...instanceTypes] }] },
          ],
        },
      },
    },
  };
}

/** The service's image and environment under another name; it serves nothing, so has no probes. */
function sidecar(
  { name, command, resources }: NonNullable<Service["sidecars"]>[number],
  args: WorkloadArguments,
): Container {
  const { env, imagePullPolicy, securityContext, volumeMounts } = container(args);
  return {
    name,
    image: args.image,
    imagePullPolicy,
    ...(command === undefined ? {} : { command: [...command] }),
    env,
    resources: containerResources(resources),
    securityContext,
    volumeMounts,
  };
}

/** The root is read-only: each writable directory is a volume that is deleted with the pod. */
function writablePaths(service: Service): readonly { name: string; mountPath: string }[] {
  return ["/tmp", ...(service.writable ?? [])].map((mountPath) => ({
    name: mountPath.slice(1).replace(/[^a-z0-9]+/g, "-"),
    mountPath,
  }));
}

function environmentVariable(variable: EnvironmentVariable, args: WorkloadArguments): EnvVar {
  const { name, from } = variable;
  switch (from.kind) {
    case "value":
      return { name, value: from.value };
    case "secret":
      return { name, valueFrom: { secretKeyRef: { name: from.secret, key: from.key } } };
    case "service":
      return { name, value: serviceUrl(args.system, from.service) };
    case "setting":
      return { name, value: args.settings?.[name] ?? from.default };
  }
}

function serviceUrl(system: System, name: string): string {
  const callee = system.services.find((service) => service.name === name);
  return `http://${callee?.workload ?? name}:${callee?.port ?? 80}`;
}

/** Annotations for the sidecar injector; none without Dapr. */
export function daprAnnotations({ service }: WorkloadArguments): Record<string, string> {
  const { dapr } = service;
  if (dapr === undefined) return {};
  return {
    "dapr.io/enabled": "true",
    "dapr.io/app-id": dapr.appId,
    "dapr.io/app-port": String(service.port ?? service.health.port),
    "dapr.io/app-protocol": "http",
    "dapr.io/config": configurationName(service),
    // The sidecar delivers no events to an application that is not healthy.
    "dapr.io/enable-app-health-check": "true",
    "dapr.io/app-health-check-path": service.health.path,
    "dapr.io/app-health-probe-interval": "5",
    "dapr.io/graceful-shutdown-seconds": "30",
    "dapr.io/block-shutdown-duration": `${DRAIN}s`,
    "dapr.io/log-as-json": "true",
    "dapr.io/enable-metrics": "true",
    "dapr.io/metrics-port": "9090",
    "dapr.io/disable-builtin-k8s-secret-store": "true",
    "dapr.io/sidecar-seccomp-profile-type": "RuntimeDefault",
    "dapr.io/sidecar-cpu-request": "50m",
    "dapr.io/sidecar-memory-request": "64Mi",
    "dapr.io/sidecar-memory-limit": "256Mi",
  };
}

/** Names of the Secrets that a service reads. */
export function secretsOf(service: Service): readonly string[] {
  const names = service.environment.flatMap(({ from }) =>
    from.kind === "secret" ? [from.secret] : [],
  );
  return [...new Set(names)];
}

/** The keys of one Secret that a service reads. */
export function keysOf(service: Service, secret: string): readonly string[] {
  const keys = service.environment.flatMap(({ from }) =>
    from.kind === "secret" && from.secret === secret ? [from.key] : [],
  );
  return [...new Set(keys)].sort();
}
