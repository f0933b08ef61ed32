import type * as pulumi from "@pulumi/pulumi";
import { urlIsGiven } from "../../settings/place";
import type { Database } from "../../systems/model";
import { days, gib, millicores, type Duration, type Size } from "../../systems/units";
import { ENGINES } from "../../versions";
import { clientsOf } from "../clients";
import type { AwsPlacement, DigitalOceanPlacement, GooglePlacement } from "../cluster/contract";
import {
  broughtBy,
  givenSecret,
  inCluster,
  managedName,
  noManaged,
  onDigitalOcean,
  type DataContext,
} from "../data-context";
import { CloudNativePg } from "./cloud-native-pg";
import type { CloudNativePgArguments } from "./cloud-native-pg-arguments";
import { CloudSqlPostgres } from "../clouds/gcp/cloud-sql/cloud-sql";
import type { Postgres } from "./contract";
import { DigitalOceanPostgres } from "../clouds/digitalocean/postgres";
import { ExternalPostgres } from "./external";
import { RdsPostgres } from "../clouds/aws/rds/rds";

type Options = pulumi.ComponentResourceOptions;

/** Chooses who runs a database: the one place that knows them all. */
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
      return managed(name, database, context, options);
  }
}

/** Its URL is given under the system's own key for it, or under a key that every system has. */
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

const DEFAULT_STORAGE = gib(50);
const WEEK = days(7);

/** What every implementation is told of the database, in the runbook's words or the stack's. */
function asked(database: Database, { settings }: DataContext) {
  const called = settings.system.id.replaceAll("-", "_");
  // Staging keeps a week, which every cloud can; production what the runbook asks for.
  const runbook = settings.production ? (database.pointInTimeRecovery ?? WEEK) : WEEK;
  const recovery: Duration =
    settings.pointInTimeRecovery === undefined ? runbook : days(settings.pointInTimeRecovery);
  const storage: Size =
    settings.postgresStorage === undefined
      ? (database.storage ?? DEFAULT_STORAGE)
      : gib(settings.postgresStorage);
  return {
    version: settings.postgresVersion ?? database.version ?? ENGINES.postgres,
    database: database.database ?? called,
    owner: database.owner ?? called,
    storage,
    extensions: database.extensions ?? [],
    parameters: database.parameters ?? {},
    pooling: database.pooling ?? false,
    pointInTimeRecovery: recovery,
    ...(settings.production && database.pointInTimeRecovery !== undefined
      ? { leastRetention: database.pointInTimeRecovery }
      : {}),
    readReplicas:
      settings.postgresReplicas ?? (settings.production ? (database.readReplicas ?? 0) : 0),
    protect: settings.protection.postgres,
    rotation: settings.rotations[database.name] ?? settings.rotations[database.url.key] ?? "1",
  };
}

function managed(
  name: string,
  database: Database,
  context: DataContext,
  options: Options,
): Postgres {
  const { placement } = context.cluster;
  switch (placement.cloud) {
    case "digitalocean":
      return onDo(name, database, context, placement, options);
    case "aws":
      return onAws(name, database, context, placement, options);
    case "gcp":
      return onGoogle(name, database, context, placement, options);
    case "existing":
      return noManaged(`Database ${database.name}`);
  }
}

function onDo(
  name: string,
  database: Database,
  context: DataContext,
  placement: DigitalOceanPlacement,
  options: Options,
): Postgres {
  const { settings } = context;
  const wanted = asked(database, context);
  return new DigitalOceanPostgres(
    name,
    {
      ...onDigitalOcean(context, managedName(context, database.name), placement),
      // Storage comes with the size, point-in-time recovery with the service: neither is asked for.
      version: wanted.version,
      database: wanted.database,
      owner: wanted.owner,
      extensions: wanted.extensions,
      parameters: wanted.parameters,
      pooling: wanted.pooling,
      readReplicas: wanted.readReplicas,
      protect: wanted.protect,
      ...(wanted.leastRetention === undefined ? {} : { leastRetention: wanted.leastRetention }),
      size: settings.postgresSize,
      nodes: settings.production ? 2 : 1,
    },
    options,
  );
}

/** A second region keeps a copy of the backups, unless this environment is that region. */
function onAws(
  name: string,
  database: Database,
  context: DataContext,
  placement: AwsPlacement,
  options: Options,
): Postgres {
  const { settings } = context;
  const { recoveryRegion } = settings.system.home;
  const wanted = asked(database, context);
  return new RdsPostgres(
    name,
    {
      ...wanted,
      identifier: managedName(context, database.name),
      instanceClass: settings.postgresSize,
      majorUpgrade: settings.postgresUpgrade,
      // Also when the protection has been taken back, which is how a removal begins.
      keepBackups: settings.production,
      highlyAvailable: settings.production,
      maintenance: settings.system.maintenance,
      placement,
      cidr: settings.network.managed,
      ...(settings.environment === "prod" &&
      recoveryRegion !== undefined &&
      recoveryRegion !== settings.region
        ? { recovery: { region: recoveryRegion } }
        : {}),
      ...(settings.replicaOf === undefined
        ? {}
        : {
            replicaOf: {
              arn: settings.replicaOf,
              username: wanted.owner,
              password: givenSecret(
                context,
                `Database ${database.name}`,
                "PRIMARY_DATABASE_PASSWORD",
              ),
              database: wanted.database,
            },
          }),
    },
    options,
  );
}

function onGoogle(
  name: string,
  database: Database,
  context: DataContext,
  placement: GooglePlacement,
  options: Options,
): Postgres {
  const { settings } = context;
  return new CloudSqlPostgres(
    name,
    {
      ...asked(database, context),
      // Production keeps the runbook's own name of a managed instance, which its commands use.
      identifier:
        settings.environment === "prod" && database.alias === database.name
          ? database.name
          : managedName(context, database.name),
      placement,
      tier: settings.postgresSize,
      keepBackups: settings.production,
      highlyAvailable: settings.production,
      maintenance: settings.system.maintenance,
      cidr: settings.network.managed,
    },
    options,
  );
}

const DEFAULT_RESOURCES = {
  requests: { cpu: millicores(500), memory: gib(1) },
  limits: { memory: gib(2) },
};

/** Three survive a failure without losing what was confirmed; staging has one. */
const INSTANCES = 3;

function operated(
  name: string,
  database: Database,
  context: DataContext,
  options: Options,
): Postgres {
  const { settings, platform, store, primary } = context;
  const operator = broughtBy(
    platform.dataOperators.cloudNativePg,
    `Database ${database.name}`,
    "CloudNativePG",
  );
  const least = settings.production && database.highlyAvailable === true ? INSTANCES : 1;
  const { requests, limits } = database.resources ?? DEFAULT_RESOURCES;
  const args: CloudNativePgArguments = {
    ...inCluster(context),
    ...asked(database, context),
    clusterName: database.name,
    instances: Math.max(least, 1 + asked(database, context).readReplicas),
    leastInstances: least,
    resources: { requests, limits },
    store,
    path: "postgres",
    archive: `${settings.system.id}-${settings.environment}`,
    ...(primary === undefined
      ? {}
      : {
          // The primary's roles come with its data.
          password: givenSecret(context, `Database ${database.name}`, "PRIMARY_DATABASE_PASSWORD"),
          replicaOf: {
            store: primary,
            path: "postgres",
            archive: `${settings.system.id}-prod`,
          },
        }),
    labels: { app: database.name },
    allowFrom: clientsOf(database.name, settings.system),
    metricsReady: context.metricsReady,
    operatorNamespace: operator.namespace,
  };
  const after = {
    ...options,
    dependsOn: [...platform.application.ready, ...operator.ready],
  };
  return new CloudNativePg(name, args, after);
}
