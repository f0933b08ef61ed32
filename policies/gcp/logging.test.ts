import type * as logging from "@pulumi/gcp/logging";
import type * as projects from "@pulumi/gcp/projects";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { UNKNOWN, messages, urnOf, type Fixture, type Setting } from "../testing";
import { fixture } from "./testing";

const audit = (): Fixture =>
  fixture("gcp:projects/iAMAuditConfig:IAMAuditConfig", {
    project: "shop-31",
    service: "allServices",
    auditLogConfigs: [{ logType: "DATA_READ" }, { logType: "DATA_WRITE" }],
  } satisfies projects.IAMAuditConfigArgs);
const IS = 'IAMAuditConfig "orders": ';

testPolicy("gcp-audit-complete", {
  happy: audit,
  broken: [
    {
      at: ["auditLogConfigs", 0, "logType"],
      to: "ADMIN_READ",
      says: `${IS}auditLogConfigs is [{"logType":"ADMIN_READ"},{"logType":"DATA_WRITE"}]; it must have the logType "DATA_READ".`,
    },
    {
      at: ["auditLogConfigs"],
      says: ["DATA_READ", "DATA_WRITE"].map(
        (type) => `${IS}auditLogConfigs is missing; it must have the logType "${type}".`,
      ),
    },
    {
      at: ["auditLogConfigs", 0, "exemptedMembers"],
      to: ["user:root@example.com"],
      says: `${IS}auditLogConfigs[0].exemptedMembers is ["user:root@example.com"]; their access is not logged: leave it out.`,
    },
    { at: ["auditLogConfigs", 0, "exemptedMembers"], to: [], says: [] },
    { at: ["service"], to: "storage.googleapis.com", says: [] },
  ],
  unknown: [["auditLogConfigs"], ["auditLogConfigs", 0, "logType"]],
});

it("gcp-audit-complete requires less of a single service, including in folders and organizations", async () => {
  const reported = (type: string, service: string): Promise<readonly string[]> =>
    messages("gcp-audit-complete", [fixture(type, { service, auditLogConfigs: [] })]);
  const folder = "gcp:folder/iamAuditConfig:IamAuditConfig";
  expect(await reported(folder, "storage.googleapis.com")).toEqual([]);
  expect(await reported(folder, "allServices")).toHaveLength(2);
  const organisation = "gcp:organizations/iamAuditConfig:IamAuditConfig";
  expect(await reported(organisation, "allServices")).toHaveLength(2);
});

const KEPT = "gcp-logs-kept";
const IN = 'ProjectBucketConfig "orders": ';
testPolicy(KEPT, {
  happy: () =>
    fixture("gcp:logging/projectBucketConfig:ProjectBucketConfig", {
      project: "shop-31",
      location: "global",
      bucketId: "_Default",
      retentionDays: 90,
    } satisfies logging.ProjectBucketConfigArgs),
  broken: [
    { at: ["retentionDays"], says: `${IN}retentionDays is missing; it must be 90 or more.` },
    { at: ["retentionDays"], to: 89, says: `${IN}retentionDays is 89; it must be 90 or more.` },
    {
      at: ["retentionDays"],
      to: 364,
      says: `${IN}retentionDays is 364; it must be 365 or more.`,
      setting: { configuration: { [KEPT]: { days: 365 } } },
    },
  ],
  unknown: [["retentionDays"]],
});

const AUDIT_FILTER = 'logName:"cloudaudit.googleapis.com"';
const DROPS = "it drops audit logs: keep them.";
const shown = JSON.stringify(AUDIT_FILTER);
testPolicy("gcp-logs-complete", {
  happy: () => [
    fixture("gcp:logging/projectSink:ProjectSink", {
      destination: "storage.googleapis.com/shop-logs",
      filter: AUDIT_FILTER,
      exclusions: [
        { name: "noise", filter: "severity<INFO" },
        { name: "off", filter: AUDIT_FILTER, disabled: true },
      ],
    } satisfies logging.ProjectSinkArgs),
    fixture("gcp:logging/folderExclusion:FolderExclusion", { filter: "severity<INFO" }),
  ],
  broken: [
    {
      at: ["disabled"],
      to: true,
      says: 'ProjectSink "orders": disabled is true; the sink is off: it must be false or missing.',
    },
    {
      at: ["exclusions", 0, "filter"],
      to: AUDIT_FILTER,
      says: `ProjectSink "orders": exclusions[0].filter is ${shown}; ${DROPS}`,
    },
    {
      of: 1,
      at: ["filter"],
      to: AUDIT_FILTER,
      says: `FolderExclusion "orders": filter is ${shown}; ${DROPS}`,
    },
    { of: 1, at: ["disabled"], to: true, says: [] },
  ],
  unknown: [["disabled"], ["exclusions", 0, "filter"], [1, "filter"]],
});

it("gcp-logs-complete accepts a disabled exclusion", async () => {
  const off = { filter: AUDIT_FILTER, disabled: true };
  const type = "gcp:logging/organizationExclusion:OrganizationExclusion";
  expect(await messages("gcp-logs-complete", [fixture(type, off)])).toEqual([]);
});

describe("gcp-log-bucket-retained", () => {
  const NAME = "gcp-log-bucket-retained";
  const bucket = (retentionPolicy?: object): Fixture =>
    fixture("gcp:storage/bucket:Bucket", { name: "shop-logs", retentionPolicy });
  const sink = (destination: string, rest: Partial<Fixture> = {}): Fixture => ({
    ...fixture("gcp:logging/projectSink:ProjectSink", { destination }, "audit"),
    ...rest,
  });
  const byName = sink("storage.googleapis.com/shop-logs");
  const reported = (all: readonly Fixture[], setting?: Setting): Promise<readonly string[]> =>
    messages(NAME, all, setting);
  const bare =
    'Bucket "orders": retentionPolicy.retentionPeriod is missing; logs can be deleted: set it in seconds, as a string.';

  it("finds the bucket by name, or by the origin of the destination", async () => {
    expect(await reported([bucket(), byName])).toEqual([bare]);
    const from = { propertyDependencies: { destination: [urnOf(bucket())] } };
    expect(await reported([bucket(), sink(UNKNOWN, from)])).toEqual([bare]);
  });

  it("does not apply to other buckets", async () => {
    expect(await reported([bucket(), sink("storage.googleapis.com/other")])).toEqual([]);
    const nameless = fixture("gcp:storage/bucket:Bucket", {});
    expect(await reported([nameless, sink("bigquery.googleapis.com/x")])).toEqual([]);
  });

  it("accepts a period, and requires a lock if configured", async () => {
    const locked = { configuration: { [NAME]: { locked: true } } };
    const period = { retentionPeriod: "7776000" };
    expect(await reported([bucket(period), byName])).toEqual([]);
    expect(await reported([bucket(period), byName], locked)).toEqual([
      'Bucket "orders": retentionPolicy.isLocked is missing; the period can be shortened: it must be true.',
    ]);
    expect(await reported([bucket({ ...period, isLocked: true }), byName], locked)).toEqual([]);
  });
});
