import { z } from "zod";
import { archiveName, archiveSource, incarnationOf } from "../names";
import { problem, unless, type Check, type SettingsProblem } from "../problem";
import { archivedWithin, keptFor } from "../recovery-window";
import type { Values } from ".";
import type { Site } from "../site";
import { mapOf, matching } from "./formats";
import { withDefault } from "./key";
import { namesOf } from "./rules";

const DAY_SECONDS = 86_400;
/** RFC 3339 with its offset: without one, a time is ambiguous. */
const TIME =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

const restored = z.strictObject(
  {
    incarnation: z.int({ error: "a whole number" }).min(1, { error: "at least 1" }).optional(),
    from: matching(/^\S{3,500}$/, "the identifier of a backup").optional(),
    time: matching(TIME, "a time with its offset, such as 2027-01-31T12:40:00Z").optional(),
  },
  { error: "a map with incarnation or from, and optionally time" },
);

/** Where one database starts from. */
export type RestoreFrom = z.infer<typeof restored>;

/** ARCHIVE or BUCKET/ARCHIVE. */
const ARCHIVE = /^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/)?[A-Za-z0-9_.-]+$/;
/** The end of an archive's folder. */
const VERSION = /-pg\d+$/;
/** Automated backups of an instance, of this region or copied to it, or a snapshot. */
const RDS_BACKUP =
  /^arn:aws[a-z-]*:rds:([a-z0-9-]+):\d{12}:(auto-backup:ab-[a-z0-9-]+|snapshot:\S+)$/;

const databasesOfRunbook: Check = ({ restoreFrom: given }, { system }) =>
  namesOf(
    "restoreFrom",
    given,
    system.databases.filter(({ runs }) => runs !== "external").map(({ name }) => name),
    `database of ${system.id} that this stack runs`,
  );

/** Asks a question about each database that is restored. */
const each =
  (
    ask: (
      key: string,
      given: RestoreFrom,
      database: Site["system"]["databases"][number],
      ...more: Parameters<Check>
    ) => readonly SettingsProblem[],
  ): Check =>
  (values, site) =>
    site.system.databases.flatMap((database) => {
      const given = values.restoreFrom[database.name];
      return given === undefined || database.runs === "external"
        ? []
        : ask(`restoreFrom.${database.name}`, given, database, values, site);
    });

/** Cloud SQL and DigitalOcean restore into a server that already has the database and its owner. */
const supported: Check = each((key, given, { runs }, _, { cloud, profile: { title } }) =>
  unless(
    runs === "operator" || cloud === "aws",
    key,
    given,
    `not set for a managed Postgres of ${title}: restore beside it, then its dump (docs/recovery.md)`,
  ),
);

const oneSource: Check = each((key, { incarnation, from }) =>
  unless(
    (incarnation === undefined) !== (from === undefined),
    key,
    { incarnation, from },
    "a map with either incarnation or from",
  ),
);

const ownIncarnation = (
  { incarnation = 1, incarnations }: Pick<Values, "incarnation" | "incarnations">,
  name: string,
): number => incarnationOf({ incarnation, incarnations }, name);

/**
 * A database cannot write where it reads from, and one that runs already keeps its data: its archive, or its name, is
 * in use.
 */
const anotherIncarnation: Check = each((key, { incarnation, from }, { name }, values) => {
  const own = ownIncarnation(values, name);
  const raise = `set incarnations.${name} to 2 first`;
  return [
    ...unless(
      incarnation === undefined || incarnation < own,
      `${key}.incarnation`,
      incarnation,
      own === 1
        ? `lower than the database's own, which is 1: ${raise}`
        : `lower than ${own}, the database's own`,
    ),
    ...unless(
      from === undefined || own > 1,
      `${key}.from`,
      from,
      `together with another incarnation than the first, because a database that runs already keeps its data: ${raise}`,
    ),
  ];
});

/** The archive of an earlier environment lies in the bucket of that environment, unless the stack names the bucket. */
const bucketOfIncarnation: Check = each((key, { incarnation }, { runs }, values, { cloud }) => {
  const environment = values.incarnation ?? 1;
  const elsewhere =
    cloud === "aws"
      ? "set `from` to BUCKET/ARCHIVE instead"
      : "copy the archive into this environment's bucket, and set `from` to its name instead";
  return unless(
    incarnation === undefined ||
      runs !== "operator" ||
      incarnation >= environment ||
      values.backupBucket !== undefined,
    `${key}.incarnation`,
    incarnation,
    `at least ${environment}, the environment's own, whose bucket holds no earlier archive: ${elsewhere}`,
  );
});

const formOfSource: Check = each((key, { from, time }, { runs, name }, values, site) => {
  if (from === undefined) return [];
  if (runs === "operator") return archiveProblems(`${key}.from`, from, name, values, site);
  const region = RDS_BACKUP.exec(from)?.[1];
  return [
    ...unless(
      region !== undefined,
      `${key}.from`,
      from,
      "the ARN of an auto-backup or of a snapshot",
    ),
    ...unless(
      region === undefined || region === site.region,
      `${key}.from`,
      from,
      `in ${String(site.region)}, this stack's region: copy the snapshot there first, with aws rds copy-db-snapshot`,
    ),
    ...unless(
      time === undefined || !from.includes(":snapshot:"),
      `${key}.time`,
      time,
      "not set for a snapshot, which has one time only",
    ),
  ];
});

function archiveProblems(
  key: string,
  from: string,
  name: string,
  values: Values,
  site: Site,
): readonly SettingsProblem[] {
  const { cloud } = site;
  if (!ARCHIVE.test(from)) {
    return [problem(key, from, cloud === "aws" ? "ARCHIVE or BUCKET/ARCHIVE" : "ARCHIVE")];
  }
  const { bucket, archive } = archiveSource(from);
  const own = archiveName(site, ownIncarnation(values, name));
  const version = VERSION.exec(archive)?.[0] ?? "";
  return [
    ...unless(
      version === "",
      key,
      from,
      `without ${version}, which is added for the database's version: ${from.replace(VERSION, "")}`,
    ),
    ...unless(
      bucket === undefined || cloud === "aws",
      key,
      from,
      `${archive}, in this environment's own bucket, whose key is the only one that pods have: copy the archive there first`,
    ),
    ...unless(
      bucket !== undefined || archive !== own,
      key,
      from,
      `another archive than ${own}, the database's own`,
    ),
  ];
}

/** Pods get the permission to read one bucket besides their own. */
const oneBucket: Check = ({ restoreFrom }, { system, cloud }) => {
  const all = system.databases.flatMap(({ name, runs }) => {
    const { from = "" } = restoreFrom[name] ?? {};
    const { bucket } = archiveSource(from);
    return runs !== "operator" || bucket === undefined ? [] : [{ name, from, bucket }];
  });
  return cloud !== "aws"
    ? []
    : all
        .slice(1)
        .flatMap(({ name, from, bucket }) =>
          unless(
            bucket === all[0]?.bucket,
            `restoreFrom.${name}.from`,
            from,
            `in ${String(all[0]?.bucket)}, as that of ${String(all[0]?.name)}: copy the archive there, or restore one after the other`,
          ),
        );
};

/** In seconds. The clock is read here, for rules, and nowhere in a component. */
const age = (time: string): number => (Date.now() - Date.parse(time)) / 1000;

const withinRetention: Check = each((key, { time }, database, values, site) => {
  if (time === undefined) return [];
  const { pointInTimeRecovery } = values;
  const { seconds } = keptFor(database, {
    system: site.system,
    production: site.production,
    pointInTimeRecovery,
  });
  const days = seconds / DAY_SECONDS;
  return unless(
    age(time) >= 0 && age(time) <= seconds,
    `${key}.time`,
    time,
    `within the last ${days} days, which ${database.name} can be restored to (once it is restored, remove restoreFrom)`,
  );
});

/** PostgreSQL refuses a time that its archive does not reach, after the old cluster is deleted. */
const withinArchive: Check = each((key, { time }, database, _, { system }) => {
  if (time === undefined || database.runs !== "operator") return [];
  const minutes = Math.ceil(archivedWithin(database, system).seconds / 60);
  return unless(
    age(time) < 0 || age(time) >= minutes * 60,
    `${key}.time`,
    time,
    `at least ${minutes} minutes ago, because what is newer may not be in the archive: leave time out for the latest`,
  );
});

const notWithReplica: Check = each((key, given, _, { replicaOf }) =>
  unless(replicaOf === undefined, key, given, "not set for a replica, which follows replicaOf"),
);

export const restore = {
  restoreFrom: withDefault({
    schema: mapOf(restored, "a map from database to what it starts from"),
    fallback: {},
    doc: "What a database starts from when it is created: an earlier incarnation, or a backup (from), and the point in time, by default the latest",
    note: "Only for a Postgres in the cluster or on aws, and only in another incarnation than the first. `from` is ARCHIVE in the cluster (on aws also BUCKET/ARCHIVE), and the ARN of an auto-backup or a snapshot for a managed one. Remove it after the restore. See docs/recovery.md.",
    example: { postgres: { incarnation: 1, time: "2027-01-31T12:40:00Z" } },
    rules: [
      databasesOfRunbook,
      supported,
      oneSource,
      anotherIncarnation,
      bucketOfIncarnation,
      formOfSource,
      oneBucket,
      withinRetention,
      withinArchive,
      notWithReplica,
    ],
  }),
};
