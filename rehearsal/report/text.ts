/** The report for a terminal or a log. */
import { nameOf, typeOf } from "../../offline/urn";
import { paint, type Paint } from "../../reports/colour";
import { paragraph } from "../../reports/findings-text";
import { pad } from "../../reports/width";
import type { Bar, Report, ReportedScenario, ReportedStep } from "./report";

interface Shown {
  readonly colour: boolean;
  readonly width: number;
}

/** How many links of the longest chain are shown. */
const LINKS = 8;

export function renderRehearsal(report: Report, { colour, width }: Shown): string {
  const p = paint(colour);
  const ran = Object.entries(report.ran).map(([name, version]) => `${name} ${version}`);
  return [
    p.bold(`${report.stack}: ${report.system} on ${report.cloud}, ${report.region}`),
    ...paragraph("  ran       ", ran.join(", "), width),
    ...paragraph(
      "  simulated ",
      "clouds, nodes and what operators do; waiting is compressed",
      width,
    ),
    ...(report.standIns.length === 0
      ? []
      : paragraph("  stand-ins ", report.standIns.join(", "), width).map(p.dim)),
    "",
    ...report.scenarios.flatMap((one) => scenario(one, width, p)),
    ...objectives(report),
    summary(report),
    "",
  ].join("\n");
}

const secondsText = (seconds: number): string => `${seconds.toFixed(1)} s`.padStart(8);

function scenario(one: ReportedScenario, width: number, p: Paint): readonly string[] {
  if (one.unfit !== undefined) {
    return [...paragraph(`  not played  ${one.name}: `, one.unfit, width).map(p.yellow), ""];
  }
  const passed = one.faults.length === 0;
  const mark = passed ? p.green("passed") : p.red("failed");
  return [
    `  ${mark}  ${pad(p.bold(one.name), NAME)}${secondsText(one.seconds)}`,
    ...paragraph("          ", one.summary, width).map(p.dim),
    ...one.steps.flatMap((each) => step(each, width, p)),
    ...one.faults.slice(0, FAULTS).flatMap((fault) => paragraph("        - ", fault, width)),
    ...(one.faults.length > FAULTS
      ? [`        and ${one.faults.length - FAULTS} more: --json has all`]
      : []),
    "",
  ];
}

const NAME = 20;
/** How many faults of a scenario are shown. */
const FAULTS = 10;

function step(one: ReportedStep, width: number, p: Paint): readonly string[] {
  const counts = Object.entries(one.counts).map(([op, count]) => `${op} ${count}`);
  const links = one.timeline.filter(({ critical }) => critical).sort((a, b) => a.from - b.from);
  const longest = [...links].sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, LINKS);
  const shown = links.filter((link) => longest.includes(link) && link.to > link.from);
  return [
    ...paragraph(`   ${secondsText(one.seconds)}  `, [one.title, ...counts].join(", "), width),
    ...shown.map((link) => p.dim(`             ${linkText(link)}`)),
  ];
}

const linkText = ({ urn, from, to }: Bar): string =>
  `${`${from}–${to} s`.padEnd(12)}${typeOf(urn).replace(/^.*:/u, "")} ${nameOf(urn)}`;

/** What the runbook asks for, beside what the plan estimates for real clouds. */
function objectives({ objectives: all }: Report): readonly string[] {
  if (all.length === 0) return [];
  return [
    "  Objectives, with the plan's estimate of real provisioning times",
    ...all.map(
      ({ of, rtoMinutes, estimateMinutes }) =>
        `    ${of.padEnd(24)}${`${rtoMinutes} min`.padStart(10)}${`${estimateMinutes} min`.padStart(12)}`,
    ),
    "",
  ];
}

function summary({ stack, scenarios }: Report): string {
  const count = (of: (one: ReportedScenario) => boolean): number => scenarios.filter(of).length;
  const unfit = count(({ unfit: reason }) => reason !== undefined);
  const failed = count(({ faults }) => faults.length > 0);
  return `${stack}: ${scenarios.length - unfit - failed} passed, ${failed} failed, ${unfit} not played`;
}
