import type * as pulumi from "@pulumi/pulumi";
import { archiveName, archivePlace, archiveSource, incarnationOf } from "../../settings/names";
import { archivedWithin, keptFor } from "../../settings/recovery-window";
import { urlIsGiven } from "../../settings/system";
import type { Database, System } from "../../systems/model";
import { clientsOf } from "./clients";
import { broughtBy, givenSecret, inCluster, type DataContext } from "./context";
import { CloudNativePg } from "../postgres/cloud-native-pg";
import type { CloudNativePgArguments } from "../postgres/cloud-native-pg-arguments";
import type { Postgres } from "../postgres/contract";
import { ExternalPostgres } from "../postgres/external";
import { DATABASE_RESOURCES, postgresRequirements } from "../postgres/requirements";

type Options = pulumi.ComponentResourceOptions;

/** Chooses the implementation of a database. No other file knows all of them. */
export function createPostgres(
  name: string,
  database: Database,
  context: DataContext,
  options: Options,
): Postgres {
  switch (database.runs) {
    case "external":
      return external(name, database, context, options);
    case "operator":
      return operated(name, database, context, options);
    case "managed":
      return context.cloud.postgres(name, database, context, options);
  }
}

/** Its URL is set under the system's own key, or under the default key. */
function external(
  name: string,
  database: Database,
  context: DataContext,
  options: Options,
): Postgres {
  const { system } = context.settings;
  const own = urlIsGiven(system, database) && context.given[database.url.key] !== undefined;
  return new ExternalPostgres(
    name,
    {
      url: givenSecret(
        context,
        `Database ${database.name}`,
        own ? database.url.key : "DATABASE_URL",
      ),
      pointInTimeRecovery: database.pointInTimeRecovery !== undefined,
    },
    options,
  );
}

/** Three survive a failure without losing committed data, as no cloud runs one of its own alone; staging has one. */
const INSTANCES = 3;

/** Path of the archives in the bucket. */
const ARCHIVES = "postgres";

function operated(
  name: string,
  database: Database,
  context: DataContext,
  options: Options,
): Postgres {
  const { settings, platform, store } = context;
  const operator = broughtBy(
    platform.dataOperators.cloudNativePg,
    `Database ${database.name}`,
    "CloudNativePG",
  );
  const incarnation = incarnationOf(settings, database.name);
  const least = settings.production ? INSTANCES : 1;
  const { requests, limits } = database.resources ?? DATABASE_RESOURCES;
  const args: CloudNativePgArguments = {
    ...inCluster(context),
    ...postgresRequirements(database, settings),
    pointInTimeRecovery: keptFor(database, settings),
    clusterName: database.name,
    instances: Math.max(least, 1 + postgresRequirements(database, settings).readReplicas),
    leastInstances: least,
    resources: { requests, limits },
    parameters: { ...archivedEvery(database, settings), ...database.parameters },
    store,
    path: ARCHIVES,
    archive: archiveName(settings, incarnation),
    incarnation,
    ...followed(database, context),
    ...restored(database, context),
    labels: { app: database.name },
    allowFrom: clientsOf(database.name, settings.system),
    metricsReady: context.metricsReady,
    operatorNamespace: operator.namespace,
  };
  const after = { ...options, dependsOn: [...platform.application.ready, ...operator.ready] };
  return new CloudNativePg(name, args, after);
}

/** In seconds: CloudNativePG's own `archive_timeout` (cloudnative-pg.io, "PostgreSQL Configuration"). */
const ARCHIVED_EVERY = 300;

/** Two fifths of the time until the archive has it remain for the upload. */
export function archivedEvery(
  database: Pick<Database, "name">,
  { system }: { readonly system: Pick<System, "recovery" | "services"> },
): Readonly<Record<string, string>> {
  const wanted = Math.floor(archivedWithin(database, system).seconds * 0.6);
  return wanted < ARCHIVED_EVERY ? { archive_timeout: `${String(wanted)}s` } : {};
}

/** The primary's archive, for a replica, and the password, which is replicated with its roles. */
function followed({ name }: Database, context: DataContext) {
  const { settings, primary } = context;
  const { replicaOf, system } = settings;
  if (primary === undefined || replicaOf === undefined) return {};
  const { archive = archiveName({ system, environment: "prod" }, 1) } = archivePlace(replicaOf);
  return {
    password: givenSecret(context, `Database ${name}`, "PRIMARY_DATABASE_PASSWORD"),
    replicaOf: { store: primary, path: ARCHIVES, archive },
  };
}

/** The archive of an earlier incarnation, in this environment's bucket or in another one. */
function restored({ name }: Database, { settings, store, primary }: DataContext) {
  const { [name]: source } = settings.restoreFrom;
  if (source === undefined) return {};
  const { incarnation = 1, from = archiveName(settings, incarnation), time } = source;
  const { bucket = settings.backupBucket, archive } = archiveSource(from);
  const holds = bucket === settings.backupBucket ? store : primary;
  if (holds === undefined) return {};
  return {
    restoreFrom: {
      store: holds,
      path: ARCHIVES,
      archive,
      ...(time === undefined ? {} : { targetTime: time.replace(/Z$/, "+00:00") }),
    },
  };
}
