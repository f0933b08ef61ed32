import { z } from "zod";
import { unless, type Check } from "../problem";
import type { Site } from "../site";
import { bucket, DOMAIN, mapOf, matching } from "./formats";
import { on, optional, withDefault } from "./key";
import { namesOf } from "./rules";

const anotherRegion: Check = ({ backupRegion: given }, { environment, region, system }) =>
  environment === "dr"
    ? unless(
        given === undefined || given !== system.home.region,
        "backupRegion",
        given,
        "another region than the one that this one replaces",
      )
    : unless(
        given === undefined || given !== region,
        "backupRegion",
        given,
        "another region than the system's own",
      );

/** Far away; a recovery environment keeps its own at home, because far away is what was lost. */
function backupRegionOf(given: string | undefined, site: Site): string {
  const { region = "", profile, environment, system } = site;
  if (given !== undefined) return given;
  const far = profile.backupRegion(region) ?? region;
  return environment === "dr" && far === system.home.region ? region : far;
}

/**
 * The runbook's own name for the bucket belongs to production. A name is unique among everybody's: on
 * Google Cloud it begins with the project, whose name is unique as well.
 */
function backupBucketOf(given: string | undefined, site: Site): string {
  const { system, environment, project } = site;
  if (given !== undefined) return given;
  const own = (system.buckets ?? []).map(({ name }) => name);
  const named = system.backups.find(({ destination = "" }) => own.includes(destination));
  if (environment === "prod" && named?.destination !== undefined) return named.destination;
  return `${project === "" ? "" : `${project}-`}${system.id}-${environment}-backups`;
}

const bucketsOfRunbook: Check = ({ buckets: given }, { system: { id, buckets = [] } }) =>
  namesOf(
    "buckets",
    given,
    buckets.map(({ name }) => name),
    `bucket of ${id}`,
  );

/** Buckets, whose names are unique among everybody's, and where backups are kept. */
export const backups = {
  backupRegion: optional({
    schema: z.string({ error: "a region of the cloud" }),
    doc: "Where backups are kept",
    otherwise: "another region, far away; in dr, the stack's own where that is the lost one",
    example: "eu-central-1",
    rules: [anotherRegion],
    settle: backupRegionOf,
  }),
  backupBucket: optional({
    schema: bucket,
    doc: "The bucket for dumps, whose name is unique among everybody's",
    note: "After a disaster, name another one.",
    otherwise:
      "in prod, the runbook's where it names one; otherwise SYSTEM-ENVIRONMENT-backups, on gcp with the project before it",
    example: "my-team-todo-backups",
    settle: backupBucketOf,
  }),
  buckets: withDefault({
    schema: mapOf(bucket, "a map from the runbook's bucket to another name"),
    fallback: {},
    doc: "Other names for the buckets that the runbook names, by their names there",
    example: { "todo-app-uploads": "my-team-todo-uploads" },
    rules: [bucketsOfRunbook],
  }),
  backupEndpoint: optional({
    schema: matching(DOMAIN, "the host name of an S3 service"),
    doc: "Host of the S3 service for backups; backupRegion and backupBucket say where in it",
    example: "s3.example.com",
    only: on("existing"),
  }),
};
