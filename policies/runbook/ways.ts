/**
 * Restore paths of databases: how old the newest restorable state may be, and how long states are
 * kept.
 */
import { namespaceOf, inCluster } from "../kubernetes/objects";
import type { CheckContext, Stack, StackResource } from "../policy";
import { nameOf, typeKey } from "../policy";
import type { Value } from "../values";
import { jobsOf, type Dump } from "./dumps";
import { areOpen } from "./unknowns";
import { secondsOf } from "../../lib/durations";

/** One restore path. */
export interface Way {
  /** For messages: `the dump made by CronJob "shop/dump"`. */
  readonly by: string;
  /** The maximum age of the newest state, in seconds. */
  readonly every: number;
  /** The minimum time for which a state is kept, in seconds; Infinity if it never expires. */
  readonly kept: number;
  /** The value that sets `kept`; absent if it is fixed. */
  readonly at?: Value;
  /** The resource with that value, if it is not the database. */
  readonly of?: StackResource;
}

export interface Ways {
  readonly found: readonly Way[];
  /** How to enable point-in-time recovery for the resource. */
  readonly advice: string;
  /** Whether a deciding value is unknown. */
  readonly open: boolean;
}

const MINUTES = 60;
const DAY = 86_400;
/** RDS, Cloud SQL and DigitalOcean archive their logs every five minutes. */
const SHIPPED = 5 * MINUTES;
/** DigitalOcean always keeps seven days (docs.digitalocean.com, database backups). */
const DIGITALOCEAN_KEEPS = 7 * DAY;

interface Store {
  /** Whether a resource of the type is a primary Postgres database: no other engine, no replica. */
  readonly isOne: (resource: StackResource) => boolean;
  readonly ways: (resource: StackResource, around: Around) => Ways;
}

interface Around {
  readonly stack: Stack;
  readonly context: CheckContext;
}

const isPostgres = (engine: Value): boolean =>
  engine.isUnknown || /postgres|^pg$/i.test(engine.string ?? "");

const STORES: Readonly<Record<string, Store>> = {
  "aws:rds/instance:Instance": {
    isOne: ({ props }) =>
      isPostgres(props.get("engine")) && props.get("replicateSourceDb").isMissing,
    // By default there are no automated backups.
    ways: (resource, around) => rds(resource, 0, around),
  },
  "aws:rds/cluster:Cluster": {
    isOne: ({ props }) =>
      isPostgres(props.get("engine")) && props.get("replicationSourceIdentifier").isMissing,
    // Aurora's default is one day.
    ways: (resource, around) => rds(resource, 1, around),
  },
  "gcp:sql/databaseInstance:DatabaseInstance": {
    isOne: ({ props }) =>
      isPostgres(props.get("databaseVersion")) && props.get("masterInstanceName").isMissing,
    ways: cloudSql,
  },
  "digitalocean:index/databaseCluster:DatabaseCluster": {
    isOne: ({ props }) => isPostgres(props.get("engine")),
    ways: () => ({
      found: [
        { by: "DigitalOcean point-in-time recovery", every: SHIPPED, kept: DIGITALOCEAN_KEEPS },
      ],
      advice: "",
      open: false,
    }),
  },
  "kubernetes:postgresql.cnpg.io:Cluster": {
    isOne: ({ props }) => props.get("spec", "replica", "enabled").boolean !== true,
    ways: cloudNativePg,
  },
};

/** Type keys of everything that may be a Postgres database. */
export const POSTGRES_KINDS: readonly string[] = Object.keys(STORES);

/** Every Postgres database of the stack, without replicas. */
export function databasesOf(stack: Stack): readonly StackResource[] {
  return stack
    .of(...POSTGRES_KINDS)
    .filter((one) => STORES[typeKey(one.type)]?.isOne(one) === true);
}

/** Whether the stack has a Postgres, primary or replica; a type may also hold other engines. */
export const hasDatabase = (stack: Stack): boolean =>
  stack
    .of(...POSTGRES_KINDS)
    .map(({ props }) => props.get("engine"))
    .some((engine) => engine.isMissing || isPostgres(engine));

/** The built-in restore paths of a database. */
export function ownWays(resource: StackResource, around: Around): Ways {
  const store = STORES[typeKey(resource.type)];
  return store?.ways(resource, around) ?? { found: [], advice: "", open: false };
}

function rds(resource: StackResource, byDefault: number, { context }: Around): Ways {
  const at = resource.props.get("backupRetentionPeriod");
  const days = at.isMissing ? byDefault : (at.number ?? 0);
  const by = "RDS point-in-time recovery";
  return {
    found: days > 0 ? [{ by, every: SHIPPED, kept: days * DAY, at }] : [],
    advice: "set backupRetentionPeriod",
    open: context.noteUnknown(at, resource.urn),
  };
}

/** Cloud SQL's defaults are seven backups and seven days of logs. */
const CLOUD_SQL_KEEPS = 7;

function cloudSql(resource: StackResource, { context }: Around): Ways {
  const backups = resource.props.get("settings", "backupConfiguration");
  const [enabled, log] = [backups.get("enabled"), backups.get("pointInTimeRecoveryEnabled")];
  const open = [enabled, log]
    .map((value) => context.noteUnknown(value, resource.urn))
    .includes(true);
  const days = backups.get("transactionLogRetentionDays");
  const copies = backups.get("backupRetentionSettings", "retainedBackups");
  const kept = (value: Value): number => (value.number ?? CLOUD_SQL_KEEPS) * DAY;
  const daily = { by: "the daily Cloud SQL backup", every: DAY, kept: kept(copies), at: copies };
  const logged = {
    by: "Cloud SQL point-in-time recovery",
    every: SHIPPED,
    kept: kept(days),
    at: days,
  };
  return {
    found: enabled.boolean === true ? [daily, ...(log.boolean === true ? [logged] : [])] : [],
    advice: "set settings.backupConfiguration.enabled and pointInTimeRecoveryEnabled to true",
    open,
  };
}

/** The operator's default for `archive_timeout` (cloudnative-pg, docs/src/postgresql_conf.md). */
const ARCHIVED = "5min";

const ADVICE = "archive the WAL to an object store and add a ScheduledBackup";

function cloudNativePg(resource: StackResource, around: Around): Ways {
  const spec = resource.props.get("spec");
  const plugin = spec
    .get("plugins")
    .list()
    .find(
      (one) => one.get("isWALArchiver").boolean === true && one.get("enabled").boolean !== false,
    );
  const archives = plugin !== undefined || !spec.get("backup", "barmanObjectStore").isMissing;
  const key = placed(resource, resource.props.get("metadata", "name").string);
  const bases = around.stack.of("kubernetes:postgresql.cnpg.io:ScheduledBackup");
  const hasBase = bases.some(
    (one) => placed(one, one.props.get("spec", "cluster", "name").string) === key,
  );
  if (archives && hasBase) {
    const found = [archiveWay(resource, plugin, around)];
    return { found, advice: ADVICE, open: false };
  }
  return { found: [], advice: ADVICE, open: mayBeArchived(resource, bases, around) };
}

/** Whether an unknown may be the archive, or its base backup. */
function mayBeArchived(
  resource: StackResource,
  bases: readonly StackResource[],
  { context }: Around,
): boolean {
  const own = [
    ["metadata", "namespace"],
    ["metadata", "name"],
    ["spec", "plugins"],
  ];
  const theirs = [
    ["metadata", "namespace"],
    ["spec", "cluster", "name"],
  ];
  return [areOpen([resource], own, context), areOpen(bases, theirs, context)].includes(true);
}

function archiveWay(resource: StackResource, plugin: Value | undefined, { stack }: Around): Way {
  const spec = resource.props.get("spec");
  const store = plugin?.get("parameters", "barmanObjectName").string;
  const of = store === undefined ? undefined : storeOf(stack, resource, store);
  const at =
    store === undefined
      ? spec.get("backup", "retentionPolicy")
      : of?.props.get("spec", "retentionPolicy");
  const timeout = spec.get("postgresql", "parameters", "archive_timeout").string ?? ARCHIVED;
  return {
    by: "the CloudNativePG WAL archive",
    every: serverTime(timeout),
    kept: at?.string === undefined ? Infinity : (secondsOf(at.string) ?? Infinity),
    ...(at === undefined ? {} : { at }),
    ...(of === undefined ? {} : { of }),
  };
}

const placed = (resource: StackResource, name: string | undefined): string =>
  inCluster(resource, namespaceOf(resource) ?? "", name ?? "");

function storeOf(stack: Stack, of: StackResource, store: string): StackResource | undefined {
  return stack
    .of("kubernetes:barmancloud.cnpg.io:ObjectStore")
    .find((one) => placed(one, one.props.get("metadata", "name").string) === placed(of, store));
}

/** PostgreSQL's notation: a plain number is in seconds; 0 turns the timeout off. */
export function serverTime(text: string): number {
  const match = /^(\d+)\s*(s|min|h|d|)$/.exec(text.trim());
  const unit = { s: 1, min: MINUTES, h: 3600, d: DAY, "": 1 }[match?.[2] ?? ""] ?? 1;
  const seconds = Number(match?.[1] ?? 0) * unit;
  return seconds === 0 ? Infinity : seconds;
}

/** Restore paths from CronJobs that dump the database; suspended ones never run. */
export function dumpWays(stack: Stack, context: CheckContext): readonly Way[] {
  return jobsOf(stack, context)
    .filter(({ dumps }) => dumps)
    .flatMap(({ resource, schedule, gap }: Dump) =>
      gap === undefined
        ? []
        : [
            {
              by: `the dump made by ${nameOf(resource)}`,
              every: gap,
              kept: Infinity,
              at: schedule,
            },
          ],
    );
}
