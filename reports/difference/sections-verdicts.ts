/** What a difference says of whole stacks: where they are, what policies, estimates and warnings say of them. */
import type { Violation } from "../../offline/plan";
import { resourceLabel } from "../policies";
import { minutesText } from "../text";
import { entry, places, type Entry, type Section, type Tone } from "./section";
import type { ChangedStack, ObjectiveChange } from "./stack";

/** Other facts of a stack mean that everything in it moves. */
export function placement(changed: readonly ChangedStack[]): Section {
  return {
    title: "Moved",
    about: "The stack itself is placed elsewhere.",
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

/** What a policy is called for people, and how to fix what it finds, as far as the plan says. */
function describer(changed: readonly ChangedStack[]) {
  const known = new Map(
    changed.flatMap(({ after }) => after.policies.descriptions ?? []).map((one) => [one.name, one]),
  );
  return {
    name: (policy: string): string =>
      [policy, known.get(policy)?.title ?? ""].filter(Boolean).join(": "),
    fix: (policy: string): string => known.get(policy)?.remediation ?? "",
  };
}

/** One entry for each policy, level and direction, with each message once below. */
export function policies(changed: readonly ChangedStack[]): Section {
  const all = changed.map(({ stack }) => stack);
  const describe = describer(changed);
  const found = new Map<string, { readonly one: Entry; readonly said: Map<string, string[]> }>();
  const say = (stack: string, one: Entry, urn: string, message: string): void => {
    const known = found.get(one.title) ?? { one, said: new Map<string, string[]>() };
    found.set(one.title, known);
    const line = [resourceLabel(urn), message.split("\n")[0] ?? ""].filter(Boolean).join(": ");
    known.said.set(line, [...(known.said.get(line) ?? []), stack]);
  };
  for (const { stack, policies: differ } of changed) {
    for (const each of differ.fresh) {
      const fix = describe.fix(each.policy);
      const one = entry({
        mark: "+",
        tone: toneOf(each),
        title: `newly violated (${each.enforcement}): ${describe.name(each.policy)}`,
        notes: fix === "" ? [] : [`to fix: ${fix}`],
      });
      say(stack, one, each.urn, each.message);
    }
    for (const { from, to } of differ.changed) {
      const was = from.enforcement === to.enforcement ? "" : `, was ${from.enforcement}`;
      const title = `says otherwise (${to.enforcement}${was}): ${describe.name(to.policy)}`;
      say(stack, entry({ mark: "~", tone: toneOf(to), title }), to.urn, to.message);
    }
    for (const each of differ.gone) {
      const title = `no longer violated (${each.enforcement}): ${describe.name(each.policy)}`;
      say(stack, entry({ mark: "-", tone: "good", title }), each.urn, each.message);
    }
    for (const { policy, urn, message } of differ.failing) {
      const title = `newly cannot run: ${describe.name(policy)}`;
      say(stack, entry({ mark: "+", tone: "bad", title }), urn, message);
    }
    for (const { policy, urn } of differ.recovered) {
      const title = `runs again: ${describe.name(policy)}`;
      say(stack, entry({ mark: "-", tone: "good", title }), urn, "");
    }
  }
  const entries = [...found.values()].map(({ one, said }) => ({
    ...one,
    lines: [...said].map(([line, stacks]) => {
      const where = places(stacks, all);
      return where === "" ? line : `${line} (${where})`;
    }),
  }));
  return { title: "Policies", about: "", entries };
}

const toneOf = ({ enforcement }: Violation): Tone => (enforcement === "mandatory" ? "bad" : "warn");

export function estimates(changed: readonly ChangedStack[]): Section {
  const all = changed.map(({ stack }) => stack);
  const found = new Map<string, { readonly one: Entry; readonly stacks: string[] }>();
  for (const { stack, estimate } of changed) {
    const { from, to, objectives } = estimate;
    if (from === to && objectives.length === 0) continue;
    const one = entry({
      mark: "~",
      tone: objectives.some((each) => verdictOf(each) === "newly missed") ? "bad" : "plain",
      title: from === to ? minutesText(to) : `${minutesText(from)} → ${minutesText(to)}`,
      lines: objectives.map(objectiveLine),
    });
    collect(found, JSON.stringify(one), one, stack);
  }
  return { title: "Rebuild from nothing", about: "", entries: gathered(found, all) };
}

type Found = Map<string, { readonly one: Entry; readonly stacks: string[] }>;

function collect(found: Found, key: string, one: Entry, stack: string): void {
  const known = found.get(key);
  if (known === undefined) found.set(key, { one, stacks: [stack] });
  else known.stacks.push(stack);
}

/** Each once, with the stacks that it holds in. */
const gathered = (found: Found, all: readonly string[]): readonly Entry[] =>
  [...found.values()].map(({ one, stacks }) => ({ ...one, places: places(stacks, all) }));

export function verdictOf({ from, to }: ObjectiveChange): string {
  if (to === undefined) return "no longer an objective";
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
  const title = `Resources that wait for others than before (--json lists them): ${counts.join(", ")}`;
  return {
    title: "Order",
    about: "",
    entries: counts.length === 0 ? [] : [entry({ mark: "~", tone: "plain", title })],
  };
}
