import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings";
import { archivePlace, archiveSource } from "../../settings/names";
import type { Cluster } from "../cluster/contract";
import { ComponentError } from "../kit/component";
import type { Expiration, ObjectStore } from "../object-store/contract";
import { ExternalObjectStore, type ExternalObjectStoreArguments } from "../object-store/external";
import type { ObjectStoreProvider } from "../object-store/provider";
import { expirations, retentionDays } from "./plan";

interface StoreArguments {
  readonly settings: Settings;
  readonly cloud: ObjectStoreProvider;
  readonly given: Readonly<Record<string, pulumi.Output<string>>>;
}

/** The bucket for all backups: dumps, archives and snapshots. Undefined without any. */
export function archiveStore(
  name: string,
  args: StoreArguments,
  cluster: Pick<Cluster, "placement">,
  options: pulumi.ComponentResourceOptions,
): ObjectStore | undefined {
  const { settings } = args;
  const { system } = settings;
  const archived =
    system.backups.some(({ method }) => method === "dump") ||
    system.databases.some(({ runs }) => runs === "operator") ||
    system.appliances.some(({ engine }) => engine === "qdrant");
  if (!archived) return undefined;
  if (settings.cloud === "existing") {
    return new ExternalObjectStore(name, elsewhere(name, args), options);
  }
  const source = sourceBucket(settings);
  return args.cloud.objectStore(
    name,
    {
      placement: cluster.placement,
      ...(source === undefined ? {} : { reads: [source] }),
    },
    {
      bucket: settings.backupBucket,
      region: settings.backupRegion,
      expirations: [...expirations(system.backups), ...snapshotExpirations(settings)],
      personalData: system.databases.some(({ personalData }) => personalData === true),
      production: settings.production,
      protect: settings.protect,
    },
    options,
  );
}

/** Snapshots of vector stores are stored below their names. */
const snapshotExpirations = ({ system }: Settings): readonly Expiration[] =>
  system.appliances.flatMap(({ name }) => {
    const backup = system.backups.find(({ of }) => of === name);
    return backup === undefined ? [] : [{ prefix: `${name}/`, days: retentionDays(backup) }];
  });

/** For an existing cluster, with an external bucket. */
function elsewhere(
  name: string,
  { settings, given }: StoreArguments,
): ExternalObjectStoreArguments {
  const accessKey = given["BACKUP_ACCESS_KEY"];
  const secretKey = given["BACKUP_SECRET_KEY"];
  if (accessKey === undefined || secretKey === undefined) {
    throw new ComponentError(
      `Object store ${name}`,
      "BACKUP_ACCESS_KEY and BACKUP_SECRET_KEY",
      "missing",
      "set as secret configuration",
      "Set runstack:secrets.BACKUP_ACCESS_KEY and runstack:secrets.BACKUP_SECRET_KEY.",
    );
  }
  return {
    endpoint: settings.backupEndpoint ?? "",
    bucket: settings.backupBucket,
    region: settings.backupRegion,
    accessKey,
    secretKey,
  };
}

/**
 * The bucket of another environment that a database in the cluster reads; `settings/keys/restore` refuses a second one.
 * The primary's is in this environment's region, which is the primary's backup region; that of an earlier incarnation
 * is where this one's own is.
 */
function sourceBucket({
  replicaOf,
  restoreFrom,
  system,
  region,
  backupRegion,
  backupBucket,
}: Settings) {
  const own = system.databases.filter(({ runs }) => runs === "operator");
  if (own.length === 0) return undefined;
  if (replicaOf !== undefined) return { bucket: archivePlace(replicaOf).bucket, region };
  const [bucket] = own
    .flatMap(({ name }) => archiveSource(restoreFrom[name]?.from ?? "").bucket ?? [])
    .filter((one) => one !== backupBucket);
  return bucket === undefined ? undefined : { bucket, region: backupRegion };
}

/** The bucket that a database in the cluster follows or starts from, if it is not the environment's own. */
export function primaryStore(
  name: string,
  { settings, cloud }: Pick<StoreArguments, "settings" | "cloud">,
  options: pulumi.ComponentResourceOptions,
): ObjectStore | undefined {
  const primary = sourceBucket(settings);
  if (primary === undefined) return undefined;
  const store = cloud.foreignStore(name, primary, options);
  if (store !== undefined) return store;
  throw new ComponentError(
    `Object store ${name}`,
    "replicaOf",
    `"${primary.bucket}"`,
    "unset where an operator runs Postgres on a cloud other than Amazon",
    "Restore from the primary's dumps there, or run Postgres as a managed service.",
  );
}
