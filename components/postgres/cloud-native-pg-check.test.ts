import { describe, expect, it } from "vitest";
import { days, gib, hours, mib, millicores } from "../../systems/units";
import { refusal } from "../kit/testing";
import type { CloudNativePgArguments } from "./cloud-native-pg-arguments";
import { checkCloudNativePg } from "./cloud-native-pg-check";
import { bucket, inCluster } from "./cloud-native-pg-testing";

const store = bucket("AWS", true);
const { requests, limits } = inCluster.resources;

describe("a Cluster that its webhook, or its cloud, would reject", () => {
  const check = (changes: Partial<CloudNativePgArguments>) =>
    refusal(() => {
      checkCloudNativePg("db", { ...inCluster, ...changes });
    });

  it.each<[Partial<CloudNativePgArguments>, string]>([
    [
      { owner: "streaming_replica" },
      'owner is "streaming_replica", but must be a name other than the operator\'s roles: streaming_replica, cnpg_pooler_pgbouncer, cnpg_metrics_exporter. Choose another name.',
    ],
    [
      { version: "14" },
      'version is "14", but must be a major version with an image: 15, 16, 17, 18. Choose one of them, or pin its image in versions.ts.',
    ],
    [
      {
        store: bucket("AWS", false),
        pointInTimeRecovery: days(2),
        replicaOf: { store: bucket("AWS", false), archive: "old" },
      },
      "replicaOf.store is a second bucket without keys, but must be the same bucket as store, or one of the two with keys. Pods have one identity in the cloud: leave out store and pointInTimeRecovery until it is promoted.",
    ],
  ])("is refused: %#", (changes, expected) => {
    expect(check(changes)).toBe(`CloudNativePg db: ${expected}`);
  });

  it.each(["shared_preload_libraries", "ssl", "port", "recovery_target_time", "log_destination"])(
    "cannot have %s set",
    (parameter) => {
      expect(check({ parameters: { work_mem: "9MB", [parameter]: "x" } })).toBe(
        `CloudNativePg db: parameters.${parameter} is "x", but must be left to the operator. List extensions under extensions; remove the others.`,
      );
    },
  );

  it.each(["ssl_min_protocol_version", "archive_timeout", "log_min_duration_statement"])(
    "can have %s set",
    (parameter) => {
      expect(check({ parameters: { [parameter]: "x" } })).toBe("");
    },
  );

  it("may replicate an archive in its own bucket, under another name", () => {
    const store = bucket("AWS", false);
    const own = { store, pointInTimeRecovery: days(2) };
    expect(check({ ...own, replicaOf: { store, archive: "old" } })).toBe("");
  });

  it.each<[Partial<CloudNativePgArguments>, string]>([
    [
      { clusterName: "Rides" },
      'clusterName is "Rides", but must be 1 to 50 lower-case letters, digits and hyphens that start with a letter and do not end with a hyphen. Shorten it: Services and Secrets append to it.',
    ],
    [
      { clusterName: "r".repeat(51) },
      `clusterName is "${"r".repeat(51)}", but must be 1 to 50 lower-case letters, digits and hyphens that start with a letter and do not end with a hyphen. Shorten it: Services and Secrets append to it.`,
    ],
    [
      { version: "13" },
      'version is "13", but must be a major version with an image: 15, 16, 17, 18. Choose one of them, or pin its image in versions.ts.',
    ],
    [
      { instances: 0 },
      "instances is 0, but must be a whole number, at least 1. Two survive the loss of a node; three survive it even while another node is upgraded.",
    ],
    [
      { instances: 2, leastInstances: 3 },
      "instances is 2, but must be a whole number, at least 3. Two survive the loss of a node; three survive it even while another node is upgraded.",
    ],
    [
      { resources: { requests: { ...requests, memory: gib(6) }, limits } },
      "resources.requests.memory is 6442450944 bytes, but must be at most its limit of 5368709120 bytes. Raise the limit too.",
    ],
    [
      { resources: { requests, limits: { ...limits, cpu: millicores(300) } } },
      "resources.requests.cpu is 700m, but must be at most its limit of 300m. Raise the limit too, or leave it out.",
    ],
    [
      { storage: mib(900) },
      "storage is 943718400 bytes, but must be at least 1 GiB. The write-ahead log alone can take that much.",
    ],
    [
      { pointInTimeRecovery: hours(36), store },
      "pointInTimeRecovery is 1.5 days, but must be at least 1 day, in whole days. Base backups are taken daily; leave it out to take none.",
    ],
    [
      { pointInTimeRecovery: days(6), leastRetention: days(7), store },
      "pointInTimeRecovery is 6 days, but must be at least 7 days, the runbook's minimum. Raise it, or change the runbook's recovery point.",
    ],
    [
      { leastRetention: days(7) },
      "pointInTimeRecovery is 0 days, but must be at least 7 days, the runbook's minimum. Raise it, or change the runbook's recovery point.",
    ],
    [
      { pointInTimeRecovery: days(7) },
      "store is missing, but must be a bucket when pointInTimeRecovery is set. Set a bucket, or remove pointInTimeRecovery.",
    ],
    [
      { pointInTimeRecovery: days(7), store, path: "/rides/" },
      'archive is "/rides//rides", but must be names of letters, digits, dots, hyphens and underscores, with slashes between. It is a path in the bucket.',
    ],
    [
      { replicaOf: { store, archive: "a/b" } },
      'replicaOf.archive is "a/b", but must be names of letters, digits, dots, hyphens and underscores, with slashes between. It is a path in the bucket.',
    ],
    [
      { replicaOf: { store, archive: "a" }, restoreFrom: { store, archive: "a" } },
      "restoreFrom is set together with replicaOf, but must be unset for a replica. A replica starts from the archive that it follows.",
    ],
    [
      { pointInTimeRecovery: days(7), store, restoreFrom: { store, archive: "rides" } },
      'restoreFrom.archive is "rides", but must be an archive other than its own. Give the new cluster an archive of its own: raise its number in runstack:incarnations.',
    ],
    [
      { restoreFrom: { store, archive: "old", targetTime: "2026-01-31T12:40:33Z" } },
      'restoreFrom.targetTime is "2026-01-31T12:40:33Z", but must be a time with its offset, like 2026-01-31T12:40:33+00:00. Without an offset the time is ambiguous.',
    ],
  ])("is refused: %#", (changes, expected) => {
    expect(check(changes)).toBe(`CloudNativePg db: ${expected}`);
  });

  it.each(["postgres", "pg_keeper", "Keeper", "template1"])("has no owner %s", (owner) => {
    expect(check({ owner })).toBe(
      `CloudNativePg db: owner is "${owner}", but must be 1 to 63 lower-case letters, digits and underscores that begin with a letter, and not reserved by the server. Choose another name; it cannot be changed later.`,
    );
  });

  it.each<Partial<CloudNativePgArguments>>([
    {},
    { clusterName: "r" },
    { clusterName: "r".repeat(50) },
    { instances: 1 },
    { pointInTimeRecovery: days(7), leastRetention: days(7), store },
    { pointInTimeRecovery: days(1), store, restoreFrom: { store, archive: "older" } },
    {
      pointInTimeRecovery: days(1),
      store,
      replicaOf: { store: bucket("AWS", true), archive: "rides" },
    },
    { pointInTimeRecovery: days(1), store, restoreFrom: { store, path: "p", archive: "rides" } },
    { restoreFrom: { store, archive: "old", targetTime: "2026-01-31T12:40:33.5+05:30" } },
  ])("accepts: %#", (changes) => {
    expect(check(changes)).toBe("");
  });
});
