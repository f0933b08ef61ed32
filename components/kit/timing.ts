import type * as k8s from "@pulumi/kubernetes";
import type { Pace, Probes, Service, System, Termination, Timing } from "../../systems/model";
import { percent, seconds, type Duration } from "../../systems/units";

/** When containers are probed, restarted and replaced. Pure. */

type Container = k8s.types.input.core.v1.Container;
type DeploymentSpec = k8s.types.input.apps.v1.DeploymentSpec;

const every = (period: number, failures: number, timeout: number): Timing => ({
  every: seconds(period),
  failures,
  timeout: seconds(timeout),
});

/** Two minutes to start; a probe of its own, so that a slow start is not taken for a hang. */
const STARTUP = every(3, 40, 2);
/** Takes a pod out of service quickly. */
const READINESS = every(5, 2, 2);
/** Restarts slowly, so that a slow dependency does not restart everything at once. */
const LIVENESS = every(20, 4, 5);
const TERMINATION = { drain: seconds(10), grace: seconds(75) };
const PACE = { surge: percent(25), unavailable: percent(0), settle: seconds(10) };
/** Without a bound in the rollout itself. */
const READY_WITHIN = seconds(600);

export interface ServiceTiming {
  readonly probes: Required<Probes>;
  readonly termination: Required<Termination>;
  readonly pace: Required<Pace>;
}

/** Every value, with the defaults that the model documents. */
export function timingOf(service: Service, system: Pick<System, "slos">): ServiceTiming {
  const { probes = {}, termination = {} } = service;
  const objective = podRecovery(service, system);
  const { drain, grace } = { ...TERMINATION, ...termination };
  return {
    probes: {
      startup: STARTUP,
      ...(objective === undefined
        ? { readiness: READINESS, liveness: LIVENESS }
        : within(objective)),
      ...probes,
    },
    termination: {
      drain,
      grace,
      graceOfUnhealthy:
        termination.graceOfUnhealthy ??
        (objective === undefined ? grace : seconds(Math.floor(objective.seconds / 6))),
    },
    pace: { ...PACE, ...service.pace },
  };
}

/** The strictest objective for the time from a pod's end to its replacement's readiness. */
export function podRecovery(
  { name }: Pick<Service, "name">,
  { slos }: Pick<System, "slos">,
): Duration | undefined {
  const bounds = slos.flatMap(({ services, indicator }) =>
    services.includes(name) && indicator.kind === "time" && indicator.of === "podRecovery"
      ? [indicator.below.seconds]
      : [],
  );
  return bounds.length === 0 ? undefined : seconds(Math.min(...bounds));
}

/**
 * A third of the objective to notice a hang, a sixth to stop: half of it remains for the start. Out
 * of service first, restarted then.
 */
function within({
  seconds: objective,
}: Duration): Required<Pick<Probes, "readiness" | "liveness">> {
  const period = Math.max(1, Math.floor((objective / 3 - 1) / 3));
  const timeout = Math.max(1, Math.floor(objective / 3) - 3 * period);
  return { readiness: every(period, 2, timeout), liveness: every(period, 3, timeout) };
}

/** The longest time in seconds from a hang to the restart of the container. */
export function restartTime({ probes: { liveness }, termination }: ServiceTiming): number {
  const { every: period, failures, timeout } = liveness;
  return period.seconds * failures + timeout.seconds + termination.graceOfUnhealthy.seconds;
}

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
