/** Maintenance windows of cloud services. */
import { knowsAllOf } from "../expect";
import type { MaintenanceWindow } from "../../systems/model";
import { durationText } from "../../systems/units";
import type { Policy, StackResource } from "../policy";
import { ONLY_IN_PRODUCTION, finding } from "../policy";
import type { Value } from "../values";
import { common, compare, runbookOf, type Compared } from "./system";

/**
 * A window in minutes of the week, from Sunday 00:00 UTC; without an end if the cloud decides it.
 */
interface Window {
  readonly start: number;
  readonly end?: number;
}

interface Written {
  readonly value: Value;
  /** Undefined if it is not a window. */
  readonly window: Window | undefined;
}

const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const DAY = 24 * 60;
const WEEK = 7 * DAY;

/** `sun`, `Sunday` and `SUNDAY`; undefined if it is not a day. */
function dayOf(text: string | undefined): number | undefined {
  const name = (text ?? "").toLowerCase();
  const index =
    name.length < 3 ? -1 : DAYS.findIndex((one) => one === name || one.slice(0, 3) === name);
  return index < 0 ? undefined : index;
}

function clockOf(text: string | undefined): number | undefined {
  const match = /^(\d\d):(\d\d)(?::\d\d)?$/.exec(text ?? "");
  return match === null ? undefined : Number(match[1]) * 60 + Number(match[2]);
}

function at(day: number | undefined, minute: number | undefined): Window | undefined {
  return day === undefined || minute === undefined ? undefined : { start: day * DAY + minute };
}

/** The AWS format: `sun:03:00-sun:05:00`. */
function amazon(value: Value): Written {
  const [, from, start, to, end] =
    /^(\w{3}):(\d\d:\d\d)-(\w{3}):(\d\d:\d\d)$/.exec(value.string ?? "") ?? [];
  const [first, last] = [at(dayOf(from), clockOf(start)), at(dayOf(to), clockOf(end))];
  const window =
    first === undefined || last === undefined ? undefined : { ...first, end: last.start };
  return { value, window };
}

const minutesOf = (value: Value): number | undefined =>
  value.number === undefined ? undefined : value.number * 60;

/** Cloud SQL counts days from Monday, 1, to Sunday, 7. */
function cloudSql({ props }: StackResource): Written {
  const value = props.get("settings", "maintenanceWindow");
  const day = value.get("day").number;
  return {
    value,
    window: at(day === undefined ? undefined : day % 7, minutesOf(value.get("hour"))),
  };
}

/**
 * GKE requires 48 hours of windows in any 32 days, so a weekly one may need further days: the
 * runbook's must be among them.
 */
function gke({ props }: StackResource, { day }: MaintenanceWindow): Written {
  const value = props.get("maintenancePolicy", "recurringWindow");
  const recurrence = value.get("recurrence").string ?? "";
  const days = /BYDAY=([A-Z,]+)/.exec(recurrence)?.[1]?.split(",") ?? [];
  const short = day.slice(0, 2).toUpperCase();
  const isDaily = /FREQ=DAILY/.test(recurrence);
  const start = clockOf(/T(\d\d:\d\d)/.exec(value.get("startTime").string ?? "")?.[1]);
  return { value, window: days.includes(short) || isDaily ? at(dayOf(day), start) : undefined };
}

type Read = (resource: StackResource, runbook: MaintenanceWindow) => Written;

const KINDS: Readonly<Record<string, Read>> = {
  "aws:rds/instance:Instance": ({ props }) => amazon(props.get("maintenanceWindow")),
  "aws:rds/cluster:Cluster": ({ props }) => amazon(props.get("preferredMaintenanceWindow")),
  "aws:elasticache/replicationGroup:ReplicationGroup": ({ props }) =>
    amazon(props.get("maintenanceWindow")),
  "gcp:sql/databaseInstance:DatabaseInstance": cloudSql,
  "gcp:redis/instance:Instance": ({ props }) => {
    const value = props.get("maintenancePolicy", "weeklyMaintenanceWindows", 0);
    const day = dayOf(value.get("day").string);
    const hours = value.get("startTime", "hours").number ?? 0;
    const minutes = value.get("startTime", "minutes").number ?? 0;
    return { value, window: at(day, hours * 60 + minutes) };
  },
  "gcp:container/cluster:Cluster": gke,
  "digitalocean:index/kubernetesCluster:KubernetesCluster": ({ props }) => {
    const value = props.get("maintenancePolicy");
    return {
      value,
      window: at(dayOf(value.get("day").string), clockOf(value.get("startTime").string)),
    };
  },
  "digitalocean:index/databaseCluster:DatabaseCluster": ({ props }) => {
    const value = props.get("maintenanceWindows", 0);
    return { value, window: at(dayOf(value.get("day").string), clockOf(value.get("hour").string)) };
  },
};

/** Whether a window is inside the runbook's; both may wrap around the week. */
function isInside(
  { start, end }: Window,
  { day, start: clock, duration }: MaintenanceWindow,
): boolean {
  const begin = (dayOf(day) ?? 0) * DAY + (clockOf(clock) ?? 0);
  const length = duration.seconds / 60;
  const after = (start - begin + WEEK) % WEEK;
  const lasts = end === undefined ? 0 : (end - start + WEEK) % WEEK;
  return after < length && after + lasts <= length;
}

function evaluate({ system, stack, context }: Compared): void {
  const { day, start, duration, clause } = system.maintenance;
  const expected = `${runbookOf(system)} sets the window on ${day} from ${start} UTC for ${durationText(duration)} (${clause.heading})`;
  for (const [type, read] of Object.entries(KINDS)) {
    for (const resource of stack.of(type)) {
      const { value, window } = read(resource, system.maintenance);
      if (!knowsAllOf({ resource, context }, value)) continue;
      if (window !== undefined && isInside(window, system.maintenance)) continue;
      context.report(finding(resource, value, expected), resource.urn);
    }
  }
}

export const maintenance: readonly Policy[] = [
  {
    ...common,
    name: "runbook-maintenance-window",
    title: "Cloud maintenance is in the runbook's window",
    clause: { reference: "PO-01; ALL-10; AW-12" },
    severity: "medium",
    prevents: "The database restarts for a patch at noon, outside the hours announced to users.",
    description:
      "In production, the maintenance of clusters, databases and caches begins inside the runbook's window, and if its end is set, ends there too.",
    remediation:
      "Use the maintenance window in systems/ for maintenanceWindow, maintenanceWindows or maintenancePolicy of the resource, in UTC.",
    enforcement: ONLY_IN_PRODUCTION,
    check: compare(evaluate),
  },
];
