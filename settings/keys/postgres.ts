import { z } from "zod";
import { list } from "../../lib/words";
import { SYSTEMS, type SystemId } from "../../systems";
import { recoveryPointOf } from "../../systems/recovery-point";
import { durationText } from "../../systems/units";
import { ENGINES } from "../../versions";
import { problem, unless, type Check } from "../problem";
import { postgresVersion } from "../versions";
import { sizeOf, whoRuns } from "./data";
import { gibibytes, matching, truth } from "./formats";
import { optional, runs, withDefault } from "./key";

const DAY = 86_400;

const replicasOfRunbook: Check = ({ postgresReplicas: given }, { system, production }) =>
  system.databases.flatMap(({ readReplicas = 0, clause }) =>
    unless(
      given === undefined || !production || given >= readReplicas,
      "postgresReplicas",
      given,
      `at least ${readReplicas}, the number in the runbook (${clause.heading})`,
    ),
  );

const recoveryOfRunbook: Check = ({ pointInTimeRecovery: given }, { system, production }) =>
  system.databases.flatMap(({ pointInTimeRecovery: least, clause }) => {
    const days = (least?.seconds ?? 0) / DAY;
    return unless(
      given === undefined || !production || given >= days,
      "pointInTimeRecovery",
      given,
      `at least ${days}, the number of days in the runbook (${clause.heading})`,
    );
  });

/** A managed Postgres limits how far back it can be restored, whatever the runbook asks for. */
const recoveryOfCloud: Check = ({ pointInTimeRecovery: given }, { system, profile, production }) =>
  system.databases.flatMap(({ runs: way, pointInTimeRecovery, name }) => {
    const { managed, recoveryDays, title } = profile;
    const runbook = production ? (pointInTimeRecovery?.seconds ?? 0) / DAY : 0;
    const days = given ?? runbook;
    if (way !== "managed" || !managed.includes("postgres") || days <= recoveryDays) return [];
    return runbook <= recoveryDays
      ? [
          problem(
            "pointInTimeRecovery",
            given,
            `at most ${recoveryDays}, the number of days that ${title}'s managed Postgres keeps`,
          ),
        ]
      : [
          problem(
            "postgres",
            "managed",
            `"operator" or "external" for ${name}: ${title}'s managed Postgres keeps at most ${recoveryDays} days, and ${days} are required`,
          ),
        ];
  });

/** How long a managed Postgres keeps its daily backups, if the runbook counts on them. */
const backupsOfCloud: Check = (_, { system, profile, production }) => {
  const { managed, backupDays, title } = profile;
  return system.databases.flatMap(({ runs: way, name }) => {
    if (!production || way !== "managed" || !managed.includes("postgres")) return [];
    return system.backups
      .filter(({ of, method }) => of === name && method === "provider")
      .filter(({ retention }) => retention.seconds > backupDays * DAY)
      .map((backup) =>
        problem(
          "postgres",
          way,
          `"operator" or "external" for ${name}: ${title}'s managed Postgres keeps backups for ${backupDays} days, and "${backup.name}" is kept for ${durationText(backup.retention)}`,
        ),
      );
  });
};

/** Nothing here restores a Postgres elsewhere, except from dumps, and from a history that the system lists. */
const recoveryElsewhere: Check = (_, { system, profile, production }) =>
  system.databases.flatMap(({ runs: way, name }) => {
    const point = recoveryPointOf(system, name);
    if (!production || way !== "external" || point === undefined) return [];
    const listed = SYSTEMS[system.id as SystemId].databases.some(
      (database) => database.name === name && database.runs === "external",
    );
    const every = system.backups
      .filter(
        ({ of, method }) => of === name && (method === "dump" || (listed && method === "provider")),
      )
      .map((backup) => backup.every);
    const ours = list(
      profile.managed.includes("postgres") ? ["managed", "operator"] : ["operator"],
    );
    return unless(
      every.some(({ seconds }) => seconds <= point.rpo.seconds),
      "postgres",
      way,
      `${ours} for ${name}: the runbook allows the loss of ${durationText(point.rpo)} (${point.objective.clause.heading}), and only dumps would restore it; ` +
        `if its provider keeps a history, say so in systems/${system.id}: it runs external, with a backup by its provider`,
    );
  });

/**
 * Only a recovery environment can be a replica, and only on AWS with a managed or an operator's Postgres.
 */
const replicaPossible: Check = ({ replicaOf }, site) =>
  replicaOf === undefined
    ? []
    : [
        ...unless(
          site.environment === "dr",
          "replicaOf",
          replicaOf,
          'not set, unless the environment is "dr": a replica accepts no writes',
        ),
        ...unless(
          site.cloud === "aws" && runs("postgres", "managed", "operator")(site),
          "replicaOf",
          replicaOf,
          "not set, except for a managed or an operator's Postgres on Amazon: in other cases, restore a dump in the recovery region",
        ),
      ];

export const postgres = {
  postgres: whoRuns("postgres", "Postgres", [backupsOfCloud, recoveryElsewhere]),
  postgresSize: sizeOf(
    "postgresSize",
    "Size of the managed Postgres",
    "It can be increased in place.",
    "db.m6g.xlarge",
  ),
  postgresVersion: optional({
    schema: matching(/^\d+(\.\d+)?$/, "a version such as 15 or 15.18"),
    doc: "Major version of Postgres; on aws, a minor version is also possible",
    note: "It can be increased but not decreased.",
    otherwise: `the runbook's, or ${ENGINES.postgres}`,
    example: "16",
    rules: [postgresVersion],
  }),
  postgresUpgrade: withDefault({
    schema: truth,
    fallback: false,
    doc: "Allow a major version upgrade of Postgres, which Amazon applies immediately with minutes of downtime",
    note: "Set it back to false afterwards.",
    example: true,
    only: {
      where: "for a managed Postgres on aws",
      applies: (site) => site.cloud === "aws" && runs("postgres", "managed")(site),
    },
  }),
  postgresStorage: optional({
    schema: gibibytes,
    doc: "Storage of Postgres",
    unit: "GiB",
    note: "It can be increased but not decreased.",
    otherwise: "the runbook's, or 50",
    example: 100,
  }),
  postgresReplicas: optional({
    schema: z
      .int({ error: "a whole number" })
      .min(0, { error: "at least 0" })
      .max(5, { error: "at most 5" }),
    doc: "Number of read replicas of Postgres",
    otherwise: "the runbook's number; in staging, 0",
    example: 2,
    rules: [replicasOfRunbook],
  }),
  pointInTimeRecovery: optional({
    schema: z.int({ error: "a whole number of days" }).min(1, { error: "at least 1 day" }),
    doc: "Point-in-time recovery window",
    unit: "days",
    otherwise: "the runbook's, or 7; in staging, 7",
    example: 14,
    rules: [recoveryOfRunbook, recoveryOfCloud],
  }),
  replicaOf: optional({
    schema: matching(/^\S{3,500}$/, "the primary's identifier"),
    doc: "The primary that Postgres replicates in a recovery region: an ARN (managed), or BUCKET or BUCKET/ARCHIVE (operator)",
    otherwise: "none; ARCHIVE is that of the first incarnation of prod",
    example: "arn:aws:rds:us-east-1:123456789012:db:todo-app-prod",
    rules: [replicaPossible],
  }),
};
