/**
 * Values that could not be checked because they are unknown until the cloud has answered.
 *
 * The engine would answer a read of an unknown with one "can't run" line per policy and resource,
 * and stop that policy there. Here a check evaluates everything that is known, notes the unknowns,
 * and one advisory line at the end shows the count. During an update the same policies run again
 * with the values known, and nothing is left unknown.
 */
import type { Undecided } from "./undecided";
import type { CheckContext, Policy } from "./policy";
import { ADVICE } from "./policy";

/** Must be the last policy of the pack. */
export const unknownValues: Policy = {
  name: "undecided",
  title: "What a preview could not judge is counted",
  clause: { reference: "PO-05" },
  severity: "low",
  themes: ["governance"],
  prevents: "A preview that could not see something is mistaken for one that checked it.",
  description:
    "A preview says which policies could not check a value because it is not known yet, and which references they left open because an object of a kind that they do not know may create what is missing.",
  remediation:
    "Nothing to do for unknown values: the update checks them before it creates the resources that use them. Values from configuration instead of outputs are checked in the preview too. Look at the references that are not judged yourself.",
  enforcement: ADVICE,
  check: {
    kind: "stack",
    run: (_, context) => {
      reportCauses(context);
      const open = context.pack.unknown.take();
      if (open === undefined) return;
      const values = open.total === 1 ? "1 value is" : `${open.total} values are`;
      const each = open.counts.map(({ of, size }) => `${of} (${size})`).join(", ");
      context.report(`${values} unknown until the update and will be checked then: ${each}.`);
    },
  },
};

/** One line for each object that may create what references name, with the policies that it stops. */
function reportCauses(context: CheckContext): void {
  const byCause = new Map<string, Map<string, number>>();
  const undecided = context.pack.undecided.take();
  reportOthers(undecided, context);
  for (const { cause, policy } of undecided) {
    if (cause === undefined) continue;
    const counts = byCause.get(cause) ?? new Map<string, number>();
    byCause.set(cause, counts.set(policy, (counts.get(policy) ?? 0) + 1));
  }
  for (const [cause, counts] of byCause) {
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const what = total === 1 ? "1 reference is" : `${total} references are`;
    const each = [...counts].map(([policy, count]) => `${policy} (${count})`).join(", ");
    context.report(`${what} not judged, because ${cause} may create what is missing: ${each}.`);
  }
}

/** One line for each policy that could not judge a value for a reason of its own, with the first of them. */
function reportOthers(undecided: readonly Undecided[], context: CheckContext): void {
  const others = undecided.filter(({ cause }) => cause === undefined);
  for (const policy of new Set(others.map((one) => one.policy))) {
    const [first, ...rest] = others.filter((one) => one.policy === policy);
    const more = rest.length === 0 ? "" : ` And ${String(rest.length)} more.`;
    context.report(`${policy} is undecided: ${first?.message ?? ""}${more}`);
  }
}
