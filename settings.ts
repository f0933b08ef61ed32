/**
 * The stack's configuration, read once, checked whole, and normalised. Every mistake is said before
 * any resource is registered, in one sentence with the key, the value, what is allowed and the next step.
 */
import * as pulumi from "@pulumi/pulumi";
import { DIGITALOCEAN_REGIONS } from "./settings/digitalocean-regions";
import { RULES } from "./settings/check";
import type { SettingsProblem } from "./settings/problem";
import { schema, type Values } from "./settings/schema";
import { nearest } from "./text/words";
import { SYSTEMS } from "./systems";
import type { CloudName, EnvironmentName, Range, System } from "./systems/model";
import { KUBERNETES } from "./versions";

export interface Settings {
  readonly system: System;
  readonly environment: EnvironmentName;
  /** Everything but staging: durable, replicated, protected. */
  readonly production: boolean;
  readonly cloud: CloudName;
  readonly region: string;
  readonly backupRegion: string;
  readonly domain: string;
  readonly dns: { readonly mode: "create" | "adopt" | "manual"; readonly zone: string };
  readonly email: string;
  readonly images: Readonly<Record<string, string>>;
  readonly kubernetesVersion: string;
  readonly systemNodeSize: string;
  readonly nodeSize: string;
  readonly nodes: Range;
  readonly redisSize: string;
  readonly kafkaSize: string;
  /** Absent where the system has no managed Kafka. */
  readonly kafkaVersion: string | undefined;
  /** The replicas of each service. */
  readonly scaling: Readonly<Record<string, Range>>;
  readonly network: { readonly vpc: string; readonly pods: string; readonly services: string };
  readonly controlPlaneAccess: readonly string[];
  readonly registryIntegration: boolean;
  /** Pods pull with a secret that the operator gives. */
  readonly registryCredentials: boolean;
  /** A pull secret that exists already, such as the one of DigitalOcean's registry. */
  readonly imagePullSecret: string | undefined;
  /** Where dumps go; unique among everybody's buckets. */
  readonly backupBucket: string;
  readonly slackChannel: string;
  readonly rotations: Readonly<Record<string, string>>;
  readonly maintenance: boolean;
  readonly protect: boolean;
  readonly chartMirror: string | undefined;
  readonly runbookUrl: string;
}

/** Raw values by key, as the stack file gives them: text, or parsed JSON where the key is structured. */
export type RawSettings = Readonly<Record<string, unknown>>;

const PREFIX = "runstack:";

/**
 * What a key is when the stack does not set it. `Pulumi.yaml` documents the same values; a test
 * compares the two.
 */
export const DEFAULTS = {
  dns: "adopt",
  kubernetesVersion: KUBERNETES.digitalocean,
  systemNodeSize: "s-4vcpu-8gb",
  nodeSize: "s-4vcpu-8gb",
  redisSize: "db-s-1vcpu-2gb",
  kafkaSize: "db-s-2vcpu-4gb",
  scaling: {},
  controlPlaneAccess: [],
  registryIntegration: false,
  registryCredentials: false,
  rotations: {},
  maintenance: false,
  protect: "auto",
} as const;

/** Networks that do not overlap, so that the environments of one account can be peered. */
const NETWORKS: Readonly<Record<EnvironmentName, Settings["network"]>> = {
  prod: { vpc: "10.100.0.0/20", pods: "10.104.0.0/16", services: "10.101.0.0/19" },
  staging: { vpc: "10.120.0.0/20", pods: "10.124.0.0/16", services: "10.121.0.0/19" },
  dr: { vpc: "10.140.0.0/20", pods: "10.144.0.0/16", services: "10.141.0.0/19" },
};

/** Pure: raw values in, settings out; throws one error that lists every mistake. */
export function parseSettings(raw: RawSettings): Settings {
  const system = SYSTEMS[raw["system"] as keyof typeof SYSTEMS] as System | undefined;
  const given = { ...DEFAULTS, slackChannel: slackDefault(system), ...raw };
  const { data, error } = schema.safeParse(given);
  const issues = error?.issues ?? [];
  const wrong = new Set(issues.map(({ path }) => path[0]));
  const problems = [
    ...issues.map(({ path, message }) => ({
      key: keyOf(path),
      value: valueAt(raw, path),
      allowed: message,
    })),
    // A rule whose keys are well formed is asked even where another key is not.
    ...(system === undefined
      ? []
      : RULES.filter(({ keys }) => !keys.some((key) => wrong.has(key))).flatMap(({ check }) =>
          check((data ?? given) as Values, system),
        )),
  ];
  if (data === undefined || system === undefined || problems.length > 0) {
    throw settingsError(problems);
  }
  return normalise(data, system);
}

/** As `pulumi config set --path` spells it: `images.backend`, `controlPlaneAccess[0]`. */
const keyOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`,
    )
    .join("");

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, part) =>
      typeof at === "object" && at !== null
        ? (at as Record<PropertyKey, unknown>)[part]
        : undefined,
    raw,
  );
}

function normalise(values: Values, system: System): Settings {
  const production = values.environment !== "staging";
  const region = values.region ?? system.home.region;
  return {
    ...values,
    system,
    production,
    cloud: values.cloud ?? system.home.cloud,
    region,
    backupRegion: values.backupRegion ?? DIGITALOCEAN_REGIONS[region]?.backup ?? region,
    dns: { mode: values.dns, zone: values.dnsZone ?? values.domain },
    // A pool of two nodes carries staging; production keeps to the runbook's range.
    nodes: values.nodes ?? (production ? firstPool(system) : { min: 2, max: 4 }),
    scaling: Object.fromEntries(
      system.services.map(({ name, scaling }) => [
        name,
        values.scaling[name] ?? (production ? scaling.replicas : { min: 1, max: 2 }),
      ]),
    ),
    network: values.network ?? NETWORKS[values.environment],
    protect: values.protect === "auto" ? production : values.protect === "true",
    chartMirror: values.chartMirror,
    kafkaVersion: values.kafkaVersion,
    imagePullSecret: values.imagePullSecret,
    backupBucket: values.backupBucket ?? `${system.id}-${values.environment}-backups`,
  };
}

function firstPool(system: System): Range {
  return system.cluster.pools[0]?.nodes ?? { min: 3, max: 6 };
}

function slackDefault(system: System | undefined): string {
  const named = system?.incidents.channels.find(({ kind }) => kind === "slack")?.to;
  return named ?? `#${system?.id ?? "runstack"}-ops`;
}

function settingsError(problems: readonly SettingsProblem[]): pulumi.RunError {
  return new pulumi.RunError(problems.map(sentence).join("\n"));
}

/** Not for secrets: the value is shown. */
function sentence({ key, value, allowed }: SettingsProblem): string {
  const is = value === undefined ? "is not set" : `is ${JSON.stringify(value)}`;
  const hint = typeof value === "string" ? didYouMean(value, allowed) : "";
  const path = /[.[]/.test(key) ? `--path '${PREFIX}${key}'` : `${PREFIX}${key}`;
  return `${PREFIX}${key} ${is}, but must be ${allowed}${hint}. Set it with: pulumi config set ${path} VALUE`;
}

function didYouMean(value: string, allowed: string): string {
  const quoted = [...allowed.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "");
  const hint = allowed.includes("did you mean") ? undefined : nearest(value, quoted);
  return hint === undefined ? "" : ` (did you mean ${JSON.stringify(hint)}?)`;
}

/** Reads the keys that `Pulumi.yaml` declares; secrets are read by `givenSecrets`, never here. */
export function readSettings(config: pulumi.Config): Settings {
  const raw: Record<string, unknown> = {};
  for (const key of Object.keys(schema.shape)) {
    const text = config.get(key);
    const value = text !== undefined && STRUCTURED.has(key) ? parseJson(key, text) : text;
    if (!isEmpty(value)) raw[key] = value;
  }
  return parseSettings(raw);
}

/** `Pulumi.yaml` gives every optional key a default, and the empty one means that it is not set. */
function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === "" ||
    (typeof value === "object" && value !== null && Object.keys(value).length === 0)
  );
}

/** Keys whose value is not text. */
const STRUCTURED: ReadonlySet<string> = new Set([
  "images",
  "nodes",
  "scaling",
  "network",
  "controlPlaneAccess",
  "registryIntegration",
  "registryCredentials",
  "rotations",
  "maintenance",
]);

function parseJson(key: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw settingsError([
      { key, value: text, allowed: "a structured value: use `pulumi config set --path`" },
    ]);
  }
}
