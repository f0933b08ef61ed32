/**
 * The documentation of the pack: an index by theme, and a page for each theme with what each policy
 * prevents and how to pass it.
 */
import { SYSTEMS } from "../systems";
import { COMPONENT_EXCEPTIONS } from "./exceptions";
import { byTheme, enforcementText, exampleOf, inOneLine, optionsOf, type Theme } from "./describe";
import type { Policy } from "./policy";

/** An exemption in a stack file of this repository. */
export interface StackExemption {
  readonly stack: string;
  readonly policy: string;
  readonly resource: string;
  readonly reason: string;
  readonly owner: string;
  readonly expires: string;
}

/**
 * Markdown of `policies.md`, without table alignment.
 * @throws if a policy's first theme has no heading.
 */
export function policyPage(
  policies: readonly Policy[],
  exemptions: readonly StackExemption[] = [],
): string {
  return [
    HEAD,
    "## Exemptions",
    exempt(exemptions),
    excepted(),
    configuration(policies),
    `## The ${policies.length} policies`,
    ...byTheme(policies).map(section),
  ].join("\n\n");
}

/** Markdown of `policies/THEME.md`, by theme. */
export function themePages(policies: readonly Policy[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    byTheme(policies).map(({ id, heading, policies: own }) => [
      id,
      [`# ${heading}`, GENERATED, "[All policies](../policies.md)", ...own.map(entry)].join("\n\n"),
    ]),
  );
}

function section({ id, heading, policies }: Theme): string {
  return table(
    `### ${heading}`,
    ["Policy", "Rule", "Clause", "Severity", "Enforcement"],
    policies.map((policy) => [
      `[\`${policy.name}\`](policies/${id}.md#${policy.name})`,
      policy.description,
      clause(policy),
      policy.severity,
      enforcementText(policy),
    ]),
  );
}

function entry(policy: Policy): string {
  const { name, description, prevents, remediation, remediate, severity } = policy;
  const options = optionsOf(policy).map(
    (option) =>
      `- \`${option.name}\`, ${option.type}: ${option.description}. Default: \`${inOneLine(option.default)}\`.`,
  );
  return [
    `## ${name}`,
    `${severity} · ${enforcementText(policy)} · ${clause(policy)}`,
    description,
    `**Prevents:** ${prevents}`,
    `**To pass:** ${remediation}`,
    ...(remediate === undefined
      ? []
      : ["At the level `remediate` the policy applies this fix itself."]),
    ...(options.length === 0 ? [] : [`**Configuration**\n\n${options.join("\n")}`]),
    `\`\`\`yaml\n${exampleOf(policy)}\n\`\`\``,
  ].join("\n\n");
}

function exempt(exemptions: readonly StackExemption[]): string {
  if (exemptions.length === 0) return "No stack of this repository has an exemption.";
  const rows = new Map<string, StackExemption & { readonly stacks: readonly string[] }>();
  for (const exemption of exemptions) {
    const { policy, resource, reason, owner, expires, stack } = exemption;
    const key = JSON.stringify([policy, resource, reason, owner, expires]);
    rows.set(key, { ...exemption, stacks: [...(rows.get(key)?.stacks ?? []), stack] });
  }
  return table(
    "Exemptions in the stacks of this repository:",
    ["Policy", "Resource", "Reason", "Owner", "Until", "Stacks"],
    [...rows.values()].map(({ policy, resource, reason, owner, expires, stacks }) => [
      `\`${policy}\``,
      `\`${resource}\``,
      reason,
      owner,
      expires,
      stacks.join(", "),
    ]),
  );
}

/** Exceptions that apply to every stack, built in or from a system's runbook. */
function excepted(): string {
  return table(
    EXCEPTIONS,
    ["Policy", "What", "Reason", "By"],
    [
      ...COMPONENT_EXCEPTIONS.map(({ policy, resource, reason, from }) => [
        `\`${policy}\``,
        resource,
        reason,
        from,
      ]),
      ...Object.values(SYSTEMS).flatMap(({ title, exceptions = [] }) =>
        exceptions.map(({ policy, of, reason, finding }) => [
          `\`${policy}\``,
          `\`${of}\` of ${title}`,
          reason,
          `finding ${finding}`,
        ]),
      ),
    ],
  );
}

function configuration(policies: readonly Policy[]): string {
  const rows = policies.flatMap((policy) =>
    optionsOf(policy).map((option) => [
      `\`${policy.name}\``,
      `\`${option.name}\``,
      option.description,
      `\`${inOneLine(option.default)}\``,
    ]),
  );
  return table("## Configuration", ["Policy", "Property", "Meaning", "Default"], rows);
}

function table(
  above: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `|${cells.map(cell).join("|")}|`;
  return [`${above}\n`, line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Escapes bars, which would end the cell. */
const cell = (text: string): string => ` ${text.replaceAll("|", "\\|")} `;

function clause({ clause: { reference, url } }: Policy): string {
  return url === undefined ? reference : `[${reference}](${url})`;
}

const GENERATED = "Generated from `policies/` by `npm run -s docs`.";

const HEAD = `# Policies

${GENERATED} \`docs/enforcement.md\` describes enforcement, exemptions and configuration.`;

const EXCEPTIONS = `### Exceptions outside the stack file

These apply to every stack and do not expire. Every plan lists the ones that it used. Exceptions that a component of this repository
needs are in \`policies/exceptions.ts\`. Each covers only the component's own resource, not a copy of its labels, and is a violation
(\`exemption-valid\`) as soon as the resource is used for anything else. Exceptions from a runbook finding are in the
system's \`exceptions\`.`;
