import { describe, expect, it } from "vitest";
import type { Slo } from "../../systems/model";
import { percent, seconds } from "../../systems/units";
import { aiWealth } from "../../systems/ai-wealth";
import { timingOf } from "../../systems/timing";
import { probesOf, rolloutOf, surgeOf } from "./timing";

const [backend] = aiWealth.services;
if (backend === undefined) throw new Error("AI Wealth has services");
const recovery = aiWealth.slos.find(({ indicator }) => indicator.kind === "time") as Slo;
const within = (objective: number) => ({
  slos: [
    {
      ...recovery,
      services: [backend.name],
      indicator: { kind: "time", of: "podRecovery", below: seconds(objective) },
    } satisfies Slo,
  ],
});
const of = (objective?: number) =>
  timingOf(backend, objective === undefined ? { slos: [] } : within(objective));

describe("probes", () => {
  it("are slow to restart a container if no objective says how fast", () => {
    expect(probesOf(backend, of())).toEqual({
      startupProbe: probe(3, 40, 2),
      readinessProbe: probe(5, 2, 2),
      livenessProbe: probe(20, 4, 5),
      lifecycle: { preStop: { sleep: { seconds: 10 } } },
    });
  });

  it("notice a hang in half of the objective, and take the container out of service before", () => {
    expect(probesOf(backend, of(30))).toMatchObject({
      readinessProbe: probe(4, 2, 3),
      livenessProbe: { ...probe(4, 3, 3), terminationGracePeriodSeconds: 1 },
    });
  });

  it("are what the system's data says, where it says something", () => {
    const own = { every: seconds(7), failures: 6, timeout: seconds(4), path: "/alive" };
    const service = {
      ...backend,
      probes: { liveness: own },
      termination: { drain: seconds(11), graceOfUnhealthy: seconds(13) },
    };
    expect(probesOf(service, timingOf(service, within(30)))).toMatchObject({
      readinessProbe: probe(4, 2, 3),
      livenessProbe: { ...probe(7, 6, 4, "/alive"), terminationGracePeriodSeconds: 13 },
      lifecycle: { preStop: { sleep: { seconds: 11 } } },
    });
  });
});

describe("a rollout", () => {
  it("adds a quarter, takes none away, and has ten minutes", () => {
    expect(rolloutOf({ ...backend, rollout: { kind: "rolling" } }, of())).toEqual({
      minReadySeconds: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
    });
  });

  it("is as fast and as patient as the system's data says", () => {
    const service = {
      ...backend,
      rollout: {
        kind: "blueGreen",
        by: "route",
        watch: seconds(900),
        readyWithin: seconds(301),
      } as const,
      pace: { surge: percent(50), unavailable: percent(10), settle: seconds(17) },
    };
    const timing = timingOf(service, { slos: [] });
    expect(rolloutOf(service, timing)).toEqual({
      minReadySeconds: 17,
      progressDeadlineSeconds: 301,
      strategy: {
        type: "RollingUpdate",
        rollingUpdate: { maxUnavailable: "10%", maxSurge: "50%" },
      },
    });
    expect([surgeOf(7, timing), surgeOf(7, of())]).toEqual([4, 2]);
  });
});

function probe(period: number, failures: number, timeout: number, path = "/health") {
  return {
    httpGet: { path, port: 8000 },
    periodSeconds: period,
    failureThreshold: failures,
    timeoutSeconds: timeout,
  };
}
