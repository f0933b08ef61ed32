/**
 * Values that could not be checked because they are unknown until the cloud has answered.
 *
 * The engine would answer a read of an unknown with one "can't run" line per policy and resource,
 * and stop that policy there. Here a check evaluates everything that is known, notes the unknowns,
 * and one advisory line at the end shows the count. During an update the same policies run again
 * with the values known, and nothing is left unknown.
 */
import type { Policy } from "./policy";
import { ADVICE } from "./policy";

/** Must be the last policy of the pack. */
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
