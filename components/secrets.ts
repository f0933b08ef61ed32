import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings";
import { urlIsGiven } from "../settings/system";
import type { System } from "../systems/model";
import { nearest } from "../lib/words";

/**
 * Secrets from the configuration, all below one key, so that a stack file shows at a glance which
 * ones are set:
 * `pulumi config set --secret --path 'runstack:secrets.DATABASE_URL'`.
 */
export interface GivenSecret {
  readonly key: string;
  readonly what: string;
  /** Optional: used if it is set. @default false */
  readonly optional?: boolean;
}

/** What decides which secrets a stack needs. */
export type SecretNeeds = Pick<
  Settings,
  "system" | "cloud" | "dns" | "registryCredentials" | "secretStore" | "replicaOf"
>;

/** Every secret that this stack needs, in the order in which errors list them. */
export function requiredSecrets(settings: SecretNeeds): readonly GivenSecret[] {
  return [
    ...(settings.secretStore === "adopt" ? [] : systemSecrets(settings.system)),
    ...dataSecrets(settings),
    ...channelSecrets(settings.system),
    ...(settings.registryCredentials
      ? [
          {
            key: "REGISTRY_CREDENTIALS",
            what: "Contents of a .dockerconfigjson that can pull the images",
          },
        ]
      : []),
    ...(settings.cloud === "digitalocean" && settings.dns !== "manual"
      ? [{ key: "DNS_TOKEN", what: "DigitalOcean token that may only read and write domains" }]
      : []),
    ...(settings.cloud === "existing" ? beside(settings.system) : []),
  ];
}

const systemSecrets = (system: System): readonly GivenSecret[] =>
  system.secrets.flatMap((secret) =>
    secret.keys.flatMap(({ key, source }) =>
      source.kind === "given" ? [{ key, what: source.what }] : [],
    ),
  );

/** Of external data services, and of the primary that a replica follows. */
function dataSecrets({ system, replicaOf, secretStore }: SecretNeeds): readonly GivenSecret[] {
  const external = (elements: readonly { readonly runs: string }[]) =>
    elements.some(({ runs }) => runs === "external");
  const url = system.databases.find(
    (database) =>
      database.runs === "external" && (secretStore === "adopt" || !urlIsGiven(system, database)),
  );
  return [
    ...(url === undefined
      ? []
      : [{ key: "DATABASE_URL", what: `Connection URL of ${url.name}, with sslmode=require` }]),
    ...(external(system.caches)
      ? [{ key: "REDIS_URL", what: "Connection URL of Redis, rediss://user:password@host:port" }]
      : []),
    ...(external(system.eventBuses)
      ? [
          { key: "KAFKA_USERNAME", what: "Kafka user that publishes and consumes" },
          { key: "KAFKA_PASSWORD", what: "That user's password" },
          { key: "KAFKA_MONITOR_USERNAME", what: "Kafka user that may only read offsets" },
          { key: "KAFKA_MONITOR_PASSWORD", what: "That user's password" },
          {
            key: "KAFKA_CA",
            what: "Certificate authority of the brokers, PEM",
            optional: true,
          },
        ]
      : []),
    ...(replicaOf !== undefined && system.databases.some(({ runs }) => runs !== "external")
      ? [{ key: "PRIMARY_DATABASE_PASSWORD", what: "Password of the primary's owner" }]
      : []),
  ];
}

function channelSecrets({ incidents }: System): readonly GivenSecret[] {
  const kinds = new Set(incidents.channels.map(({ kind }) => kind));
  return [
    ...(kinds.has("pagerduty")
      ? [{ key: "PAGERDUTY_ROUTING_KEY", what: "Integration key for PagerDuty's Events API v2" }]
      : []),
    ...(kinds.has("slack")
      ? [{ key: "SLACK_WEBHOOK_URL", what: "URL of a Slack incoming webhook" }]
      : []),
    ...(kinds.has("email")
      ? [{ key: "SMTP_PASSWORD", what: "Password of the mail server that sends alerts" }]
      : []),
  ];
}

/** What an existing cluster needs because no cloud provides it. */
const beside = (system: System): readonly GivenSecret[] => [
  {
    key: "KUBECONFIG",
    what: "Contents of a kubeconfig with the stack's context, used instead of the engine's own",
    optional: true,
  },
  ...(system.backups.some(({ method }) => method === "dump" || method === "wal")
    ? [
        { key: "BACKUP_ACCESS_KEY", what: "S3 access key that may write to the backups' bucket" },
        { key: "BACKUP_SECRET_KEY", what: "S3 secret key of that access key" },
      ]
    : []),
];

/**
 * The secrets from the configuration, by key. In a preview or plan, a missing one is an unknown
 * secret; an `up` fails if one is missing.
 *
 * @throws RunError that names each missing key and how to set it, but no value.
 */
export function givenSecrets(
  config: pulumi.Config,
  required: readonly GivenSecret[],
  dryRun: boolean,
): Readonly<Record<string, pulumi.Output<string>>> {
  const given = readGiven(config);
  refuseUnknown(Object.keys(given), required);
  const absent = ({ key }: GivenSecret) => typeof given[key] !== "string" || given[key] === "";
  const missing = required.filter((secret) => secret.optional !== true && absent(secret));
  if (missing.length > 0 && !dryRun) {
    throw new pulumi.RunError(
      missing
        .map(
          ({ key, what }) =>
            `runstack:secrets.${key} is not set, but is required (${what}). ` +
            `Set it with: pulumi config set --secret --path 'runstack:secrets.${key}'`,
        )
        .join("\n"),
    );
  }
  return Object.fromEntries(
    required
      .filter((secret) => secret.optional !== true || !absent(secret))
      .map(({ key }) => [
        key,
        pulumi.secret(given[key] ?? pulumi.unknown) as pulumi.Output<string>,
      ]),
  );
}

/** A typo in a key would otherwise be reported only as a missing key, and only at the next `up`. */
function refuseUnknown(given: readonly string[], required: readonly GivenSecret[]): void {
  const known = required.map(({ key }) => key);
  const unknown = given.filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  throw new pulumi.RunError(
    unknown
      .map((key) => {
        const near = nearest(key, known);
        const hint = near === undefined ? "" : ` (did you mean ${near}?)`;
        return (
          `runstack:secrets.${key} is not a secret of this stack, which are ${known.join(", ")}${hint}. ` +
          `Remove it with: pulumi config rm --path 'runstack:secrets.${key}'`
        );
      })
      .join("\n"),
  );
}

/**
 * Read without `getObject`, which warns about a secret that is read as text; here it stays secret.
 */
function readGiven(config: pulumi.Config): Readonly<Record<string, unknown>> {
  const text = pulumi.runtime.getConfig(`${config.name}:secrets`);
  if (text === undefined) return {};
  const parsed = parse(text);
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) {
    checkEncrypted(`${config.name}:secrets`, Object.keys(parsed));
    return parsed as Record<string, unknown>;
  }
  throw new pulumi.RunError(
    "runstack:secrets is not a map from key to secret. Set each secret by itself: " +
      "pulumi config set --secret --path 'runstack:secrets.KEY'",
  );
}

/** `JSON.parse` quotes the invalid text, which would be a secret. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A secret that was set without `--secret` is readable by everyone in the stack file. */
function checkEncrypted(key: string, names: readonly string[]): void {
  // Exported but missing from the SDK's types. If it disappears, the check is skipped.
  const runtime = pulumi.runtime as { readonly isConfigSecret?: (key: string) => boolean };
  if (names.length === 0 || (runtime.isConfigSecret?.(key) ?? true)) return;
  throw new pulumi.RunError(
    `${key} is plain text, but must be encrypted. Change the values of ${names.join(", ")}, which ` +
      `have been readable, and set each with: pulumi config set --secret --path '${key}.KEY'`,
  );
}
