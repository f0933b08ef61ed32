/** The pack as a page: how it is used, and what each policy is about. */
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

/**
 * Markdown of `docs/policies.md`, without alignment of its tables.
 * Throws where a policy's first theme has no heading.
 */
export function policyPage(policies: readonly Policy[]): string {
  const themes = Object.keys(HEADINGS);
  const stranger = policies.find(({ themes: [first = ""] }) => !themes.includes(first));
  if (stranger !== undefined) {
    throw new Error(
      `The policy "${stranger.name}" has the first theme "${stranger.themes[0] ?? ""}"; it must be one of ${themes.join(", ")}.`,
    );
  }
  const sections = themes.flatMap((theme) => {
    const own = policies.filter(({ themes: [first] }) => first === theme);
    return own.length === 0 ? [] : [section(HEADINGS[theme] ?? theme, own)];
  });
  return [USE, configuration(policies), `## The ${policies.length} policies`, ...sections].join(
    "\n\n",
  );
}

function section(heading: string, policies: readonly Policy[]): string {
  const rows = policies.map((policy) =>
    [
      `\`${policy.name}\``,
      policy.description,
      policy.prevents,
      clause(policy),
      policy.severity,
      enforcement(policy),
    ]
      .map(cell)
      .join("|"),
  );
  return [
    `### ${heading}\n`,
    "| Policy | Rule | Prevents | Clause | Severity | Enforcement |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows.map((row) => `|${row}|`),
  ].join("\n");
}

function configuration(policies: readonly Policy[]): string {
  const rows = policies.flatMap(({ name, configuration: schema }) =>
    Object.entries(schema?.properties ?? {}).map(([key, property]) =>
      [
        `\`${name}\``,
        `\`${key}\``,
        typeof property.description === "string" ? property.description : "",
        `\`${JSON.stringify(property.default)}\``,
      ]
        .map(cell)
        .join("|"),
    ),
  );
  return [
    CONFIGURE,
    "| Policy | Property | Meaning | Default |\n| --- | --- | --- | --- |",
    ...rows.map((row) => `|${row}|`),
  ].join("\n");
}

/** A bar would end the cell. */
const cell = (text: string): string => ` ${text.replaceAll("|", "\\|")} `;

function clause({ clause: { reference, url } }: Policy): string {
  return url === undefined ? reference : `[${reference}](${url})`;
}

function enforcement({ enforcement: { production, staging } }: Policy): string {
  return production === staging ? production : `${production}; ${staging} in staging`;
}

const USE = `# Policies

Generated from \`policies/\` by \`UPDATE=1 npx vitest run policies/docs.test.ts\`; do not edit by hand.

The pack checks every change before it is made. The same pack runs in two places:

\`\`\`sh
npm run -s plan -- prod                                # offline, without credentials
pulumi preview --stack prod --policy-pack policies     # with the engine; the same for up
\`\`\`

## Enforcement

A mandatory violation fails the plan, the preview and the update; an advisory one is only said. What is mandatory in
\`prod\` and \`dr\` is advisory in \`staging\`; \`runstack:environment\` decides, and a stack without it is judged as
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
- Violations that are exempt are counted in one advisory line (\`exempted\`), and an exemption that covers none any more is
  named in another (\`exemption-needed\`). Nothing can be exempt from these, \`exemption-valid\` and \`undecided\`.`;

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
