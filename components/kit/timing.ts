/** A service's timing as a container and a Deployment say it. Pure. */
import type * as k8s from "@pulumi/kubernetes";
import type { Service, Timing } from "../../systems/model";
import type { ServiceTiming } from "../../systems/timing";
import { seconds } from "../../systems/units";

type Container = k8s.types.input.core.v1.Container;
type DeploymentSpec = k8s.types.input.apps.v1.DeploymentSpec;

/** Without a bound in the rollout itself. */
const READY_WITHIN = seconds(600);

/** A container's probes, all of the service's health, and what it does before it stops. */
export function probesOf(
  { health }: Service,
  { probes, termination }: ServiceTiming,
): Pick<Container, "startupProbe" | "readinessProbe" | "livenessProbe" | "lifecycle"> {
  const { startup, readiness, liveness } = probes;
  const probe = (timing: Timing, path = health.path) => ({
    httpGet: { path, port: health.port },
    periodSeconds: timing.every.seconds,
    failureThreshold: timing.failures,
    timeoutSeconds: timing.timeout.seconds,
  });
  const { drain, grace, graceOfUnhealthy } = termination;
  return {
    startupProbe: probe(startup),
    readinessProbe: probe(readiness),
    livenessProbe: {
      ...probe(liveness, liveness.path),
      ...(graceOfUnhealthy.seconds === grace.seconds
        ? {}
        : { terminationGracePeriodSeconds: graceOfUnhealthy.seconds }),
    },
    lifecycle: { preStop: { sleep: { seconds: drain.seconds } } },
  };
}

/** How a Deployment replaces its pods. */
export function rolloutOf(
  { rollout }: Service,
  { pace: { surge, unavailable, settle } }: ServiceTiming,
): Pick<DeploymentSpec, "minReadySeconds" | "progressDeadlineSeconds" | "strategy"> {
  const bound = rollout.kind === "blueGreen" ? rollout.readyWithin : undefined;
  return {
    minReadySeconds: settle.seconds,
    progressDeadlineSeconds: (bound ?? READY_WITHIN).seconds,
    strategy: {
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: share(unavailable.value), maxSurge: share(surge.value) },
    },
  };
}

/** Pods beyond `replicas` during a rollout: Kubernetes rounds up. */
export const surgeOf = (replicas: number, { pace }: Pick<ServiceTiming, "pace">): number =>
  Math.ceil(replicas * pace.surge.value);

const share = (value: number): number | string =>
  value === 0 ? 0 : `${String(Math.round(value * 100))}%`;
