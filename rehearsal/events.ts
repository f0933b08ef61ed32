/** What the engine did, from the logs of events that it writes. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";

/** One operation on one resource. */
export interface Operation {
  readonly urn: string;
  /** Such as `create`, `update` or `delete-replaced`. */
  readonly op: string;
  /** In seconds since the epoch: the engine counts no smaller part. */
  readonly begun: number;
  readonly ended: number;
  readonly failed: boolean;
}

/** What all runs of the engine did whose logs are in the folder, in the order of their beginning. */
export function operationsIn(folder: string): readonly Operation[] {
  const found = readdirSync(folder).flatMap((file) => operations(eventsOf(join(folder, file))));
  return found.sort((a, b) => a.begun - b.begun || a.ended - b.ended);
}

const eventsOf = (file: string): readonly EngineEvent[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EngineEvent);

function operations(events: readonly EngineEvent[]): readonly Operation[] {
  const begun = new Map<string, number>();
  const done: Operation[] = [];
  for (const { timestamp, resourcePreEvent, resOutputsEvent, resOpFailedEvent } of events) {
    // What a preview would do, also that of an `up`.
    if (resourcePreEvent?.planning === true || resOutputsEvent?.planning === true) continue;
    const before = resourcePreEvent?.metadata;
    if (before !== undefined) begun.set(keyOf(before), timestamp);
    const after = resOutputsEvent?.metadata ?? resOpFailedEvent?.metadata;
    if (after === undefined || after.op === "same") continue;
    done.push({
      urn: after.urn,
      op: after.op,
      begun: begun.get(keyOf(after)) ?? timestamp,
      ended: timestamp,
      failed: resOpFailedEvent !== undefined,
    });
  }
  return done;
}

const keyOf = ({ urn, op }: { readonly urn: string; readonly op: string }): string =>
  `${op} ${urn}`;

/** What the engine said when something failed, and what mandatory policies refused. */
export function complaintsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .flatMap((file) => eventsOf(join(folder, file)))
    .flatMap(({ diagnosticEvent, policyEvent }) => [
      ...(diagnosticEvent?.severity === "error" ? [diagnosticEvent.message.trim()] : []),
      ...(policyEvent?.enforcementLevel === "mandatory"
        ? [`${policyEvent.policyName}: ${policyEvent.message.trim()}`]
        : []),
    ]);
}
