/** The whole report of one stack, for a terminal or a log. */
import { many } from "../lib/words";
import type { Diagnostic, ObjectiveEstimate, Plan, PolicyFailure } from "../offline/plan";
import { paint, type Paint } from "./colour";
import { visible, visibleLines } from "./escape";
import { NO_PLACE } from "./findings";
import { findingsText, paragraph } from "./findings-text";
import { planFindings, planVerdict, resourceLabel, stopsChange, type PlaceOf } from "./policies";
import { provisioningOf } from "./provisioning";
import { isProvider, renderTree, type TreeOptions } from "./tree";
import { fit, wrap } from "./width";

/** `14 components, 12 digitalocean, 98 kubernetes, 2 random`, components first, packages by name. */
export function counts(plan: Plan): string {
  const packages = new Map<string, number>();
  let components = 0;
  for (const resource of plan.resources) {
    if (isProvider(resource)) continue;
    if (!resource.custom) components += 1;
    else {
      const pkg = resource.type.split(":")[0] ?? "";
      packages.set(pkg, (packages.get(pkg) ?? 0) + 1);
    }
  }
  const names = [...packages.keys()].sort();
  return [
    many(components, "component"),
    ...names.map((name) => `${packages.get(name) ?? 0} ${visible(name)}`),
  ].join(", ");
}

/** `todo-chatbot, prod`; for other programs, a text that there are no such settings. */
export const named = (...parts: readonly string[]): string =>
  parts.filter(Boolean).join(", ") || "not set";

function header(plan: Plan, width: number, { bold }: Paint): string[] {
  const providers = plan.resources.filter(isProvider).length;
  const total = plan.resources.length - providers;
  const lines = [
    ["Stack", plan.stack],
    ["System", named(plan.system, plan.environment)],
    ["Cloud", named(plan.cloud, plan.region)],
    [
      "Resources",
      `${total}: ${counts(plan)}` +
        (providers === 0 ? "" : ` (and ${many(providers, "provider")}, not drawn)`),
    ],
  ] as const;
  return lines.flatMap(([label, text], index) =>
    paragraph(label, text, width, 11).map((line) => (index === 0 ? bold(line) : line)),
  );
}

const failure = ({ policy, urn, message }: PolicyFailure, width: number, p: Paint): string[] => [
  ...paragraph("  could not run  ", policy, width).map(p.red),
  ...paragraph("    - ", resourceLabel(urn), width),
  ...paragraph("      ", message, width),
];

function policies({ policies: report }: Plan, placeOf: PlaceOf, width: number, p: Paint): string[] {
  const { findings } = planFindings(report, placeOf);
  const clean = findings.length === 0 && report.failures.length === 0;
  const mark = clean ? p.green : stopsChange(report) ? p.red : p.yellow;
  return [
    p.bold("Policies"),
    ...report.failures.flatMap((one) => failure(one, width, p)),
    ...findingsText(findings, width, p),
    mark(`  ${planVerdict(report)}`),
  ];
}

/** `2 h 5 min`, `42.5 min`. */
export function minutesText(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  const rest = Math.round(minutes - hours * 60);
  return rest === 0 ? `${hours} h` : rest === 60 ? `${hours + 1} h` : `${hours} h ${rest} min`;
}

/** An objective that would be kept counts only if a document says how to restore its element. */
export const resultOf = ({ met, procedure, estimateMinutes, rtoMinutes }: ObjectiveEstimate) =>
  met ? "met" : procedure === undefined && estimateMinutes <= rtoMinutes ? "open" : "missed";

/** `1 objective missed`, `2 objectives without a procedure`. */
export const unmet = ({ estimate: { objectives } }: Plan): readonly string[] =>
  [["missed", "missed"] as const, ["open", "without a procedure"] as const].flatMap(
    ([result, text]) => {
      const { length } = objectives.filter((one) => resultOf(one) === result);
      return length === 0 ? [] : [`${many(length, "objective")} ${text}`];
    },
  );

const how = ({ procedure }: ObjectiveEstimate): string =>
  procedure === undefined ? ", and no document says how" : "";

const COLOURS = {
  met: (p: Paint) => p.green,
  open: (p: Paint) => p.yellow,
  missed: (p: Paint) => p.red,
} as const;

function rebuild(plan: Plan, width: number, p: Paint): string[] {
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const { rebuildMinutes, criticalPath, objectives } = plan.estimate;
  const steps = criticalPath.map((urn) => {
    const resource = byUrn.get(urn);
    const minutes = resource === undefined ? "?" : String(provisioningOf(resource).minutes);
    return `    ${minutes.padStart(5)} min  ${fit(visible(resourceLabel(urn)), width - 15)}`;
  });
  return [
    p.bold(`Rebuild from nothing: ${minutesText(rebuildMinutes)}`),
    ...paragraph(
      "  ",
      "The longest path of typical provisioning times, without restoring data.",
      width,
    ),
    ...steps,
    ...objectives.flatMap((objective) =>
      paragraph(
        `  ${resultOf(objective)}`.padEnd(10),
        `${objective.of}: ${minutesText(objective.estimateMinutes)} of ` +
          `${minutesText(objective.rtoMinutes)}${how(objective)} (${objective.clause})`,
        width,
      ).map(COLOURS[resultOf(objective)](p)),
    ),
  ];
}

const SHOWN: readonly Diagnostic["severity"][] = ["error", "warning"];

function diagnostics(plan: Plan, width: number, p: Paint): string[] {
  const shown = SHOWN.flatMap((severity) =>
    plan.diagnostics.filter((diagnostic) => diagnostic.severity === severity),
  );
  if (shown.length === 0) return [];
  return [
    p.bold("Diagnostics"),
    ...shown.flatMap(({ severity, message, urn }) =>
      visibleLines(`${severity}: ${urn === "" ? "" : `${resourceLabel(urn)}: `}${message}`)
        .flatMap((line) => wrap(line, width - 4))
        .map((line, index) => `${index === 0 ? "  " : "    "}${line}`)
        .map(severity === "error" ? p.red : p.yellow),
    ),
    "",
  ];
}

/** What `pulumi up` needs beside the stack file: without a secret that is not set, it stops at once. */
function secrets({ secrets: needed = [] }: Plan, width: number, p: Paint): string[] {
  if (needed.length === 0) return [];
  const missing = needed.some(({ set, optional }) => !set && optional !== true);
  return [
    p.bold(
      `Secrets for pulumi up: ${needed.filter(({ set }) => set).length} of ${needed.length} set`,
    ),
    ...needed.flatMap(({ key, what, optional, set }) => {
      const state = set ? "set" : optional === true ? "optional" : "not set";
      const mark = set ? p.green : optional === true ? p.dim : p.yellow;
      return paragraph(`  ${state.padEnd(9)} `, `${key}: ${what}`, width).map(mark);
    }),
    ...(missing
      ? ["  Set each with: pulumi config set --secret --path 'runstack:secrets.KEY'"]
      : []),
    "",
  ];
}

/** One line that says whether the change can proceed. */
export function summaryLine(plan: Plan): string {
  const total = plan.resources.filter((resource) => !isProvider(resource)).length;
  return visible(
    `${plan.stack}: ${many(total, "resource")}; ${planVerdict(plan.policies)}; ` +
      `rebuild ${minutesText(plan.estimate.rebuildMinutes)}` +
      unmet(plan)
        .map((text) => `, ${text}`)
        .join(""),
  );
}

interface TextOptions extends TreeOptions {
  /** @default places are not shown */
  readonly placeOf?: PlaceOf;
}

/** Header, tree, policies, rebuild estimate, secrets, warnings, one line of summary; ends with a line break. */
export function renderText(plan: Plan, options: TextOptions = {}): string {
  const width = options.width ?? 100;
  const p = paint(options.colour ?? false);
  return [
    ...header(plan, width, p),
    "",
    ...renderTree(plan.resources, options),
    "",
    ...policies(plan, options.placeOf ?? (() => NO_PLACE), width, p),
    "",
    ...rebuild(plan, width, p),
    "",
    ...secrets(plan, width, p),
    ...diagnostics(plan, width, p),
    ...wrap(summaryLine(plan), width).map(p.bold),
    "",
  ].join("\n");
}
