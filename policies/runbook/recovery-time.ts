/** The estimated rebuild time against the runbook's recovery time objectives. */
import { durationText } from "../../systems/units";
import type { Policy } from "../policy";
import { ONLY_IN_PRODUCTION, listSetting } from "../policy";
import { compare, recovery, runbookOf, type Compared } from "./system";

const NAME = "runbook-recovery-time";

/** `backend 35.7` → minutes by target. */
function minutesOf(estimates: readonly string[]): ReadonlyMap<string, number> {
  const found = estimates.flatMap((one) => {
    const [, of, minutes] = /^(\S+)\s+(\d+(?:\.\d+)?)$/.exec(one) ?? [];
    return of === undefined ? [] : [[of, Number(minutes)] as const];
  });
  return new Map(found);
}

/** The estimate needs the whole plan's graph, which policies do not see, so it is passed in. */
function evaluate({ system, stack, context }: Compared): void {
  const estimates = context.setting("estimates", []);
  if (estimates.length === 0) {
    // Nothing is reported, and exemptions count as possibly needed, until a run has the estimate.
    for (const { urn } of stack.of("pulumi:pulumi:Stack")) context.pack.exemptions.spare(NAME, urn);
    return;
  }
  const minutes = minutesOf(estimates);
  for (const { of, rto, clause } of system.recovery) {
    const estimate = minutes.get(of) ?? 0;
    if (estimate * 60 <= rto.seconds) continue;
    const what = of === "system" ? "the whole system" : JSON.stringify(of);
    const message = `A rebuild from scratch is estimated to have ${what} back after ${estimate} minutes; ${runbookOf(system)} allows ${durationText(rto)} (${clause.heading}).`;
    context.report({ message, of });
  }
}

export const recoveryTime: readonly Policy[] = [
  {
    ...recovery,
    name: NAME,
    title: "Rebuilds meet the recovery time objective",
    clause: { reference: "PO-02; ALL-13" },
    severity: "medium",
    prevents: "Rebuilding the environment takes longer than it may be down, and nobody notices.",
    description:
      "In production, the estimated time of a rebuild from scratch is within each recovery time objective of the runbook. The estimate needs the graph of the whole plan, so only the command plan checks it; pulumi preview reports nothing.",
    remediation:
      "Take resources off the longest path that the plan prints, or correct the objective in systems/; if a standby stack meets the objective instead, exempt the stack with that reason.",
    enforcement: ONLY_IN_PRODUCTION,
    configuration: {
      properties: {
        estimates: listSetting(
          [],
          'Estimated minutes until the target of each objective is back, such as ["backend 35.7", "system 41.8"]; the command plan supplies its own, and nothing is checked if the list is empty',
        ),
      },
    },
    check: compare(evaluate),
  },
];
