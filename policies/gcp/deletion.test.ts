import { describe, expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { testPolicy } from "../testing/cases";
import { messages, remediated } from "../testing";
import { fixture, instance } from "./testing";

const PROTECTED = "gcp-deletion-protected";

describe("gcp-deletion-protected", () => {
  it.each([
    ["container/cluster:Cluster", "deletionProtection", true, true],
    ["sql/databaseInstance:DatabaseInstance", "deletionProtection", true, true],
    ["redis/cluster:Cluster", "deletionProtectionEnabled", true, true],
    ["memorystore/instance:Instance", "deletionProtectionEnabled", true, true],
    ["redis/instance:Instance", "deletionProtection", true, false],
    ["secretmanager/secret:Secret", "deletionProtection", true, false],
    ["secretmanager/regionalSecret:RegionalSecret", "deletionProtection", true, false],
    ["filestore/instance:Instance", "deletionProtectionEnabled", true, false],
    ["storage/bucket:Bucket", "forceDestroy", false, true],
    ["dns/managedZone:ManagedZone", "forceDestroy", false, true],
  ])("%s: %s is %j; missing is accepted: %j", async (type, key, right, isDefault) => {
    const settings = { deletionProtectionEnabled: true };
    const kind = type.slice(type.indexOf(":") + 1);
    const reported = (props: object, setting = {}): Promise<readonly string[]> =>
      messages(PROTECTED, [fixture(`gcp:${type}`, { settings, ...props })], setting);
    const expected = `it must be ${String(right)}${isDefault ? " or missing" : ""}.`;
    expect(await reported({ [key]: right })).toEqual([]);
    expect(await reported({ [key]: !right })).toEqual([
      `${kind} "orders": ${key} is ${String(!right)}; ${expected}`,
    ]);
    expect(await reported({})).toHaveLength(isDefault ? 0 : 1);
  });

  it("writes the flags", async () => {
    const bucket = fixture("gcp:storage/bucket:Bucket", { forceDestroy: true });
    expect(await remediated([policyNamed(PROTECTED)], bucket)).toEqual({ forceDestroy: false });
  });
});

const IS = 'DatabaseInstance "orders": ';
testPolicy(PROTECTED, {
  happy: instance,
  broken: [
    {
      at: ["settings", "deletionProtectionEnabled"],
      says: `${IS}settings.deletionProtectionEnabled is missing; it must be true.`,
    },
  ],
  unknown: [["deletionProtection"], ["settings", "deletionProtectionEnabled"]],
});

const STAY = "its backups are deleted with it: set it, or finalBackupConfig.enabled, to true.";
testPolicy("gcp-sql-backups-stay", {
  happy: instance,
  broken: [
    {
      at: ["settings", "retainBackupsOnDelete"],
      says: `${IS}settings.retainBackupsOnDelete is missing; ${STAY}`,
    },
    {
      at: ["settings", "retainBackupsOnDelete"],
      to: false,
      says: `${IS}settings.retainBackupsOnDelete is false; ${STAY}`,
    },
  ],
  unknown: [
    ["settings", "retainBackupsOnDelete"],
    ["settings", "finalBackupConfig"],
  ],
});

it("accepts a final backup, and does not apply to a replica", async () => {
  const type = "gcp:sql/databaseInstance:DatabaseInstance";
  const last = fixture(type, { settings: { finalBackupConfig: { enabled: true } } });
  expect(await messages("gcp-sql-backups-stay", [last])).toEqual([]);
  const replica = fixture(type, { masterInstanceName: "main" });
  expect(await messages("gcp-sql-backups-stay", [replica])).toEqual([]);
  expect(await messages(PROTECTED, [replica])).toEqual([]);
});
