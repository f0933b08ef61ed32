import { z } from "zod";
import { incarnationOf } from "../names";
import { problem, unless, type Check, type SettingsProblem } from "../problem";
import type { Site } from "../site";
import { mapOf, matching } from "./formats";
import { withDefault } from "./key";
import { namesOf } from "./rules";

const DAY_MS = 86_400_000;
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

/** BUCKET or BUCKET/ARCHIVE. */
const ARCHIVE = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[A-Za-z0-9_.-]+)?$/;
/** Automated backups of an instance, of this region or copied to it, or a snapshot. */
const RDS_BACKUP =
  /^arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:(auto-backup:ab-[a-z0-9-]+|snapshot:\S+)$/;

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

/** A database cannot write where it reads from: its archive, or its name, is already in use. */
const anotherIncarnation: Check = each((key, { incarnation }, { name }, values) => {
  const own = incarnationOf(
    { incarnation: values.incarnation ?? 1, incarnations: values.incarnations },
    name,
  );
  return unless(
    incarnation === undefined || incarnation < own,
    `${key}.incarnation`,
    incarnation,
    own === 1
      ? `lower than the database's own, which is 1: set incarnations.${name} to 2 first`
      : `lower than ${own}, the database's own`,
  );
});

/** The archive of an earlier environment lies in the bucket of that environment. */
const bucketOfIncarnation: Check = each((key, { incarnation }, { runs }, values) =>
  unless(
    incarnation === undefined ||
      runs !== "operator" ||
      (values.incarnation ?? 1) === 1 ||
      values.backupBucket !== undefined,
    `${key}.incarnation`,
    incarnation,
    "not set while this environment has a bucket of its own incarnation: set `from` to BUCKET/ARCHIVE, or backupBucket to the earlier bucket",
  ),
);

const formOfSource: Check = each((key, { from, time }, { runs }, _, { cloud }) => {
  if (from === undefined) return [];
  if (runs === "operator") {
    return cloud === "aws"
      ? unless(ARCHIVE.test(from), `${key}.from`, from, "BUCKET or BUCKET/ARCHIVE")
      : [
          problem(
            `${key}.from`,
            from,
            "not set, except on aws: pods elsewhere have the key of their own bucket only. Copy the archive there and set `incarnation`",
          ),
        ];
  }
  if (!RDS_BACKUP.test(from)) {
    return [problem(`${key}.from`, from, "the ARN of an auto-backup or of a snapshot")];
  }
  return unless(
    time === undefined || !from.includes(":snapshot:"),
    `${key}.time`,
    time,
    "not set for a snapshot, which has one time only",
  );
});

/** How far back a database can be restored, in days: as components/postgres/requirements.ts has it. */
function retention(
  { pointInTimeRecovery: given }: { readonly pointInTimeRecovery: number | undefined },
  { pointInTimeRecovery: runbook }: Site["system"]["databases"][number],
  { production }: Site,
): number {
  return given ?? (production && runbook !== undefined ? runbook.seconds / 86_400 : 7);
}

/** The clock is read here, in a rule, and nowhere in a component. */
const withinRetention: Check = each((key, { time }, database, values, site) => {
  if (time === undefined) return [];
  const days = retention(values, database, site);
  const age = Date.now() - Date.parse(time);
  return unless(
    age >= 0 && age <= days * DAY_MS,
    `${key}.time`,
    time,
    `within the last ${days} days, which ${database.name} can be restored to (once it is restored, remove restoreFrom)`,
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
    note: "Only for a Postgres in the cluster or on aws. `from` is BUCKET/ARCHIVE in the cluster, and the ARN of an auto-backup or a snapshot on aws. Remove it after the restore. See docs/recovery.md.",
    example: { postgres: { incarnation: 1, time: "2027-01-31T12:40:00Z" } },
    rules: [
      databasesOfRunbook,
      supported,
      oneSource,
      anotherIncarnation,
      bucketOfIncarnation,
      formOfSource,
      withinRetention,
      notWithReplica,
    ],
  }),
};
