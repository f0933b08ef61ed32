/** How a policy is described in the documentation and in the terminal. */
import { nounOf, type Schema } from "../lib/configuration-schema";
import { schemasOf } from "./configuration";
import type { Policy } from "./policy";

/** Theme → heading, in display order. A policy is listed under its first theme. */
const HEADINGS: Readonly<Record<string, string>> = {
  runbook: "The runbook",
  recovery: "Recovery",
  api: "What the API server refuses",
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

export interface Theme {
  readonly id: string;
  readonly heading: string;
  readonly policies: readonly Policy[];
}

/**
 * Themes in order with their policies, without empty ones.
 * @throws if a policy's first theme has no heading.
 */
export function byTheme(policies: readonly Policy[]): readonly Theme[] {
  const themes = Object.keys(HEADINGS);
  const stranger = policies.find(({ themes: [first = ""] }) => !themes.includes(first));
  if (stranger !== undefined) {
    throw new Error(
      `The policy "${stranger.name}" has the first theme "${stranger.themes[0] ?? ""}"; it must be one of ${themes.join(", ")}.`,
    );
  }
  return Object.entries(HEADINGS)
    .map(([id, heading]) => ({
      id,
      heading,
      policies: policies.filter(({ themes: [first] }) => first === id),
    }))
    .filter((theme) => theme.policies.length > 0);
}

export function enforcementText({ enforcement, inManifests }: Policy): string {
  const { production, staging } = enforcement;
  const level =
    production === staging ? production : `${production} in production, ${staging} in staging`;
  if (inManifests === undefined) return level;
  const { advisory, except } = inManifests;
  const but = except === undefined ? "" : `, except ${except}`;
  return `${level}; advisory in plain manifests, because ${advisory}${but}`;
}

export interface PolicyOption {
  readonly name: string;
  /** `true or false`, `a list of texts`. */
  readonly type: string;
  readonly description: string;
  readonly default: unknown;
}

export const optionsOf = (policy: Policy): readonly PolicyOption[] =>
  Object.entries(schemasOf(policy)).map(([name, schema]) => ({
    name,
    type: nounOf(schema),
    description: (schema.description ?? "").replace(/\.$/, ""),
    default: schema.default,
  }));

/** A configuration of the policy, as YAML for `--config` and `--policy-pack-config`. */
export function exampleOf(policy: Policy): string {
  const values = Object.entries(schemasOf(policy)).flatMap(([name, schema]) => {
    const value = exampleValue(schema);
    return value === undefined ? [] : [`  ${name}: ${inOneLine(value)}`];
  });
  const { production } = policy.enforcement;
  return values.length === 0
    ? `${policy.name}: ${production === "mandatory" ? "advisory" : "mandatory"}`
    : [`${policy.name}:`, `  enforcementLevel: ${production}`, ...values].join("\n");
}

/** The number of list entries in an example. */
const SHOWN = 3;

/** A value other than the default, if one is known; undefined if nothing can be shown. */
function exampleValue({ default: byDefault, description = "", ...schema }: Schema): unknown {
  if (typeof byDefault === "boolean") return !byDefault;
  if (schema.enum !== undefined) return schema.enum.find((one) => one !== byDefault);
  // A description may contain an example list.
  const shown = /\["[^\]]*"\]/.exec(description)?.[0];
  if (shown !== undefined) return JSON.parse(shown) as unknown;
  if (Array.isArray(byDefault))
    return byDefault.length === 0 ? undefined : byDefault.slice(0, SHOWN);
  return byDefault === 0 || byDefault === "" ? undefined : byDefault;
}

/** JSON with spaces in lists, so that lines can break there; `none` if there is no value. */
export function inOneLine(value: unknown): string {
  if (value === undefined) return "none";
  return Array.isArray(value) ? `[${value.map(inOneLine).join(", ")}]` : JSON.stringify(value);
}
