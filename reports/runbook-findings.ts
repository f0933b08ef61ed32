/** What the runbooks get wrong, and what there is instead: findings of systems as text and as JSON. */
import { many } from "../lib/words";
import type { Finding, Realisation, System } from "../systems/model";
import { paint, type Paint } from "./colour";
import { jsonText, visible } from "./escape";
import { paragraph } from "./findings-text";

/** `Deployment application-api-deployment`, `alert HighMemory`, `no ReplicationGroup`. */
export function realisationText(one: Realisation): string {
  if ("resource" in one) return `${one.resource} ${one.name}`;
  if ("absent" in one) return `no ${one.absent}`;
  if ("document" in one) return one.document;
  const [[kind, name] = ["", ""]] = Object.entries<string>(one);
  return `${kind === "setting" ? "runstack:" : `${kind} `}${name}`;
}

const isOpen = ({ open }: Finding): boolean => open !== undefined;

const INDENT = 19;

function findingLines(finding: Finding, width: number, p: Paint): string[] {
  const { id, clause, found, instead, realised = [], open } = finding;
  const row = (label: string, text: string): string[] =>
    paragraph(`          ${label}`, text, width, INDENT);
  return [
    ...paragraph(`  ${id}`, clause.heading, width, 10).map(p.bold),
    ...row("found", found),
    ...row("instead", instead),
    ...(realised.length === 0
      ? []
      : row("by", realised.map(realisationText).join(", ")).map(p.dim)),
    ...(open === undefined ? [] : row("open", open).map(p.yellow)),
    "",
  ];
}

/** `28 findings, 12 of them open`. */
const countText = (findings: readonly Finding[]): string =>
  `${many(findings.length, "finding")}, ${findings.filter(isOpen).length} of them open`;

/** A section for each system, and the counts at the end. */
export function renderRunbookFindings(
  systems: readonly System[],
  { colour = false, width = 100 }: { readonly colour?: boolean; readonly width?: number } = {},
): string {
  const p = paint(colour);
  return [
    ...systems.flatMap(({ id, title, findings }) => [
      p.bold(visible(`${title} (${id})`)),
      "",
      ...findings.flatMap((finding) => findingLines(finding, width, p)),
    ]),
    ...systems.map(({ id, findings }) => visible(`${id}: ${countText(findings)}`)),
    "",
  ].join("\n");
}

/** One object for each system. Keys always have the same order. */
export const renderRunbookFindingsJson = (systems: readonly System[]): string =>
  jsonText(
    systems.map(({ id, title, findings }) => ({
      system: id,
      title,
      findings: findings.map((finding) => ({
        id: finding.id,
        heading: finding.clause.heading,
        requirements: finding.clause.ids,
        found: finding.found,
        instead: finding.instead,
        realised: finding.realised ?? [],
        open: finding.open ?? null,
      })),
      open: findings.filter(isOpen).length,
    })),
  );
