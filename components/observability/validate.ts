/** Checks before the first resource is created: pure, on plain data. */
import type { EnvironmentName, System } from "../../systems/model";
import { durationText } from "../../systems/units";
import { enforce, quoted, type Rule } from "../kit/validation";
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

/** @throws ComponentError for the first violation. */
export function validateObservability(args: Checked): void {
  enforce("Observability", [
    {
      holds: /^https:\/\/[^\s#]+$/.test(args.runbookUrl),
      key: "runbookUrl",
      value: quoted(args.runbookUrl),
      allowed: "an https address without an anchor",
      next: "Every alert links to its heading at that address.",
    },
    ...(args.production ? channelRules(args) : []),
    ...objectiveRules(args.system),
    ...backupRules(args.system),
    ...dashboardRules(args.system),
  ]);
}

const CREDENTIAL = {
  pagerduty: "channels.pagerDutyRoutingKey",
  slack: "channels.slack",
  email: "channels.email",
} as const;

/** In production a missing credential for one of the runbook's channels would lose alerts. */
const channelRules = ({ system, given }: Checked): readonly Rule[] =>
  system.incidents.channels.map(({ kind }) => ({
    holds: given[kind],
    key: CREDENTIAL[kind],
    value: "absent",
    allowed: `set in production, because ${system.title}'s runbook alerts through it`,
    next: "Set its credential, or remove the channel from the system's incidents.",
  }));

/** A burn rate alert with a threshold above 100 % can never fire. */
const objectiveRules = ({ slos }: System): readonly Rule[] =>
  slos.flatMap((slo) =>
    BURN_WINDOWS.map((burn) => {
      const lowest = Math.ceil((1 - 1 / burnRate(slo, burn)) * 10_000) / 10_000;
      return {
        holds: burnThreshold(slo, burn) < 1,
        key: `slos.${slo.name}.objective`,
        value: String(slo.objective.value),
        allowed: `above ${String(lowest)} for a window of ${durationText(slo.window)}`,
        next: "A burn rate alert could not fire below that: raise the objective or widen its threshold.",
      };
    }),
  );

const backupRules = (system: System): readonly Rule[] =>
  system.alerts.flatMap(({ name, condition }) =>
    condition.kind === "backupAge"
      ? [
          {
            holds: backupJobs(system, condition.of).length > 0,
            key: `alerts.${name}.of`,
            value: quoted(condition.of),
            allowed: "the name of something with a scheduled backup",
            next: "Schedule a backup of it, or remove the alert.",
          },
        ]
      : [],
  );

/** Grafana's own limit; a longer one is rejected only when the dashboard is loaded. */
const LONGEST_UID = 40;

function dashboardRules(system: System): readonly Rule[] {
  const uids = systemDashboards(system, "").map(({ uid }) => uid);
  return uids.map((uid, at) => ({
    holds: uid.length <= LONGEST_UID && uids.indexOf(uid) === at,
    key: "dashboards.uid",
    value: quoted(uid),
    allowed: `unique and at most ${String(LONGEST_UID)} characters long`,
    next: "Rename the dashboard, or the system or service that it is named after.",
  }));
}
