/** The results of a rehearsal as lines of text, with what was measured beside the runbook's objectives. */
import type { Backup, System } from "../../systems/model";
import { recoveryPointOf } from "../../systems/recovery-point";
import { durationText, seconds } from "../../systems/units";
import type { DataResult, Measured } from "./cases";
import { nameOf } from "./rehearse";

const MARKS = { true: "passed", false: "FAILED", undefined: "not rehearsed" } as const;

export function line({ backup, case: title, passed, seconds: took, detail }: DataResult): string {
  const mark = MARKS[String(passed) as keyof typeof MARKS];
  const what = passed === undefined ? detail : `${title} (${took.toFixed(1)} s): ${detail}`;
  return `${mark}  ${backup}  ${what.replaceAll(/\s*\n\s*/gu, " | ")}`;
}

/** A line for each backup that was measured. */
export function objectives(system: System, results: readonly DataResult[]): readonly string[] {
  return results.flatMap(({ backup: name, measured }) => {
    const backup = system.backups.find((one) => nameOf(one) === name);
    return backup === undefined || measured === undefined
      ? []
      : [measure(system, backup, measured)];
  });
}

/** The rehearsed database is small: the time of the restore is what the way itself takes. */
function measure(system: System, backup: Backup, { restored, behind }: Measured): string {
  const { of } = backup;
  const rto = system.recovery.find((one) => one.of === of)?.rto;
  const rpo = recoveryPointOf(system, of)?.rpo;
  // The WAL has no schedule: how far it is behind is all.
  const loss = seconds(Math.ceil(behind + (backup.method === "dump" ? backup.every.seconds : 0)));
  const time = `restored in ${restored.toFixed(1)} s (${rto === undefined ? "no RTO" : `RTO ${durationText(rto)}`})`;
  const kept =
    rpo !== undefined && loss.seconds > rpo.seconds ? ", which another backup keeps" : "";
  const point = rpo === undefined ? "no RPO" : `RPO ${durationText(rpo)}${kept}`;
  return `measured  ${nameOf(backup)} of ${of}: ${time}; at most ${durationText(loss)} of writes lost (${point})`;
}
