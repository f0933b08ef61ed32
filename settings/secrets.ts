/** The secrets that a stack needs, and which of them are set. Pure: no value is read. */
import { RunError } from "@pulumi/pulumi/errors";
import type { System } from "../systems/model";
import { parseSettings, type Settings } from "./parse";
import { rawSettings } from "./raw";
import { urlIsGiven } from "./system";

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

/** A required secret, and whether the stack file has a value for it. */
export interface SecretState extends GivenSecret {
  readonly set: boolean;
}

/**
 * The secrets of a stack; undefined if this program would refuse its configuration.
 *
 * @param values by full key, as in the stack file; secrets only need to be present
 */
export function secretsOf(
  values: Readonly<Record<string, string>>,
): readonly SecretState[] | undefined {
  const value = (name: string): string | undefined => values[`runstack:${name}`];
  const given = JSON.parse(value("secrets") ?? "{}") as Readonly<Record<string, unknown>>;
  try {
    return requiredSecrets(parseSettings(rawSettings(value))).map((secret) => ({
      ...secret,
      set: Object.hasOwn(given, secret.key) && given[secret.key] !== "",
    }));
  } catch (error) {
    if (RunError.isInstance(error)) return undefined;
    throw error;
  }
}
