/**
 * The stack's configuration, read once, checked whole, and normalised. Every mistake is said before
 * any resource is registered, in one sentence with the key, the value, what is allowed and the next step.
 */
import type * as pulumi from "@pulumi/pulumi";
import { REMOVED_KEYS } from "./lib/removed-keys";
import { rulesOf } from "./settings/check";
import { OFFERS } from "./settings/clouds";
import type { Network } from "./settings/clouds/offer";
import { place, type Choices } from "./settings/place";
import { regionOf } from "./settings/region";
import { schema, type REPLACEABLE, type Values } from "./settings/schema";
import { keyOf, settingsError, valueAt } from "./settings/sentence";
import { SYSTEMS } from "./systems";
import type { CloudName, EnvironmentName, Range, System } from "./systems/model";

/** What a cloud may replace instead of changing it. */
export type Replaceable = (typeof REPLACEABLE)[number];

export interface Settings {
  /** As this stack runs it: see `place`. */
  readonly system: System;
  readonly environment: EnvironmentName;
  /** Everything but staging: durable, replicated, protected. */
  readonly production: boolean;
  readonly cloud: CloudName;
  readonly region: string;
  /** Three, by their full names; empty where the cloud has none to choose. */
  readonly zones: readonly string[];
  /** Of Google Cloud; empty elsewhere. */
  readonly project: string;
  /** The kubeconfig's context of an existing cluster; empty elsewhere. */
  readonly kubeContext: string;
  /** Of an existing cluster; empty elsewhere. */
  readonly storageClass: string;
  readonly loadBalancerAnnotations: Readonly<Record<string, string>>;
  /** Whether an existing cluster answers metrics of pods already, or is given what does. */
  readonly metricsServer: "adopt" | "create";
  /** Whether the repositories of the stack's images in Google Cloud are made, or there already. */
  readonly imageRepository: "create" | "adopt";
  /** IAM users and roles that administer the cluster on Amazon. */
  readonly administrators: readonly string[];
  readonly backupRegion: string;
  readonly domain: string;
  readonly dns: {
    readonly mode: "create" | "adopt" | "manual";
    readonly zone: string;
    readonly zoneId: string | undefined;
  };
  readonly email: string;
  readonly images: Readonly<Record<string, string>>;
  readonly kubernetesVersion: string;
  readonly systemNodeSize: string;
  readonly nodeSize: string;
  readonly nodes: Range;
  readonly postgresSize: string;
  /** Versions, sizes in GiB and numbers of what holds data; absent means the runbook's, or a default. */
  readonly postgresVersion: string | undefined;
  /** Whether a change of its major version is meant, which Amazon asks for and applies at once. */
  readonly postgresUpgrade: boolean;
  readonly postgresStorage: number | undefined;
  readonly postgresReplicas: number | undefined;
  /** In days. */
  readonly pointInTimeRecovery: number | undefined;
  /** The primary that this environment's database follows, in the words of who runs it. */
  readonly replicaOf: string | undefined;
  readonly redisSize: string;
  readonly redisVersion: string | undefined;
  readonly kafkaSize: string;
  readonly kafkaVersion: string | undefined;
  readonly kafkaStorage: number | undefined;
  /** `host:port` of brokers that somebody else runs. */
  readonly kafkaBrokers: readonly string[];
  readonly kafkaAuthentication: "scram-sha-256" | "scram-sha-512" | "plain";
  /** The replicas of each service. */
  readonly scaling: Readonly<Record<string, Range>>;
  readonly network: Network;
  readonly controlPlaneAccess: readonly string[];
  readonly registryIntegration: boolean;
  /** Pods pull with a secret that the operator gives. */
  readonly registryCredentials: boolean;
  /** A pull secret that exists already, such as the one of DigitalOcean's registry. */
  readonly imagePullSecret: string | undefined;
  /** Where dumps go; unique among everybody's buckets. */
  readonly backupBucket: string;
  /** Other names for the runbook's buckets, where somebody has theirs already. */
  readonly buckets: Readonly<Record<string, string>>;
  /** Host of an S3 service, beside an existing cluster. */
  readonly backupEndpoint: string | undefined;
  /** Whether secrets are kept in the cloud's secret manager, or read from it, or neither. */
  readonly secretStore: "create" | "adopt" | "none";
  /** Models that a model server holds from the start. */
  readonly models: readonly string[];
  /** Who sends alerts by e-mail; the password is a secret. */
  readonly mail:
    { readonly smarthost: string; readonly from: string; readonly username: string } | undefined;
  readonly slackChannel: string;
  readonly rotations: Readonly<Record<string, string>>;
  readonly maintenance: boolean;
  readonly protect: boolean;
  /** The same for each of what a cloud may replace; one that the stack names may be replaced. */
  readonly protection: Readonly<Record<Replaceable, boolean>>;
  readonly chartMirror: string | undefined;
  readonly runbookUrl: string;
}

/** Raw values by key, as the stack file gives them: text, or parsed JSON where the key is structured. */
export type RawSettings = Readonly<Record<string, unknown>>;

/**
 * What a key is when the stack does not set it. `Pulumi.yaml` documents the same values; a test
 * compares the two.
 */
export const DEFAULTS = {
  dns: "adopt",
  postgresUpgrade: false,
  kafkaBrokers: [],
  kafkaAuthentication: "scram-sha-512",
  scaling: {},
  controlPlaneAccess: [],
  administrators: [],
  loadBalancerAnnotations: {},
  metricsServer: "adopt",
  models: [],
  buckets: {},
  replace: [],
  registryIntegration: false,
  registryCredentials: false,
  rotations: {},
  maintenance: false,
  protect: "auto",
} as const;

/** Pure: raw values in, settings out; throws one error that lists every mistake. */
export function parseSettings(raw: RawSettings): Settings {
  const runbook = SYSTEMS[raw["system"] as keyof typeof SYSTEMS] as System | undefined;
  const cloud = (raw["cloud"] ?? runbook?.home.cloud) as string | undefined;
  const offer = OFFERS[cloud as keyof typeof OFFERS] as (typeof OFFERS)[CloudName] | undefined;
  const given = {
    ...DEFAULTS,
    kubernetesVersion: (offer ?? OFFERS.existing).kubernetesVersion,
    ...(offer ?? OFFERS.existing).sizes,
    slackChannel: slackDefault(runbook),
    ...raw,
  };
  const { data, error } = schema.safeParse(given);
  const issues = error?.issues ?? [];
  const wrong = new Set(issues.map(({ path }) => path[0]));
  const system = runbook === undefined ? undefined : place(runbook, choices(given, wrong));
  const problems = [
    ...Object.entries(REMOVED_KEYS)
      .filter(([key]) => raw[key] !== undefined)
      .map(([key, why]) => ({ key, value: raw[key], allowed: `not set: ${why}` })),
    ...issues.map(({ path, message }) => ({
      key: keyOf(path),
      value: valueAt(raw, path),
      allowed: message,
    })),
    // A rule whose keys are well formed is asked even where another key is not.
    ...(system === undefined
      ? []
      : rulesOf(cloud)
          .filter(({ keys }) => !keys.some((key) => wrong.has(key)))
          .flatMap(({ check }) => check((data ?? given) as Values, system))),
  ];
  if (data === undefined || system === undefined || problems.length > 0) {
    throw settingsError(problems);
  }
  return normalise(data, system);
}

/** Choices that are well formed; a malformed one is complained of elsewhere. */
function choices(given: RawSettings, wrong: ReadonlySet<PropertyKey | undefined>): Choices {
  return Object.fromEntries(
    ["postgres", "redis", "kafka"].map((kind) => [kind, wrong.has(kind) ? undefined : given[kind]]),
  );
}

function normalise(values: Values, system: System): Settings {
  const production = values.environment !== "staging";
  const cloud = values.cloud ?? system.home.cloud;
  const offer = OFFERS[cloud];
  const region = regionOf(values, system) ?? "";
  const protect = values.protect === "auto" ? production : values.protect === "true";
  const may = (kind: Replaceable) => protect && !values.replace.includes(kind);
  return {
    ...inputs(values),
    system,
    production,
    cloud,
    region,
    zones: values.zones ?? offer.zones(region),
    project: cloud === "gcp" ? projectOf(values, system) : "",
    kubeContext: values.kubeContext ?? "",
    storageClass: values.storageClass ?? "",
    backupRegion: values.backupRegion ?? backupRegionOf(values, system, region),
    dns: { mode: values.dns, zone: values.dnsZone ?? values.domain, zoneId: values.dnsZoneId },
    // A pool of two nodes carries staging; production keeps to the runbook's range.
    nodes: values.nodes ?? (production ? firstPool(system) : { min: 2, max: 4 }),
    scaling: Object.fromEntries(
      system.services.map(({ name, scaling }) => [
        name,
        values.scaling[name] ?? (production ? scaling.replicas : { min: 1, max: 2 }),
      ]),
    ),
    network: networkOf(values, cloud),
    secretStore: values.secretStore ?? (cloud === "aws" || cloud === "gcp" ? "create" : "none"),
    // Environments of one project share their images: production makes the repositories.
    imageRepository: values.imageRepository ?? (values.environment === "prod" ? "create" : "adopt"),
    protect,
    protection: {
      cluster: may("cluster"),
      nodes: may("nodes"),
      postgres: may("postgres"),
      redis: may("redis"),
      kafka: may("kafka"),
    },
    chartMirror: values.chartMirror,
    postgresVersion: values.postgresVersion,
    postgresStorage: values.postgresStorage,
    postgresReplicas: values.postgresReplicas,
    pointInTimeRecovery: values.pointInTimeRecovery,
    replicaOf: values.replicaOf,
    redisVersion: values.redisVersion,
    kafkaVersion: values.kafkaVersion,
    kafkaStorage: values.kafkaStorage,
    imagePullSecret: values.imagePullSecret,
    backupEndpoint: values.backupEndpoint,
    mail: values.mail,
    backupBucket: values.backupBucket ?? bucketName(values, system),
  };
}

/** Far away; a recovery environment keeps its own at home, because far away is what was lost. */
function backupRegionOf(values: Values, system: System, region: string): string {
  const far = OFFERS[values.cloud ?? system.home.cloud].backupRegion(region) ?? region;
  return values.environment === "dr" && far === system.home.region ? region : far;
}

/**
 * The runbook's own name for the bucket belongs to production. A name is unique among everybody's: on
 * Google Cloud it begins with the project, whose name is so too.
 */
function bucketName(values: Values, system: System): string {
  const { environment } = values;
  const own = (system.buckets ?? []).map(({ name }) => name);
  const named = system.backups.find(({ destination = "" }) => own.includes(destination));
  if (environment === "prod" && named?.destination !== undefined) return named.destination;
  const project = (values.cloud ?? system.home.cloud) === "gcp" ? projectOf(values, system) : "";
  return `${project === "" ? "" : `${project}-`}${system.id}-${environment}-backups`;
}

const projectOf = ({ project }: Values, { home }: System): string => project ?? home.project ?? "";

/** What goes over as it is; who runs what is in the system, and what may be replaced in `protection`. */
function inputs(values: Values): Omit<Values, "postgres" | "redis" | "kafka" | "replace"> {
  const rest: Record<string, unknown> = { ...values };
  for (const key of ["postgres", "redis", "kafka", "replace"]) Reflect.deleteProperty(rest, key);
  return rest as Omit<Values, "postgres" | "redis" | "kafka" | "replace">;
}

/** What the stack gives over the defaults; a range that shares the nodes' follows it. */
function networkOf({ network: given, environment }: Values, cloud: CloudName): Network {
  const defaults = OFFERS[cloud].networks[environment];
  const vpc = given?.vpc ?? defaults.vpc;
  const beside = (part: "pods" | "managed") =>
    given?.[part] ?? (defaults[part] === defaults.vpc ? vpc : defaults[part]);
  return {
    vpc,
    pods: beside("pods"),
    services: given?.services ?? defaults.services,
    managed: beside("managed"),
  };
}

function firstPool(system: System): Range {
  return system.cluster.pools[0]?.nodes ?? { min: 3, max: 6 };
}

function slackDefault(system: System | undefined): string {
  const named = system?.incidents.channels.find(({ kind }) => kind === "slack")?.to;
  return named ?? `#${system?.id ?? "runstack"}-ops`;
}

/** Reads the keys that `Pulumi.yaml` declares; secrets are read by `givenSecrets`, never here. */
export function readSettings(config: pulumi.Config): Settings {
  const raw: Record<string, unknown> = {};
  for (const key of [...Object.keys(schema.shape), ...Object.keys(REMOVED_KEYS)]) {
    const text = config.get(key);
    const value =
      text !== undefined && text !== "" && STRUCTURED.has(key) ? parseJson(key, text) : text;
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
  "zones",
  "administrators",
  "loadBalancerAnnotations",
  "mail",
  "buckets",
  "models",
  "replace",
  "kafkaBrokers",
  "postgresUpgrade",
  "postgresStorage",
  "postgresReplicas",
  "pointInTimeRecovery",
  "kafkaStorage",
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
