/** Differences of whole stacks: placement, estimates and warnings. */
import { minutesText, resultOf } from "../text";
import { entry, places, type Entry, type Section } from "./section";
import type { ChangedStack, ObjectiveChange } from "./stack";

/** If a stack's placement changes, everything in it moves. */
export function placement(changed: readonly ChangedStack[]): Section {
  return {
    title: "Moved",
    about: "The stack moves to another place.",
    entries: changed.flatMap(({ stack, facts }) =>
      facts.map(({ of, from, to }) =>
        entry({
          mark: "»",
          tone: "bad",
          title: `${stack}: ${of} ${from || "none"} → ${to || "none"}`,
        }),
      ),
    ),
  };
}

type Found = Map<string, { readonly one: Entry; readonly stacks: string[] }>;

export function estimates(changed: readonly ChangedStack[]): Section {
  const all = changed.map(({ stack }) => stack);
  const found: Found = new Map();
  for (const { stack, estimate } of changed) {
    const { from, to, objectives } = estimate;
    if (from === to && objectives.length === 0) continue;
    const one = entry({
      mark: "~",
      tone: objectives.some((each) => verdictOf(each) === "newly missed") ? "bad" : "plain",
      title:
        from === to ? `unchanged: ${minutesText(to)}` : `${minutesText(from)} → ${minutesText(to)}`,
      lines: objectives.map(objectiveLine),
    });
    collect(found, JSON.stringify(one), one, stack);
  }
  return { title: "Rebuild from nothing", about: "", entries: gathered(found, all) };
}

function collect(found: Found, key: string, one: Entry, stack: string): void {
  const known = found.get(key);
  if (known === undefined) found.set(key, { one, stacks: [stack] });
  else known.stacks.push(stack);
}

/** Each once, with its stacks. */
const gathered = (found: Found, all: readonly string[]): readonly Entry[] =>
  [...found.values()].map(({ one, stacks }) => ({ ...one, places: places(stacks, all) }));

export function verdictOf({ from, to }: ObjectiveChange): string {
  if (to === undefined) return "no longer an objective";
  if (resultOf(to) === "open") return "without a procedure";
  if (from === undefined) return to.met ? "new, met" : "newly missed";
  if (from.met === to.met) return to.met ? "met" : "still missed";
  return to.met ? "newly met" : "newly missed";
}

function objectiveLine(change: ObjectiveChange): string {
  const { from, to } = change;
  const one = to ?? from;
  const minutes = [from?.estimateMinutes, to?.estimateMinutes].flatMap((value) =>
    value === undefined ? [] : [minutesText(value)],
  );
  const targets = [from?.rtoMinutes, to?.rtoMinutes].flatMap((value) =>
    value === undefined ? [] : [minutesText(value)],
  );
  const said = (values: readonly string[]): string => [...new Set(values)].join(" → ");
  return `${verdictOf(change)}  ${one?.of ?? ""}: ${said(minutes)} of ${said(targets)}`;
}

export function warnings(changed: readonly ChangedStack[]): Section {
  const found: Found = new Map();
  for (const { stack, warnings: said } of changed) {
    for (const { message } of said.fresh) {
      const one = entry({ mark: "+", tone: "warn", title: `new: ${message}` });
      collect(found, one.title, one, stack);
    }
    for (const { message } of said.gone) {
      const one = entry({ mark: "-", tone: "good", title: `gone: ${message}` });
      collect(found, one.title, one, stack);
    }
  }
  const all = changed.map(({ stack }) => stack);
  return { title: "Warnings", about: "", entries: gathered(found, all) };
}

export function order(changed: readonly ChangedStack[]): Section {
  const counts = changed.flatMap(({ stack, reordered }) =>
    reordered.length === 0 ? [] : [`${reordered.length} in ${stack}`],
  );
  const title = `Resources with changed dependencies (--json lists them): ${counts.join(", ")}`;
  return {
    title: "Order",
    about: "",
    entries: counts.length === 0 ? [] : [entry({ mark: "~", tone: "plain", title })],
  };
}
