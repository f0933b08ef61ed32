/** New, resolved and changed policy results: each policy once, each message once. */
import type { PolicyDescription, Violation } from "../../offline/plan";
import { resourceLabel, withoutDescription } from "../policies";
import { patternOf } from "./group";
import { entry, places, type Entry, type Section } from "./section";
import type { ChangedStack } from "./stack";

/** One result of one policy in one stack. */
interface Remark {
  readonly mark: "+" | "~" | "-";
  readonly what: string;
  readonly policy: string;
  /** `mandatory`, `advisory`, or `mandatory, was advisory`; empty for a policy that could not run. */
  readonly level: string;
  readonly urn: string;
  readonly message: string;
}

const ORDER = ["+", "~", "-"] as const;

export function policies(changed: readonly ChangedStack[]): Section {
  const all = changed.map(({ stack }) => stack);
  const about = new Map(
    changed.flatMap(({ after }) => after.policies.descriptions ?? []).map((one) => [one.name, one]),
  );
  const mixed = new Set(changed.map(({ after }) => after.system)).size > 1;
  const found = new Map<string, { readonly remarks: Remark[]; readonly said: Said }>();
  for (const stack of changed) {
    for (const remark of remarksOf(stack)) {
      const key = JSON.stringify([remark.what, remark.policy]);
      const known = found.get(key) ?? { remarks: [], said: new Map() as Said };
      found.set(key, known);
      known.remarks.push(remark);
      const system = mixed ? stack.after.system : "";
      const line = lineOf(remark, system, about.get(remark.policy));
      const levels = known.said.get(line) ?? new Map<string, string[]>();
      known.said.set(line, levels);
      levels.set(remark.level, [...(levels.get(remark.level) ?? []), stack.stack]);
    }
  }
  const entries = [...found.values()].map(({ remarks, said }) =>
    entryOf(remarks, said, all, about),
  );
  return {
    title: "Policies",
    about: "",
    entries: entries.sort((a, b) => rank(a) - rank(b)),
  };
}

/** By line and level, the stacks that have it. */
type Said = Map<string, Map<string, string[]>>;
type About = ReadonlyMap<string, PolicyDescription>;

const rank = ({ mark, tone }: Entry): number =>
  ORDER.findIndex((one) => one === mark) * 2 + (tone === "bad" ? 0 : 1);

function remarksOf({ policies: differ }: ChangedStack): readonly Remark[] {
  const of = (mark: Remark["mark"], what: string) => (one: Violation) => ({
    ...{ mark, what, policy: one.policy, level: one.enforcement },
    ...{ urn: one.urn, message: one.message },
  });
  return [
    ...differ.fresh.map(of("+", "newly violated")),
    ...differ.changed.map(({ from, to }) => ({
      ...of("~", "changed message")(to),
      level:
        from.enforcement === to.enforcement
          ? to.enforcement
          : `${to.enforcement}, was ${from.enforcement}`,
    })),
    ...differ.gone.map(of("-", "no longer violated")),
    ...differ.failing.map((one) => ({
      mark: "+" as const,
      what: "newly cannot run",
      level: "",
      ...one,
    })),
    ...differ.recovered.map((one) => ({
      ...{ mark: "-" as const, what: "runs again", level: "" },
      ...{ policy: one.policy, urn: one.urn, message: "" },
    })),
  ];
}

/**
 * The resource, without its system's name if there are several systems, and the first line of the message.
 */
function lineOf(
  { urn, message }: Remark,
  system: string,
  about: PolicyDescription | undefined,
): string {
  const [kind = "", ...name] = resourceLabel(urn).split(" ");
  const label = [kind, patternOf(name.join(" "), system)].filter(Boolean).join(" ");
  const [first = ""] = withoutDescription(message, about?.description).split("\n");
  return [label, first].filter(Boolean).join(": ");
}

function entryOf(
  remarks: readonly Remark[],
  said: Said,
  all: readonly string[],
  descriptions: About,
): Entry {
  const [{ mark, what, policy } = { mark: "+" as const, what: "", policy: "" }] = remarks;
  const about = descriptions.get(policy);
  const fix = mark === "-" ? "" : (about?.remediation ?? "");
  const hard = remarks.some(({ level }) => level === "" || level.startsWith("mandatory"));
  return entry({
    mark,
    tone: mark === "-" ? "good" : hard ? "bad" : "warn",
    title: [`${what}: ${policy}`, about?.title ?? ""].filter(Boolean).join(", "),
    lines: [
      ...(fix === "" ? [] : [`to fix: ${fix}`]),
      ...[...said].map(([line, levels]) => {
        const where = [...levels].map(([level, stacks]) =>
          [level, places(stacks, all)].filter(Boolean).join(" "),
        );
        return [line, where.filter(Boolean).join("; ")].filter(Boolean).join(" — ");
      }),
    ],
  });
}
