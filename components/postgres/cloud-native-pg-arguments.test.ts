import { describe, expect, it } from "vitest";
import { days } from "../../systems/units";
import { archiveOf, storesOf } from "./cloud-native-pg-arguments";
import { bucket, inCluster } from "./cloud-native-pg-testing";

describe("the archives of a Cluster", () => {
  it("an archive needs a bucket and a retention", () => {
    const store = bucket("AWS", true);
    const pointInTimeRecovery = days(3);
    expect(archiveOf({ ...inCluster, store })).toBeUndefined();
    expect(archiveOf({ ...inCluster, store, pointInTimeRecovery })).toEqual({
      store,
      path: "postgres",
      archive: "rides",
    });
    expect(
      archiveOf({ ...inCluster, store, pointInTimeRecovery, path: "p/q", archive: "rides-2" }),
    ).toEqual({ store, path: "p/q", archive: "rides-2" });
  });

  it("a bucket that is both written and read counts once", () => {
    const store = bucket("AWS", true);
    const both = { ...inCluster, store, pointInTimeRecovery: days(3) };
    expect(storesOf({ ...both, restoreFrom: { store, archive: "old" } })).toEqual([store]);
    expect(
      storesOf({ ...both, restoreFrom: { store: bucket("AWS", true), archive: "old" } }),
    ).toHaveLength(2);
  });
});
