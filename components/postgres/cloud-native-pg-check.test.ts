import { describe, expect, it } from "vitest";
import { days, gib } from "../../systems/units";
import { refusal } from "../testing";
import type { CloudNativePgArguments } from "./cloud-native-pg";
import { checkCloudNativePg } from "./cloud-native-pg-check";
import { bucket, inCluster } from "./in-cluster-testing";

describe("a Cluster that its webhook would refuse, or its cloud", () => {
  const check = (changes: Partial<CloudNativePgArguments>) =>
    refusal(() => {
      checkCloudNativePg("db", { ...inCluster, ...changes });
    });

  it.each<[Partial<CloudNativePgArguments>, string]>([
    [
      { owner: "streaming_replica" },
      'owner is "streaming_replica", but must be none of the operator\'s roles: streaming_replica, cnpg_pooler_pgbouncer, cnpg_metrics_exporter. Choose another name.',
    ],
    [
      { walStorage: gib(1) },
      "walStorage is 1073741824 bytes, but must be at least 2 GiB. PostgreSQL lets the log grow to 1 GiB between two checkpoints, and further while it cannot be archived.",
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
      "replicaOf.store is a second bucket that knows no keys, but must be the same bucket as store, or one of the two with keys. Pods have one identity in the cloud: leave out store and pointInTimeRecovery until it is promoted.",
    ],
  ])("is refused: %#", (changes, expected) => {
    expect(check(changes)).toBe(`CloudNativePg db: ${expected}`);
  });

  it.each(["shared_preload_libraries", "ssl", "port", "recovery_target_time", "log_destination"])(
    "cannot have %s set",
    (parameter) => {
      expect(check({ parameters: { work_mem: "9MB", [parameter]: "x" } })).toBe(
        `CloudNativePg db: parameters.${parameter} is "x", but must be left to the operator. Name extensions under extensions; leave the others out.`,
      );
    },
  );

  it.each(["ssl_min_protocol_version", "archive_timeout", "log_min_duration_statement"])(
    "can have %s set",
    (parameter) => {
      expect(check({ parameters: { [parameter]: "x" } })).toBe("");
    },
  );

  it("may follow the very bucket that it writes to, under another name", () => {
    const store = bucket("AWS", false);
    const own = { store, pointInTimeRecovery: days(2) };
    expect(check({ ...own, replicaOf: { store, archive: "old" } })).toBe("");
  });
});
