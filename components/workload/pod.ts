import type * as k8s from "@pulumi/kubernetes";
import type { Service, System } from "../../systems/model";
import { configurationName } from "../kit/dapr";
import { restrictedPod } from "../kit/security";
import { authorityVolumes } from "./connections";
import { container, sidecar, writableVolumes } from "./container";
import type { WorkloadArguments } from "./contract";
import { spreadPods } from "../kit/spread";
import { timingOf } from "../../systems/timing";

type PodSpec = k8s.types.input.core.v1.PodSpec;

/** The pod of a service, as data. Pure. */

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
    terminationGracePeriodSeconds: timingOf(service, system).termination.grace.seconds,
    topologySpreadConstraints: spreadPods(matchLabels, args.zones, ["pod-template-hash"]),
    containers: [container(args), ...(service.sidecars ?? []).map((one) => sidecar(one, args))],
    volumes: [...writableVolumes(service), ...authorityVolumes(args.connections ?? [])],
  };
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

/** Annotations for the sidecar injector; none without Dapr. */
export function daprAnnotations({ service, system }: WorkloadArguments): Record<string, string> {
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
    "dapr.io/block-shutdown-duration": `${String(timingOf(service, system).termination.drain.seconds)}s`,
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
