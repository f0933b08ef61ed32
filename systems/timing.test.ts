import { expect, it } from "vitest";
import { SYSTEMS } from ".";
import { aiWealth } from "./ai-wealth";
import type { Service, Slo, System } from "./model";
import { noticed, podRecovery, restartTime, timingOf } from "./timing";
import { seconds } from "./units";

const [backend] = aiWealth.services as readonly [Service];
const recovery = aiWealth.slos.find(({ indicator }) => indicator.kind === "time") as Slo;
const of = (objective: number) =>
  timingOf(backend, {
    slos: [
      {
        ...recovery,
        services: [backend.name],
        indicator: { kind: "time", of: "podRecovery", below: seconds(objective) },
      } satisfies Slo,
    ],
  });

it("restarts a container that hangs in two thirds of the objective, and leaves the rest for its start", () => {
  const objectives = [30, 60, 72, 180, 600];
  const found = objectives.map(of).map((timing) => {
    const { readiness, liveness } = timing.probes;
    const { graceOfUnhealthy } = timing.termination;
    return [noticed(readiness), noticed(liveness), graceOfUnhealthy.seconds, restartTime(timing)];
  });
  expect(found).toEqual([
    [11, 15, 1, 18],
    [21, 29, 1, 32],
    [25, 35, 12, 47],
    [12, 85, 30, 115],
    [12, 85, 100, 185],
  ]);
});

it.each(
  Object.values<System>(SYSTEMS).flatMap((system) =>
    system.services.map((service) => [`${system.id} ${service.name}`, system, service] as const),
  ),
)("%s fits its objective, is patient, and has time after SIGTERM", (_, system, service) => {
  const timing = timingOf(service, system);
  const { startup, readiness, liveness } = timing.probes;
  const { drain, grace } = timing.termination;
  const objective = podRecovery(service, system)?.seconds ?? Infinity;
  expect(restartTime(timing)).toBeLessThanOrEqual((objective * 2) / 3);
  expect(noticed(readiness)).toBeLessThan(noticed(liveness));
  expect(liveness.failures).toBeGreaterThanOrEqual(3);
  expect(liveness.timeout.seconds).toBeGreaterThan(1);
  expect(noticed(startup)).toBeGreaterThan(noticed(liveness));
  expect(grace.seconds - drain.seconds).toBeGreaterThan(30);
});
