import type * as pulumi from "@pulumi/pulumi";
import { urlIsGiven } from "../../settings/system";
import type { Database } from "../../systems/model";
import { gib, millicores } from "../../systems/units";
import { clientsOf } from "./clients";
import { broughtBy, givenSecret, inCluster, type DataContext } from "./context";
import { CloudNativePg } from "../postgres/cloud-native-pg";
import type { CloudNativePgArguments } from "../postgres/cloud-native-pg-arguments";
import type { Postgres } from "../postgres/contract";
import { ExternalPostgres } from "../postgres/external";
import { keptFor, postgresRequirements } from "../postgres/requirements";

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

const DEFAULT_RESOURCES = {
  requests: { cpu: millicores(500), memory: gib(1) },
  limits: { memory: gib(2) },
};

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
  const least = settings.production ? INSTANCES : 1;
  const { requests, limits } = database.resources ?? DEFAULT_RESOURCES;
  const args: CloudNativePgArguments = {
    ...inCluster(context),
    ...postgresRequirements(database, settings),
    pointInTimeRecovery: keptFor(database, settings),
    clusterName: database.name,
    instances: Math.max(least, 1 + postgresRequirements(database, settings).readReplicas),
    leastInstances: least,
    resources: { requests, limits },
    store,
    path: ARCHIVES,
    archive: `${settings.system.id}-${settings.environment}`,
    ...followed(database, context),
    labels: { app: database.name },
    allowFrom: clientsOf(database.name, settings.system),
    metricsReady: context.metricsReady,
    operatorNamespace: operator.namespace,
  };
  const after = { ...options, dependsOn: [...platform.application.ready, ...operator.ready] };
  return new CloudNativePg(name, args, after);
}

/** The primary's archive, for a replica, and the password, which is replicated with its roles. */
function followed({ name }: Database, context: DataContext) {
  const { settings, primary } = context;
  return primary === undefined
    ? {}
    : {
        password: givenSecret(context, `Database ${name}`, "PRIMARY_DATABASE_PASSWORD"),
        replicaOf: { store: primary, path: ARCHIVES, archive: `${settings.system.id}-prod` },
      };
}
