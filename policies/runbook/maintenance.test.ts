import { describe, expect, it } from "vitest";
import { hours } from "../../systems/units";
import { shop } from "../testing/system";
import { UNKNOWN, evaluate, messages, type Fixture } from "../testing";
import { policyNamed } from "../catalog";
import { unknownValues } from "../unknown-values";
import { clause, shopWith } from "../testing/runbook";

const windowOf = (day: "saturday" | "tuesday", start: string) =>
  shopWith({
    maintenance: { ...shop.maintenance, ...clause("Maintenance"), day, start, duration: hours(3) },
  });
const tuesday = windowOf("tuesday", "04:00");
const saturday = windowOf("saturday", "22:30");
const reported = (type: string, props: unknown, as = tuesday): Promise<readonly string[]> =>
  messages(
    "runbook-maintenance-window",
    [{ type, name: "x", props: props as Fixture["props"] }],
    as,
  );

type Kind = readonly [string, string, string, (day: number, clock: string) => unknown];
const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const name = (day: number): string => DAYS[day] ?? "";
const short = (day: number): string => name(day).slice(0, 3);
const later = (clock: string): string =>
  `${String(Number(clock.slice(0, 2)) + 1).padStart(2, "0")}${clock.slice(2)}`;
const amazon = (day: number, clock: string): string =>
  `${short(day)}:${clock}-${short(day)}:${later(clock)}`;

const KINDS: readonly Kind[] = [
  [
    "aws:rds/instance:Instance",
    "Instance",
    "maintenanceWindow",
    (day, clock) => ({ maintenanceWindow: amazon(day, clock) }),
  ],
  [
    "aws:rds/cluster:Cluster",
    "Cluster",
    "preferredMaintenanceWindow",
    (day, clock) => ({ preferredMaintenanceWindow: amazon(day, clock) }),
  ],
  [
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "ReplicationGroup",
    "maintenanceWindow",
    (day, clock) => ({ maintenanceWindow: amazon(day, clock) }),
  ],
  [
    "gcp:sql/databaseInstance:DatabaseInstance",
    "DatabaseInstance",
    "settings.maintenanceWindow",
    (day, clock) => ({
      settings: {
        maintenanceWindow: { day: day === 0 ? 7 : day, hour: Number(clock.slice(0, 2)) },
      },
    }),
  ],
  [
    "gcp:redis/instance:Instance",
    "Instance",
    "maintenancePolicy.weeklyMaintenanceWindows[0]",
    (day, clock) => ({
      maintenancePolicy: {
        weeklyMaintenanceWindows: [
          {
            day: name(day).toUpperCase(),
            startTime: { hours: Number(clock.slice(0, 2)), minutes: Number(clock.slice(3)) },
          },
        ],
      },
    }),
  ],
  [
    "gcp:container/cluster:Cluster",
    "Cluster",
    "maintenancePolicy.recurringWindow",
    (day, clock) => ({
      maintenancePolicy: {
        recurringWindow: {
          startTime: `2026-01-06T${clock}:00Z`,
          recurrence: `FREQ=WEEKLY;BYDAY=WE,${short(day).slice(0, 2).toUpperCase()}`,
        },
      },
    }),
  ],
  [
    "digitalocean:index/kubernetesCluster:KubernetesCluster",
    "KubernetesCluster",
    "maintenancePolicy",
    (day, clock) => ({ maintenancePolicy: { day: name(day), startTime: clock } }),
  ],
  [
    "digitalocean:index/databaseCluster:DatabaseCluster",
    "DatabaseCluster",
    "maintenanceWindows[0]",
    (day, clock) => ({ maintenanceWindows: [{ day: name(day), hour: `${clock}:00` }] }),
  ],
];
const EXPECTED =
  'the runbook "Shop Runbook" sets the window on tuesday from 04:00 UTC for 3h (Maintenance).';

describe("runbook-maintenance-window", () => {
  it.each(KINDS)("of %s is the runbook's", async (type, kind, path, write) => {
    expect(await reported(type, write(2, "04:00"))).toEqual([]);
    expect(await reported(type, write(2, "06:00"))).toEqual([]);
    for (const [day, clock] of [
      [1, "04:00"],
      [2, "03:00"],
      [2, "07:00"],
      [0, "04:00"],
    ] as const) {
      const [text, ...others] = await reported(type, write(day, clock));
      expect(others).toEqual([]);
      expect(text?.startsWith(`${kind} "x": ${path} is `)).toBe(true);
      expect(text?.endsWith(`; ${EXPECTED}`)).toBe(true);
    }
    expect(await reported(type, {})).toEqual([`${kind} "x": ${path} is missing; ${EXPECTED}`]);
  });

  it("compares the AWS window's end with the runbook's, including across the end of the week", async () => {
    const rds = (text: unknown, as = saturday): Promise<readonly string[]> =>
      reported("aws:rds/instance:Instance", { maintenanceWindow: text }, as);
    expect(await rds("sat:22:30-sun:01:30")).toEqual([]);
    expect(await rds("sun:00:30-sun:01:30")).toEqual([]);
    expect(await rds("sat:22:30-sun:01:31")).toHaveLength(1);
    expect(await rds("sun:01:30-sun:01:40")).toHaveLength(1);
    expect(await rds("sat:22:29-sat:23:30")).toHaveLength(1);
    expect(await rds("Sat:22:30-Sun:01:30")).toEqual([]);
    expect(await rds("late")).toHaveLength(1);
    expect(await rds("xyz:22:30-sun:01:30")).toHaveLength(1);
    expect(await rds("sat:22:30-xyz:01:30")).toHaveLength(1);
  });

  it("knows windows of every day, and invalid days", async () => {
    const gke = (recurrence: string): Promise<readonly string[]> =>
      reported("gcp:container/cluster:Cluster", {
        maintenancePolicy: { recurringWindow: { startTime: "2026-01-06T04:00:00Z", recurrence } },
      });
    expect(await gke("FREQ=DAILY")).toEqual([]);
    expect(await gke("FREQ=WEEKLY;BYDAY=MO,WE")).toHaveLength(1);
    const doks = (day: string): Promise<readonly string[]> =>
      reported("digitalocean:index/kubernetesCluster:KubernetesCluster", {
        maintenancePolicy: { day, startTime: "04:00" },
      });
    expect(await doks("any")).toHaveLength(1);
    expect(await doks("tu")).toHaveLength(1);
    expect(await doks("")).toHaveLength(1);
  });

  it("counts unknown values", async () => {
    for (const props of [
      { maintenancePolicy: UNKNOWN },
      { maintenancePolicy: { day: UNKNOWN, startTime: "04:00" } },
    ]) {
      const type = "digitalocean:index/kubernetesCluster:KubernetesCluster";
      const found = await evaluate(
        [policyNamed("runbook-maintenance-window"), unknownValues],
        [{ type, name: "x", props }],
        tuesday,
      );
      expect(found.map(({ policy }) => policy)).toEqual(["undecided"]);
    }
  });
});
