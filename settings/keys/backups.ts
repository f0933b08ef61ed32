import { z } from "zod";
import { unless, type Check } from "../problem";
import { bucketName } from "../names";
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
        "a different region from the one that this stack replaces",
      )
    : unless(
        given === undefined || given !== region,
        "backupRegion",
        given,
        "a different region from the system's own",
      );

/**
 * A distant region. A recovery environment uses its own region if the distant one is the region that was
 * lost.
 */
function backupRegionOf(given: string | undefined, site: Site): string {
  const { region = "", profile, environment, system } = site;
  if (given !== undefined) return given;
  const far = profile.backupRegion(region) ?? region;
  return environment === "dr" && far === system.home.region ? region : far;
}

/**
 * Only production uses the runbook's name for the bucket. Bucket names are globally unique, so on Google Cloud
 * the name starts with the project id, which is globally unique too, unless the stack sets a prefix.
 */
function backupBucketOf(given: string | undefined, site: Site): string {
  const { system, environment, project } = site;
  if (given !== undefined) return given;
  const own = (system.buckets ?? []).map(({ name }) => name);
  const named = system.backups.find(({ destination = "" }) => own.includes(destination));
  if (environment === "prod" && named?.destination !== undefined) {
    return bucketName(site, named.destination);
  }
  return bucketName(site, `${system.id}-${environment}-backups`, project);
}

const bucketsOfRunbook: Check = ({ buckets: given }, { system: { id, buckets = [] } }) =>
  namesOf(
    "buckets",
    given,
    buckets.map(({ name }) => name),
    `bucket of ${id}`,
  );

/** Buckets, whose names are globally unique, and the location of backups. */
export const backups = {
  backupRegion: optional({
    schema: z.string({ error: "a region of the cloud" }),
    doc: "The region for backups",
    otherwise:
      "a distant region; in dr, the stack's own region if the distant one is the runbook's primary region",
    example: "eu-central-1",
    rules: [anotherRegion],
    settle: backupRegionOf,
  }),
  backupBucket: optional({
    schema: bucket,
    doc: "The bucket for dumps. The name must be globally unique",
    otherwise:
      "in prod, the runbook's bucket if it names one; otherwise SYSTEM-ENVIRONMENT-backups; with namePrefix, or on gcp PROJECT, in front, and the incarnation behind",
    example: "my-team-todo-backups",
    settle: backupBucketOf,
  }),
  buckets: withDefault({
    schema: mapOf(bucket, "a map from the runbook's bucket name to a different name"),
    fallback: {},
    doc: "Different names for the runbook's buckets, by the runbook's name",
    example: { "todo-app-uploads": "my-team-todo-uploads" },
    rules: [bucketsOfRunbook],
  }),
  backupEndpoint: optional({
    schema: matching(DOMAIN, "the host name of an S3 service"),
    doc: "Host of the S3 service for backups; backupRegion and backupBucket select the region and bucket",
    example: "s3.example.com",
    only: on("existing"),
  }),
};
