/**
 * What could not be evaluated yet, because a value is unknown until the cloud has answered.
 *
 * The engine would answer an unknown read with one "can't run" line for each policy and resource,
 * and stop that policy where it stands. Here a check evaluates all that is known, notes what it had to
 * leave open, and one advisory line at the end says how much that was. During an update the same
 * policies run again with the values known, and nothing is left open.
 */
import type { Policy } from "./policy";
import { ADVICE } from "./policy";

/** Must be the last policy of the pack: the others run before it. */
export const unknownValues: Policy = {
  name: "undecided",
  title: "Values unknown in a preview are counted",
  clause: { reference: "PO-05" },
  severity: "low",
  themes: ["governance"],
  prevents: "A preview that could not see a value is mistaken for one that checked it.",
  description: "A preview says which policies could not check a value because it is not known yet.",
  remediation:
    "Nothing to do: the update checks these values before it creates the resources that use them. Values from configuration instead of outputs are checked in the preview too.",
  enforcement: ADVICE,
  check: {
    kind: "stack",
    run: (_, context) => {
      const open = context.pack.unknown.take();
      if (open === undefined) return;
      const values = open.total === 1 ? "1 value is" : `${open.total} values are`;
      const each = open.counts.map(({ of, size }) => `${of} (${size})`).join(", ");
      context.report(`${values} unknown until the update and will be checked then: ${each}.`);
    },
  },
};
