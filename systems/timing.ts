/** When the containers of a service are probed, restarted and stopped: what its data says, over the defaults. Pure. */
import type { Pace, Probes, Service, System, Termination, Timing } from "./model";
import { percent, seconds, type Duration } from "./units";

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

/** What the kubelet leaves between SIGTERM and SIGKILL if the preStop hook has used up the grace period. */
const LEAST_AFTER_SIGTERM = 2;

export interface ServiceTiming {
  readonly probes: Required<Probes>;
  readonly termination: Required<Termination>;
  readonly pace: Required<Pace>;
}

/** Every value, with the defaults that the model documents. */
export function timingOf(service: Service, system: Pick<System, "slos">): ServiceTiming {
  const { probes = {}, termination = {}, pace } = service;
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
        (objective === undefined ? grace : graceWithin(objective, drain)),
    },
    pace: { ...PACE, ...pace },
  };
}

/** The strictest objective for the time from a pod's failure to its replacement's readiness. */
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

/** Half of the objective to notice a hang, and the usual probes if they are as fast. Out of service before that. */
function within({
  seconds: objective,
}: Duration): Required<Pick<Probes, "readiness" | "liveness">> {
  const half = Math.floor(objective / 2);
  if (noticed(LIVENESS) <= half) return { readiness: READINESS, liveness: LIVENESS };
  const timeout = Math.min(5, Math.max(1, Math.floor(half / 5)));
  const period = Math.max(1, Math.floor((half - timeout) / 3));
  return { readiness: every(period, 2, timeout), liveness: every(period, 3, timeout) };
}

/**
 * A sixth of the objective to stop, if the drain leaves time of it for SIGTERM. Otherwise the least: the hook would only
 * spend it asleep, in a container that is out of service.
 */
function graceWithin({ seconds: objective }: Duration, drain: Duration): Duration {
  const sixth = Math.floor(objective / 6);
  return seconds(sixth < drain.seconds + LEAST_AFTER_SIGTERM ? 1 : sixth);
}

/** The longest time in seconds until a probe has failed as often as it may. */
export const noticed = ({ every: period, failures, timeout }: Timing): number =>
  period.seconds * failures + timeout.seconds;

/** The longest time in seconds from a hang to the restart of the container. */
export function restartTime({ probes, termination }: ServiceTiming): number {
  const { drain, graceOfUnhealthy } = termination;
  const asleep = Math.min(drain.seconds, graceOfUnhealthy.seconds);
  const left = Math.max(LEAST_AFTER_SIGTERM, graceOfUnhealthy.seconds - drain.seconds);
  return noticed(probes.liveness) + asleep + left;
}
