/** The report as one page without scripts and without anything from elsewhere. */
import { nameOf, typeOf } from "../../offline/urn";
import type { Bar, Report, ReportedScenario, ReportedStep } from "./report";

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1c2530; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: 1rem; }
pre { background: #f3f5f7; padding: .6rem .8rem; overflow-x: auto; }
.passed { color: #14743a; } .failed { color: #b3261e; } .unfit { color: #8a6100; }
table { border-collapse: collapse; } td, th { padding: .15rem .8rem .15rem 0; text-align: left; }
svg text { font: 11px system-ui, sans-serif; fill: #1c2530; }
`;

export function renderRehearsalHtml(reports: readonly Report[]): string {
  const title = `Rehearsal of ${reports.map(({ stack }) => stack).join(", ")}`;
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8"><title>${text(title)}</title><style>${STYLE}</style></head><body>`,
    ...reports.flatMap(page),
    "</body></html>",
    "",
  ].join("\n");
}

function page(report: Report): readonly string[] {
  const ran = Object.entries(report.ran).map(([name, version]) => `${name} ${version}`);
  return [
    `<h1>${text(report.stack)}: ${text(report.system)} on ${text(report.cloud)}, ${text(report.region)}</h1>`,
    `<p>Ran for real: ${text(ran.join(", "))}. Simulated: clouds, nodes and what operators do; waiting is compressed.</p>`,
    report.standIns.length === 0
      ? ""
      : `<p>Stand-ins for charts: ${text(report.standIns.join(", "))}.</p>`,
    ...report.scenarios.flatMap(scenario),
    "<h2>Objectives</h2>",
    "<table><tr><th>of</th><th>objective</th><th>the plan's estimate of real provisioning</th></tr>",
    ...report.objectives.map(
      ({ of, rtoMinutes, estimateMinutes }) =>
        `<tr><td>${text(of)}</td><td>${rtoMinutes} min</td><td>${estimateMinutes} min</td></tr>`,
    ),
    "</table>",
  ];
}

function scenario(one: ReportedScenario): readonly string[] {
  const state = one.unfit !== undefined ? "unfit" : one.faults.length === 0 ? "passed" : "failed";
  const word = state === "unfit" ? "not played" : state;
  return [
    `<h2>${text(one.name)} <span class="${state}">${word}</span> <small>${one.seconds.toFixed(1)} s</small></h2>`,
    `<p>${text(one.unfit ?? one.summary)}</p>`,
    ...(one.faults.length === 0
      ? []
      : [`<ul>${one.faults.map((fault) => `<li>${text(fault)}</li>`).join("")}</ul>`]),
    ...one.steps.flatMap(step),
  ];
}

function step(one: ReportedStep): readonly string[] {
  const counts = Object.entries(one.counts).map(([op, count]) => `${op} ${count}`);
  return [
    `<h3>${text(one.title)} <small>${one.seconds.toFixed(1)} s</small></h3>`,
    `<pre>${text(one.commands.trim())}</pre>`,
    counts.length === 0
      ? ""
      : `<p>${text(counts.join(", "))}. Red: what waited for what, to the end.</p>`,
    one.timeline.length === 0 ? "" : timeline(one.timeline),
    one.output === undefined ? "" : `<pre>${text(one.output)}</pre>`,
  ];
}

const ROW = 14;
const LABEL = 360;
const WIDTH = 660;

/** A row for each resource, in the order in which they began. */
function timeline(bars: readonly Bar[]): string {
  const end = Math.max(1, ...bars.map(({ to }) => to));
  const x = (seconds: number): number => LABEL + (seconds / end) * WIDTH;
  const rows = bars.map((bar, index) => {
    const y = index * ROW;
    const name = `${typeOf(bar.urn).replace(/^.*:/u, "")} ${nameOf(bar.urn)}`;
    const fill = bar.failed ? "#b3261e" : bar.critical ? "#d9483b" : "#7da7d9";
    const width = Math.max(2, x(bar.to) - x(bar.from));
    return [
      `<text x="0" y="${y + 11}">${text(name.length > 58 ? `${name.slice(0, 57)}…` : name)}</text>`,
      `<rect x="${x(bar.from).toFixed(1)}" y="${y + 2}" width="${width.toFixed(1)}" height="${ROW - 4}" fill="${fill}">`,
      `<title>${text(`${bar.op} ${name}: ${bar.from}–${bar.to} s`)}</title></rect>`,
    ].join("");
  });
  const height = bars.length * ROW + ROW;
  const marks = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const at = Math.round(end * part);
    return `<text x="${x(at).toFixed(1)}" y="${height - 2}" text-anchor="middle">${at} s</text>`;
  });
  return `<svg viewBox="0 0 ${LABEL + WIDTH + 20} ${height}" role="img" aria-label="Timeline">${rows.join("")}${marks.join("")}</svg>`;
}

const text = (value: string): string =>
  value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
