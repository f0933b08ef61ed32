/**
 * The result of `check` as GitHub's workflow commands, which mark lines of a pull request. GitHub shows ten errors
 * and ten warnings of a step, and has all of them in the log, so the gravest come first.
 *
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
import { checkSummary, notesOf, type CheckReport, type Note } from "./check";
import { visible } from "./escape";
import { groupsOf, type Place } from "./findings";

const data = (text: string): string =>
  text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
const property = (text: string): string => data(text).replace(/:/g, "%3A").replace(/,/g, "%2C");

const ORDER = ["critical", "high", "medium", "low", ""];

/** One line for each error, violation and note, and the summary; ends with a line break. */
export function renderGithub(report: CheckReport): string {
  const { findings, errors } = report;
  const groups = [...groupsOf(findings)].sort(
    (a, b) =>
      Number(b.enforcement === "mandatory") - Number(a.enforcement === "mandatory") ||
      ORDER.indexOf(a.about.severity) - ORDER.indexOf(b.about.severity),
  );
  const found = groups.flatMap(({ about, enforcement, findings: own }) =>
    own.map(({ place, message }) =>
      command(enforcement === "mandatory" ? "error" : "warning", place, about.name, [
        message,
        about.remediation,
      ]),
    ),
  );
  const said = (kind: string, all: readonly Note[]): readonly string[] =>
    all.map(({ message, ...place }) => command(kind, place, "runstack check", [message]));
  return [
    ...said("error", errors),
    ...found,
    ...said("notice", notesOf(report)),
    checkSummary(report),
    "",
  ].join("\n");
}

function command(
  kind: string,
  { file, line, column }: Place,
  title: string,
  texts: readonly string[],
): string {
  const properties = [
    ...(file === "" ? [] : [`file=${property(visible(file))}`]),
    ...(line === 0 ? [] : [`line=${line}`]),
    ...(column === 0 ? [] : [`col=${column}`]),
    `title=${property(visible(title))}`,
  ];
  const text = texts.filter((one) => one !== "").map((one) => visible(one));
  return `::${kind} ${properties.join(",")}::${data(text.join("\n"))}`;
}
