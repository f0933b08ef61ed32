/** What must be right before the first resource exists: pure, on plain data. */
import type { EnvironmentName, System } from "../../systems/model";
import { durationText } from "../../systems/units";
import { ComponentError } from "../kit/component";
import { systemDashboards } from "./dashboards";
import { backupJobs } from "./platform-conditions";
import { BURN_WINDOWS, burnRate, burnThreshold } from "./slo-rules";

export interface Checked {
  readonly system: System;
  readonly environment: EnvironmentName;
  readonly production: boolean;
  readonly runbookUrl: string;
  /** Which channels have a credential. */
  readonly given: Readonly<Record<"pagerduty" | "slack" | "email", boolean>>;
}

/** @throws ComponentError for the first mistake. */
export function validateObservability(args: Checked): void {
  checkRunbook(args);
  if (args.production) checkChannels(args);
  checkObjectives(args.system);
  checkBackups(args.system);
  checkDashboards(args.system);
}

const KIND = "Observability";

function checkRunbook({ runbookUrl }: Checked): void {
  if (/^https:\/\/[^\s#]+$/.test(runbookUrl)) return;
  throw new ComponentError(
    KIND,
    "runbookUrl",
    `"${runbookUrl}"`,
    "an https address without an anchor",
    "Every alert links to its heading below that address.",
  );
}

const CREDENTIAL = {
  pagerduty: "channels.pagerDutyRoutingKey",
  slack: "channels.slack",
  email: "channels.email",
} as const;

/** In production a channel of the runbook without its credential would swallow alerts. */
function checkChannels({ system, given }: Checked): void {
  for (const { kind } of system.incidents.channels) {
    if (given[kind]) continue;
    throw new ComponentError(
      KIND,
      CREDENTIAL[kind],
      "absent",
      `given in production, because ${system.title}'s runbook alerts through it`,
      "Give its credential, or take the channel out of the system's incidents.",
    );
  }
}

/** A burn alert on more than all requests can never fire. */
function checkObjectives({ slos }: System): void {
  for (const slo of slos) {
    const impossible = BURN_WINDOWS.find((burn) => burnThreshold(slo, burn) >= 1);
    if (impossible === undefined) continue;
    const lowest = Math.ceil((1 - 1 / burnRate(slo, impossible)) * 10_000) / 10_000;
    throw new ComponentError(
      KIND,
      `slos.${slo.name}.objective`,
      String(slo.objective.value),
      `above ${String(lowest)} for a window of ${durationText(slo.window)}`,
      "A burn rate alert could not fire below that: raise the objective or widen its threshold.",
    );
  }
}

function checkBackups(system: System): void {
  for (const { name, condition } of system.alerts) {
    if (condition.kind !== "backupAge" || backupJobs(system, condition.of).length > 0) continue;
    throw new ComponentError(
      KIND,
      `alerts.${name}.of`,
      `"${condition.of}"`,
      "something that a scheduled backup covers",
      "Give a backup of it a schedule, or take the alert out.",
    );
  }
}

/** Grafana's own bound; a longer one is refused only when the dashboard is loaded. */
const LONGEST_UID = 40;

function checkDashboards(system: System): void {
  const uids = systemDashboards(system, "").map(({ uid }) => uid);
  const wrong = uids.find((uid, at) => uid.length > LONGEST_UID || uids.indexOf(uid) !== at);
  if (wrong === undefined) return;
  throw new ComponentError(
    KIND,
    "dashboards.uid",
    `"${wrong}"`,
    `unique and at most ${String(LONGEST_UID)} characters long`,
    "Rename the dashboard, or the system or service that it is named after.",
  );
}
