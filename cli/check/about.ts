/** `check --list` and `check --explain`: what the policies are, without looking at any manifest. */
import { commandLine } from "../../lib/command-line";
import { instead, nearest } from "../../lib/words";
import {
  byTheme,
  enforcementText,
  exampleOf,
  inOneLine,
  optionsOf,
  type Theme,
} from "../../policies/describe";
import { forManifests } from "../../policies/in-manifests";
import { judgesManifests } from "../../policies/manifests/judging";
import type { Policy } from "../../policies/policy";
import { paint } from "../../reports/colour";
import { jsonText } from "../../reports/escape";
import { paragraph } from "../../reports/findings-text";
import { pad } from "../../reports/width";
import { UsageError, type Given } from "../options";

type Name = "list" | "theme" | "explain" | "json";

const WIDTH = 100;

/** What is to be printed; undefined where neither is asked for. @throws UsageError */
export function aboutPolicies(
  { has, value, values, operands }: Given<Name>,
  policies: readonly Policy[],
  colour: boolean,
): string | undefined {
  const [wantsList, name, themes] = [has("list"), value("explain"), values("theme")];
  if (!wantsList && name === undefined) return undefined;
  if (wantsList && name !== undefined) {
    throw new UsageError("--list and --explain exclude each other; write one of them.");
  }
  if (operands[0] !== undefined) {
    const option = wantsList ? "--list" : "--explain POLICY";
    throw new UsageError(`${option} checks nothing: leave out ${JSON.stringify(operands[0])}.`);
  }
  if (name !== undefined) {
    if (themes.length > 0) {
      throw new UsageError("--explain is about one policy: leave out --theme.");
    }
    const policy = named(name, policies);
    return has("json") ? jsonText(explained(policy)) : explanation(policy, colour);
  }
  const chosen = themes.length === 0 ? policies : ofThemes(themes, policies);
  return has("json")
    ? jsonText(chosen.map(forManifests).map(listed))
    : listing(byTheme(chosen), colour);
}

/** The policies of any of these themes. @throws UsageError */
export function ofThemes(
  themes: readonly string[],
  policies: readonly Policy[],
): readonly Policy[] {
  const all = [...new Set(policies.flatMap((policy) => policy.themes))].sort();
  const stranger = themes.find((theme) => !all.includes(theme));
  if (stranger !== undefined) {
    throw new UsageError(`--theme is ${JSON.stringify(stranger)}; ${instead(stranger, all)}`);
  }
  return policies.filter((policy) => policy.themes.some((theme) => themes.includes(theme)));
}

/** @throws UsageError */
export function named(name: string, policies: readonly Policy[]): Policy {
  const found = policies.find((policy) => policy.name === name);
  if (found !== undefined) return found;
  const near = nearest(
    name,
    policies.map((policy) => policy.name),
  );
  const hint =
    near === undefined
      ? `\`${commandLine("check")} --list\` shows all of them.`
      : `Did you mean ${JSON.stringify(near)}?`;
  throw new UsageError(`There is no policy ${JSON.stringify(name)}. ${hint}`);
}

/** A policy of a list, for scripts. */
const listed = ({ name, title, severity, enforcement, themes }: Policy): object => ({
  ...{ name, title, severity, enforcement, themes },
});

const explained = (policy: Policy): object => ({
  ...listed(policy),
  inManifests: policy.inManifests,
  description: policy.description,
  prevents: policy.prevents,
  remediation: policy.remediation,
  clause: policy.clause,
  remediates: policy.remediate !== undefined,
  manifests: judgesManifests(policy),
  options: optionsOf(policy),
  example: exampleOf(policy),
});

/** The levels in production and in staging, in columns as wide as their headings. */
const columns = (production: string, staging: string): string =>
  `${production.padEnd("production".length)}  ${staging.padEnd("mandatory".length)}`;

function listing(themes: readonly Theme[], colour: boolean): string {
  const p = paint(colour);
  const all = themes.flatMap(({ policies }) => policies);
  const width = Math.max(...all.map(({ name }) => name.length), 0);
  const head = `${pad("policy", width + 2)}  ${columns("production", "staging")}  title`;
  const blocks = themes.map(({ id, heading, policies }) => [
    "",
    p.bold(`${heading} (${id})`),
    ...policies.map(forManifests).flatMap(({ name, title, enforcement }) => {
      const { production, staging } = enforcement;
      return paragraph(`  ${pad(name, width)}  ${columns(production, staging)}  `, title, WIDTH);
    }),
  ]);
  const count = `${all.length} ${all.length === 1 ? "policy" : "policies"}. \`${commandLine("check")} --explain POLICY\` says what one is for.`;
  return [p.dim(head), ...blocks.flat(), "", count, ""].join("\n");
}

function onlyWhere(policy: Policy): string | undefined {
  if (policy.needs === "file") return "judged by check only: it is about what is written in files";
  if (judgesManifests(policy)) return undefined;
  return "judged in a plan and a preview only: manifests do not have what it looks at";
}

const INDENT = 12;

function explanation(policy: Policy, colour: boolean): string {
  const p = paint(colour);
  const { name, title, severity, clause, themes, remediate } = policy;
  const row = (label: string, text: string | undefined): readonly string[] =>
    text === undefined ? [] : paragraph(`  ${label}`, text, WIDTH, INDENT);
  const [first = "", ...others] = optionsOf(policy).map(
    (option) =>
      `${option.name}, ${option.type}: ${option.description}. Default: ${inOneLine(option.default)}`,
  );
  return [
    p.bold(`${name}: ${title}`),
    ...row("rule", policy.description),
    ...row("why", policy.prevents),
    ...row("fix", policy.remediation),
    ...row("clause", clause.reference),
    ...row("", clause.url),
    ...row("level", `${enforcementText(policy)}; severity ${severity}`),
    ...row("", remediate && "at the level remediate the policy writes the fix itself"),
    ...row("", onlyWhere(policy)),
    ...row("themes", themes.join(", ")),
    ...row("options", first === "" ? "none" : first),
    ...others.flatMap((option) => row("", option)),
    ...exampleOf(policy)
      .split("\n")
      .map((line, index) => `  ${(index === 0 ? "example" : "").padEnd(INDENT - 2)}${line}`),
    "",
  ].join("\n");
}
