/** Findings for a terminal or a log: by policy, with its requirement and how to fix the findings. */
import type { Paint } from "./colour";
import { visible, visibleLines } from "./escape";
import { groupsOf, placeText, type Finding, type Group, type Place } from "./findings";
import { wrap, wrapIndented } from "./width";

/** Text after a label, wrapped to the width and indented to the text's first column. */
export function paragraph(
  label: string,
  text: string,
  width: number,
  indent = label.length,
): string[] {
  return visibleLines(text).flatMap((line, at) =>
    wrap(line, width - indent).map((part, index) =>
      `${at === 0 && index === 0 ? label.padEnd(indent) : " ".repeat(indent)}${part}`.trimEnd(),
    ),
  );
}

/** Nothing where there is no text. */
const optional = (label: string, text: string, width: number): string[] =>
  text === "" ? [] : paragraph(label, text, width);

/** `file:line:column: text`, or only the text if there is no file. */
export const placed = (place: Place, text: string): string =>
  place.file === "" ? text : `${placeText(place)}: ${text}`;

/** Positions are never wrapped, because people copy them and terminals open them. */
function found({ place, subject, message }: Finding, width: number): string[] {
  return [
    ...wrapIndented(`    - ${visible(placed(place, subject))}`, width),
    ...optional("      ", message, width),
  ];
}

function group({ about, enforcement, findings }: Group, width: number, p: Paint): string[] {
  const { name, title, description, remediation, clause, severity, url } = about;
  const mark = enforcement === "mandatory" ? p.red : p.yellow;
  const level = [enforcement, severity].filter(Boolean).join(", ");
  return [
    ...paragraph(`  ${level}  `, [name, title].filter(Boolean).join(": "), width).map(mark),
    ...optional("    ", description, width),
    ...optional("    fix       ", remediation, width),
    ...optional("    enforces  ", [clause, url].filter(Boolean).join(", "), width).map(p.dim),
    ...findings.flatMap((one) => found(one, width)),
  ];
}

export const findingsText = (findings: readonly Finding[], width: number, p: Paint): string[] =>
  groupsOf(findings).flatMap((one) => group(one, width, p));
