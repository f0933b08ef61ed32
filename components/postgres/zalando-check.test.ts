import { describe, expect, it } from "vitest";
import { days, mib } from "../../systems/units";
import { refusal } from "../testing";
import type { InClusterPostgresArguments } from "./in-cluster";
import { bucket, inCluster } from "./in-cluster-testing";
import { checkZalando } from "./zalando-check";

const check = (changes: Partial<InClusterPostgresArguments>) =>
  refusal(() => {
    checkZalando("db", { ...inCluster, ...changes });
  });

const pointInTimeRecovery = days(2);
const targetTime = "2026-01-31T12:40:33+00:00";
const tiny = {
  requests: { ...inCluster.resources.requests, memory: mib(100) },
  limits: { memory: mib(200) },
};

describe("a postgresql that the operator could not keep", () => {
  it.each<[Partial<InClusterPostgresArguments>, string]>([
    [
      { owner: "pooler" },
      'owner is "pooler", but must be none of the operator\'s roles: standby, pooler, cron_admin, robot_zmon, zalandos. Choose another name.',
    ],
    [
      { version: "14" },
      'version is "14", but must be a major version with an image: 15, 16, 17, 18. Choose one of them, or pin its image in versions.ts.',
    ],
    [
      { parameters: { shared_preload_libraries: "x" } },
      'parameters.shared_preload_libraries is "x", but must be left to the operator. Leave it out.',
    ],
    [
      { extensions: ["pg_stat_statements", "vector"] },
      'extensions is "vector", but must be one that the image creates: pg_stat_statements. The owner may create common ones in a migration; CloudNativePG creates any.',
    ],
    [
      { labels: { app: "postgres", tier: "data" } },
      'labels.tier is "data", but must be one that pods inherit: app. The operator\'s settings name them.',
    ],
    [
      { resources: tiny },
      "resources.limits.memory is 209715200 bytes, but must be at least 250 MiB. The operator would raise it.",
    ],
    [
      { store: bucket("AWS", false), pointInTimeRecovery },
      "store is a bucket of AWS that knows no keys, but must be one with keys, or one of Google. The image does not pass on the identity that Amazon gives its pods (zalando/spilo issue 1160): CloudNativePG does.",
    ],
    [
      {
        store: bucket("GCS", false),
        pointInTimeRecovery,
        restoreFrom: { store: bucket("GCS", false), archive: "old", targetTime },
      },
      "restoreFrom.store is a second bucket that knows no keys, but must be the same bucket as store, or one of the two with keys. Pods have one identity in the cloud: leave out store and pointInTimeRecovery until it is promoted.",
    ],
    [
      { restoreFrom: { store: bucket("AWS", true), archive: "old" } },
      "restoreFrom.targetTime is missing, but must be a time with its offset, like 2026-01-31T12:40:33+00:00. Without one the operator would look for the source in the cluster instead of in the bucket.",
    ],
  ])("is refused: %#", (changes, expected) => {
    expect(check(changes)).toBe(`ZalandoPostgres db: ${expected}`);
  });

  it.each<Partial<InClusterPostgresArguments>>([
    {},
    { store: bucket("AWS", true), pointInTimeRecovery },
    { store: bucket("GCS", false), pointInTimeRecovery },
    { store: bucket("AWS", false) },
    { parameters: { work_mem: "9MB", ssl_min_protocol_version: "TLSv1.3" } },
  ])("but not this one: %#", (changes) => {
    expect(check(changes)).toBe("");
  });
});
