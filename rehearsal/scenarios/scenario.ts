/** What a scenario is: a disaster, the recovery as the documents write it, and what must be true afterwards. */
import type { Rehearsal, Step } from "../rehearsal";
import { unready } from "./objects";

export interface Scenario {
  /** As on the command line. */
  readonly name: string;
  /** What happens and what is checked, in a sentence. */
  readonly summary: string;
  /** What must be there before. */
  readonly needs: "nothing" | "environment";
  /** What is left: the next scenario that needs an environment takes it. */
  readonly leaves: "nothing" | "environment";
  /** Why it cannot be played for this stack. @default always playable */
  readonly unfit?: (rehearsal: Rehearsal) => string | undefined;
  /** @returns what is wrong, a sentence each */
  readonly play: (rehearsal: Rehearsal) => Promise<readonly string[]>;
}

const RECOVERY = "docs/recovery.md";
/** The heading of what creates an environment, and finds nothing to do in one that is whole. */
export const REBUILD = "Rebuild from nothing";

/** Follows a section of the recovery document. */
export const recover = (rehearsal: Rehearsal, heading: string): Promise<Step> =>
  rehearsal.follow(RECOVERY, heading);

/** That a step succeeded, or what the engine complained about; without that, the end of what it printed. */
export function faultsOf({ title, code, complaints, output }: Step): readonly string[] {
  if (code === 0) return [];
  const said = complaints.length > 0 ? complaints : [output.trim().split("\n").slice(-5).join(" ")];
  return said.map((one) => `${title}: ${one}`);
}

/** What an `up` is to create and the state lacks, and what the state has and the plan does not know. */
export async function missing(rehearsal: Rehearsal): Promise<readonly string[]> {
  const state = new Set((await rehearsal.state()).map(({ urn }) => urn));
  const planned = new Set(rehearsal.plan.resources.map(({ urn }) => urn));
  const isDefaultProvider = (urn: string): boolean => urn.includes("::pulumi:providers:");
  return [
    ...[...planned]
      .filter((urn) => !state.has(urn))
      .map((urn) => `the plan has ${urn}, the state has not`),
    ...[...state]
      .filter((urn) => !planned.has(urn) && !isDefaultProvider(urn))
      .map((urn) => `the state has ${urn}, the plan has not`),
  ];
}

/** That a second `up` finds nothing to do. */
export function changed({ title, operations }: Step): readonly string[] {
  return operations
    .filter(({ op }) => op !== "same" && op !== "read" && op !== "refresh")
    .map(({ op, urn }) => `${title} was to ${op} ${urn}`);
}

/** After a recovery everything is back, every workload is ready, and another `up` finds nothing to do. */
export async function whole(rehearsal: Rehearsal): Promise<readonly string[]> {
  const again = await recover(rehearsal, REBUILD);
  return [
    ...(await missing(rehearsal)),
    ...(await unready(rehearsal)),
    ...faultsOf(again),
    ...changed(again),
  ];
}
