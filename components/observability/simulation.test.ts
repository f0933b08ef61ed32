/** Tests that alerts fire for a failing system and stay silent for a healthy one. */
import { describe, expect, it } from "vitest";
import { aeneas } from "../../systems/aeneas";
import { phase5 } from "../../systems/phase-5";
import { promtoolIsMissing, simulate, type Scenario } from "./promtool";
import { systemRules } from "./rules";

const target = { namespace: "ns", runbookUrl: "https://runbooks.example.com" };
const instance = (number: number): string =>
  `cnpg_collector_up{namespace="ns",pod="postgres-${String(number)}",cluster="postgres"}`;
const worker =
  'kube_deployment_status_replicas_ready{namespace="ns",deployment="aeneas-worker",pod="exporter"}';
const api = 'up{namespace="ns",service="aeneas-api",container="aeneas-api",pod="api"}';

const database = (name: string, series: Scenario["series"], firing: 0 | 1): Scenario => ({
  name,
  series,
  firing: { DatabaseConnectionFailed: firing },
});
const services = (name: string, series: Scenario["series"], firing: number): Scenario => ({
  name,
  series,
  firing: { ServiceTargetDown: firing },
});

describe.skipIf(promtoolIsMissing)("a simulated system", () => {
  it("pages for a database only while it is unreachable", () => {
    const scenarios = [
      database("healthy", { [instance(1)]: "1x40", [instance(2)]: "1x40" }, 0),
      database("dead", { [instance(1)]: "1x10 0x30" }, 1),
      database("back again", { [instance(1)]: "0x10 1x30" }, 0),
      database("gone with its exporter", { [instance(1)]: "1x10 stale" }, 1),
      database("never seen", {}, 1),
    ];
    expect(simulate(systemRules(phase5, target), scenarios)).toMatch(/SUCCESS\s*$/);
  });

  it("pages for a service without a port only while none of its pods is ready", () => {
    const scenarios = [
      services("healthy", { [worker]: "2x40", [api]: "1x40" }, 0),
      services("one pod left", { [worker]: "2x10 1x30", [api]: "1x40" }, 0),
      services("worker down", { [worker]: "2x10 0x30", [api]: "1x40" }, 1),
      services("worker deleted", { [worker]: "2x10 stale", [api]: "1x40" }, 1),
      services("API not scraped", { [worker]: "2x40" }, 1),
    ];
    expect(simulate(systemRules(aeneas, target), scenarios)).toMatch(/SUCCESS\s*$/);
  });
});
