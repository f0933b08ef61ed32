/** How many findings there are, by severity and by policy: a picture of a large result. */
import type { Paint } from "./colour";
import { visible } from "./escape";
import { byText, groupsOf, type Finding } from "./findings";
import { pad } from "./width";

/** From the most severe; a policy may have none. */
const SEVERITIES = ["critical", "high", "medium", "low", ""] as const;
const BAR = 24;

/** A table of severities and levels, then a bar for each policy, the most frequent first. */
export function countsText(findings: readonly Finding[], p: Paint): readonly string[] {
  if (findings.length === 0) return [];
  return [...bySeverity(findings, p), "", ...byPolicy(findings, p)];
}

function bySeverity(findings: readonly Finding[], p: Paint): readonly string[] {
  const rows = SEVERITIES.flatMap((severity) => {
    const own = findings.filter(({ about }) => about.severity === severity);
    const hard = own.filter(({ enforcement }) => enforcement === "mandatory").length;
    const soft = own.length - hard;
    return own.length === 0
      ? []
      : [`  ${pad(severity || "none", 10)}${number(hard, 10)}${number(soft, 10)}`];
  });
  return [p.dim(`  ${pad("severity", 10)} mandatory  advisory`), ...rows];
}

function byPolicy(findings: readonly Finding[], p: Paint): readonly string[] {
  const groups = [...groupsOf(findings)].sort(
    (a, b) => b.findings.length - a.findings.length || byText(a.about.name, b.about.name),
  );
  const most = groups[0]?.findings.length ?? 1;
  const width = Math.max(...groups.map(({ about }) => visible(about.name).length));
  return groups.map(({ about, enforcement, findings: own }) => {
    const bar = "█".repeat(Math.max(1, Math.round((own.length / most) * BAR)));
    const mark = enforcement === "mandatory" ? p.red : p.yellow;
    return `  ${pad(visible(about.name), width)}${number(own.length, 7)}  ${mark(bar)}`;
  });
}

const number = (value: number, width: number): string => String(value).padStart(width);
