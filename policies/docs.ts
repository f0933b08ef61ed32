/**
 * The pack as pages: how it is used with all policies by theme, and a page for each theme with what
 * each of its policies prevents and what to write.
 */
import { SYSTEMS } from "../systems";
import { COMPONENT_EXCEPTIONS } from "./exceptions";
import { EXEMPTIONS_KEY } from "./exemptions";
import type { Policy } from "./policy";

/** Theme → heading, in the order of the page. A policy stands under its first theme. */
const HEADINGS: Readonly<Record<string, string>> = {
  runbook: "The runbook",
  recovery: "Recovery",
  "pod-security": "Pod Security Standards",
  workloads: "Pods and containers",
  availability: "Availability",
  resources: "Resources",
  images: "Images",
  jobs: "Jobs",
  network: "Network",
  tls: "TLS",
  secrets: "Secrets",
  rbac: "Access inside the cluster",
  metadata: "Names and versions",
  storage: "Storage",
  logging: "Logs, metrics and alerts",
  clusters: "Clusters and nodes",
  databases: "Databases",
  caches: "Caches",
  messaging: "Kafka",
  iam: "Access to the cloud",
  keys: "Keys",
  program: "The Pulumi program",
  governance: "The pack itself",
};

/** An exemption of a stack of this repository, as its file has it. */
export interface StackExemption {
  readonly stack: string;
  readonly policy: string;
  readonly resource: string;
  readonly reason: string;
  readonly owner: string;
  readonly expires: string;
}

/**
 * Markdown of `docs/policies.md`, without alignment of its tables.
 * Throws where a policy's first theme has no heading.
 */
export function policyPage(
  policies: readonly Policy[],
  exemptions: readonly StackExemption[] = [],
): string {
  const sections = byTheme(policies).map(([theme, own]) => section(theme, own));
  return [
    USE,
    exempt(exemptions),
    excepted(),
    configuration(policies),
    `## The ${policies.length} policies`,
    ...sections,
  ].join("\n\n");
}

/** Markdown of `docs/policies/THEME.md`, by theme. */
export function themePages(policies: readonly Policy[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    byTheme(policies).map(([theme, own]) => [
      theme,
      [
        `# ${HEADINGS[theme] ?? theme}`,
        GENERATED,
        "[All policies](../policies.md)",
        ...own.map(entry),
      ].join("\n\n"),
    ]),
  );
}

/** Themes in the order of the page with their policies, without those that have none. */
function byTheme(policies: readonly Policy[]): readonly (readonly [string, readonly Policy[]])[] {
  const themes = Object.keys(HEADINGS);
  const stranger = policies.find(({ themes: [first = ""] }) => !themes.includes(first));
  if (stranger !== undefined) {
    throw new Error(
      `The policy "${stranger.name}" has the first theme "${stranger.themes[0] ?? ""}"; it must be one of ${themes.join(", ")}.`,
    );
  }
  return themes
    .map((theme) => [theme, policies.filter(({ themes: [first] }) => first === theme)] as const)
    .filter(([, own]) => own.length > 0);
}

function section(theme: string, policies: readonly Policy[]): string {
  return table(
    `### ${HEADINGS[theme] ?? theme}`,
    ["Policy", "Rule", "Clause", "Severity", "Enforcement"],
    policies.map((policy) => [
      `[\`${policy.name}\`](policies/${theme}.md#${policy.name})`,
      policy.description,
      clause(policy),
      policy.severity,
      enforcement(policy),
    ]),
  );
}

function entry(policy: Policy): string {
  const { name, description, prevents, remediation, remediate, configuration: schema } = policy;
  const properties = Object.entries(schema?.properties ?? {}).map(
    ([key, property]) =>
      `- \`${key}\`: ${meaning(property).replace(/\.$/, "")}. Default: \`${JSON.stringify(property.default)}\`.`,
  );
  return [
    `## ${name}`,
    `${policy.severity} · ${enforcement(policy)} · ${clause(policy)}`,
    description,
    `**Prevents:** ${prevents}`,
    `**To pass:** ${remediation}`,
    ...(remediate === undefined ? [] : ["At the level `remediate` the policy writes this itself."]),
    ...(properties.length === 0 ? [] : [`**Configuration**\n\n${properties.join("\n")}`]),
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
    "Those of the stacks of this repository:",
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

/** What holds in every stack, built in or by a system's runbook. */
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
  const rows = policies.flatMap(({ name, configuration: schema }) =>
    Object.entries(schema?.properties ?? {}).map(([key, property]) => [
      `\`${name}\``,
      `\`${key}\``,
      meaning(property),
      `\`${JSON.stringify(property.default)}\``,
    ]),
  );
  return table(CONFIGURE, ["Policy", "Property", "Meaning", "Default"], rows);
}

function meaning({ description }: { readonly description?: unknown }): string {
  return typeof description === "string" ? description : "";
}

function table(
  above: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `|${cells.map(cell).join("|")}|`;
  return [`${above}\n`, line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A bar would end the cell. */
const cell = (text: string): string => ` ${text.replaceAll("|", "\\|")} `;

function clause({ clause: { reference, url } }: Policy): string {
  return url === undefined ? reference : `[${reference}](${url})`;
}

function enforcement({ enforcement: { production, staging } }: Policy): string {
  if (production === staging) return production;
  return staging === "disabled"
    ? `${production} in production`
    : `${production}; ${staging} in staging`;
}

const GENERATED =
  "Generated from `policies/` by `UPDATE=1 npx vitest run policies/docs.test.ts`; do not edit by hand.";

const USE = `# Policies

${GENERATED}

The pack checks every change before it is made. The same pack runs in two places:

\`\`\`sh
npm run -s plan -- prod                                # offline, without credentials
pulumi preview --stack prod --policy-pack policies     # with the engine; the same for up
\`\`\`

## Enforcement

A mandatory violation fails the plan, the preview and the update; an advisory one is only said. What is mandatory in
\`prod\` and \`dr\` is advisory in \`staging\`, or not asked there where a copy for trials may be small; \`runstack:environment\` decides, and a stack without it is judged as
production.

A preview judges everything that is known. What only the cloud can tell is left open, counted in one advisory line
(\`undecided\`), and judged during the update before it is created. Policies that look at the whole stack see what the
program registered, so that they judge a cluster that does not exist yet like one that does.

## Exemptions

An exemption lets some resources off one policy until a day. It is written in the stack's file, so it is reviewed like
any other change:

\`\`\`yaml
config:
  ${EXEMPTIONS_KEY}:
    - policy: container-probes
      resource: "urn:pulumi:prod::*Deployment::todo-chatbot-legacy-*"
      reason: The vendor's image answers no probe before version 4.
      owner: platform team
      expires: "2027-03-31"
\`\`\`

- \`resource\` is the URN that the violation names; \`*\` stands for any text. A violation of the stack as a whole has the
  URN of the stack, which ends in \`pulumi:pulumi:Stack::runstack-<stack>\`.
- \`expires\` is the last day on which it holds, in UTC.
- All five keys are needed. An exemption that is malformed or expired, or that names no policy or no resource of the
  stack, exempts nothing and is a violation itself (\`exemption-valid\`).
- Violations that are exempt are listed with the reason in advisory lines (\`exempted\`); an exemption that covers none any
  more is named in another (\`exemption-needed\`), and so is one that ends within 30 days (\`exemption-expiring\`). Nothing can
  be exempt from these, \`exemption-valid\` and \`undecided\`.`;

const EXCEPTIONS = `### Exceptions that no stack file carries

These hold in every stack and do not expire, and every plan lists those that it needed. What a component of this repository cannot do without
is in \`policies/exceptions.ts\`; it covers that component's own resource, not a copy of its labels, and is a violation
(\`exemption-valid\`) as soon as the resource is used for anything else. What a finding of a system's runbook decides is in the
system's \`exceptions\`.`;

const CONFIGURE = `## Configuration

With the engine, \`--policy-pack-config FILE\` changes the enforcement of a policy (\`mandatory\`, \`advisory\`,
\`disabled\`; \`all\` stands for every policy that is not named), and some have properties:

\`\`\`json
{
  "container-probes": "advisory",
  "image-pinned": { "enforcementLevel": "mandatory", "digest": true }
}
\`\`\`

The Pod Security Standards are those of the stack's Kubernetes version, or of
\`runstack:podSecurityVersion\` (such as \`v1.34\`, or \`latest\`: the newest that the pack knows).
`;
