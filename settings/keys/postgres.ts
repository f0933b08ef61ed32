import { z } from "zod";
import { ENGINES } from "../../versions";
import { variantAccepted } from "../placement";
import { unless, type Check } from "../problem";
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

/** What a managed Postgres keeps at most. Where that is too little for the runbook, `postgres` is refused. */
const recoveryOfCloud: Check = (values, site) => {
  const { pointInTimeRecovery: given } = values;
  const { recoveryDays, title } = site.profile;
  return unless(
    given === undefined ||
      given <= recoveryDays ||
      !runs("postgres", "managed")(site) ||
      variantAccepted("postgres")(values, site).length > 0,
    "pointInTimeRecovery",
    given,
    `at most ${recoveryDays}, the number of days that ${title}'s managed Postgres keeps`,
  );
};

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
  postgres: whoRuns("postgres", "Postgres"),
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
