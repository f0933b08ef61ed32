/** Data services with defaults for everything, including their secrets, backups and recovery. */
import { clause } from "../clause";
import type {
  Backup,
  Cache,
  CloudName,
  ConnectionPart,
  Database,
  EnvironmentVariable,
  EventBus,
  RecoveryObjective,
  Secret,
} from "../model";
import { days, hours, minutes } from "../units";
import { secretKey } from "../variables";

/** Who runs a data service: the cloud, an operator in the cluster, or another provider. */
export type Runs = "managed" | "operator" | "external";

export interface DataServices {
  /** @default none */
  readonly postgres?: Runs | undefined;
  /** @default none */
  readonly redis?: Runs | undefined;
  /** @default none */
  readonly kafka?: Runs | undefined;
}

/**
 * - `postgres`: a standby in production, point-in-time recovery for a week, nightly dumps kept for a month,
 *   treated as personal data. RTO 4 hours, RPO 15 minutes. An external one only has dumps, so its RPO is a
 *   day.
 * - `redis`: a cache without backups; if the cloud runs it, a replica takes over.
 * - `kafka`: three brokers and the topic `events`, published by every service and consumed by the first,
 *   kept for a week with three replicas.
 * - the whole system: RTO 4 hours.
 */
export function dataServices(
  system: string,
  cloud: CloudName,
  services: readonly { readonly name: string }[],
  { postgres, redis, kafka }: DataServices,
) {
  const secret = `${system}-connections`;
  const keys = [
    ...(postgres === undefined ? [] : [urlOf(postgres)]),
    ...(redis === undefined ? [] : [derived("REDIS_URL", "redis", "url")]),
    ...(kafka === undefined
      ? []
      : [
          derived("KAFKA_BROKERS", "kafka", "brokers"),
          derived("KAFKA_USERNAME", "kafka", "username"),
          derived("KAFKA_PASSWORD", "kafka", "password"),
        ]),
  ];
  const databases = postgres === undefined ? [] : [database(secret, postgres)];
  const caches = redis === undefined ? [] : [cache(cloud, redis)];
  const eventBuses = kafka === undefined ? [] : [bus(kafka, services)];
  return {
    databases,
    caches,
    eventBuses,
    names: [...databases, ...caches, ...eventBuses].map(({ name }) => name),
    environment: keys.map(({ key }): EnvironmentVariable =>
      secretKey(key, secret, key, clause("Data services")),
    ),
    secrets: keys.length === 0 ? [] : ([{ ...DATA, name: secret, keys }] satisfies Secret[]),
    backups: postgres === undefined ? [] : backups(postgres),
    recovery: recovery(postgres),
  };
}

const DATA = clause("Data services");
const RECOVERY = clause("Recovery");

type Key = Secret["keys"][number];

const derived = (key: string, from: string, part: ConnectionPart): Key => ({
  ...DATA,
  key,
  source: { kind: "derived", from, part },
});

const urlOf = (runs: Runs): Key =>
  runs === "external"
    ? {
        ...DATA,
        key: "DATABASE_URL",
        source: { kind: "given", what: "Connection URL of the database, with sslmode=require" },
      }
    : derived("DATABASE_URL", "postgres", "url");

const database = (secret: string, runs: Runs): Database => ({
  ...DATA,
  name: "postgres",
  engine: "postgres",
  runs,
  highlyAvailable: true,
  personalData: true,
  url: { secret, key: "DATABASE_URL" },
  ...(runs === "external" ? {} : { pointInTimeRecovery: days(7) }),
});

/** DigitalOcean's managed service is Valkey, not Redis. In the cluster Redis is always a single pod. */
const cache = (cloud: CloudName, runs: Runs): Cache => ({
  ...DATA,
  name: "redis",
  engine: cloud === "digitalocean" && runs === "managed" ? "valkey" : "redis",
  runs,
  topology: runs === "managed" ? "replicated" : "single",
  use: ["cache"],
});

const bus = (runs: Runs, services: readonly { readonly name: string }[]): EventBus => ({
  ...DATA,
  name: "kafka",
  engine: "kafka",
  runs,
  brokers: 3,
  authentication: "scram-sha-512",
  through: "client",
  topics: [
    {
      ...DATA,
      name: "events",
      partitions: 6,
      retention: days(7),
      replication: 3,
      minInSync: 2,
      publishers: services.map(({ name }) => name),
      consumers: services.slice(0, 1).map(({ name }) => ({ service: name, group: name })),
    },
  ],
});

const backups = (runs: Runs): readonly Backup[] => [
  {
    ...RECOVERY,
    name: "postgres-dump",
    of: "postgres",
    method: "dump",
    every: hours(24),
    schedule: "0 1 * * *",
    retention: days(30),
  },
  ...(runs === "external"
    ? []
    : [
        {
          ...RECOVERY,
          name: "postgres-log",
          of: "postgres",
          method: "wal",
          every: minutes(5),
          retention: days(7),
        } as const,
      ]),
];

const recovery = (postgres: Runs | undefined): readonly RecoveryObjective[] => [
  {
    ...RECOVERY,
    of: "system",
    procedure: "docs/recovery.md#restore-when-the-bucket-is-all-that-is-left",
    rto: hours(4),
  },
  ...(postgres === undefined
    ? []
    : [
        {
          ...RECOVERY,
          of: "postgres",
          procedure:
            postgres === "external"
              ? "docs/recovery.md#restore-into-an-empty-database"
              : "docs/recovery.md#restore-to-a-point-in-time",
          rto: hours(4),
          rpo: postgres === "external" ? hours(24) : minutes(15),
        },
      ]),
];
