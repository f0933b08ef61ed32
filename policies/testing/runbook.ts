/** For tests: the fixture's system with one part changed, and shared resources. */
import type { Backup, Database, Element, RecoveryObjective, System } from "../../systems/model";
import { days, hours, minutes } from "../../systems/units";
import { shop } from "./system";
import type { Fixture, Setting } from "./index";
import { podTemplate } from "./fixtures";

export const clause = (heading: string): Element => ({ clause: { ids: ["PO-02"], heading } });

export const shopWith = (rest: Partial<System>): Setting => ({
  policyContext: { system: { ...shop, ...rest } },
});

export const inStaging = ({ policyContext }: Setting): Setting => ({
  policyContext: { ...policyContext, environment: "staging" },
});

export const inDr = ({ policyContext }: Setting): Setting => ({
  policyContext: { ...policyContext, environment: "dr" },
});

const [external] = shop.databases;
if (external === undefined)
  throw new Error("The system that the fixture builds on has no database.");

export const database = (rest: Partial<Database> = {}): Database => ({
  ...external,
  ...clause("Data / Orders"),
  name: "ledger",
  runs: "managed",
  ...rest,
});

export const objective = (rest: Partial<RecoveryObjective> = {}): RecoveryObjective => ({
  ...clause("Disaster / Targets"),
  of: "ledger",
  rto: hours(3),
  rpo: minutes(20),
  ...rest,
});

export const backup = (rest: Partial<Backup> = {}): Backup => ({
  ...clause("Disaster / Backups"),
  name: "ledger-dump",
  of: "ledger",
  method: "dump",
  every: hours(24),
  retention: days(21),
  ...rest,
});

/** A CronJob that dumps or restores a database. */
export const cronJob = (
  name: string,
  command: string,
  spec: Record<string, unknown> = {},
): Fixture => {
  const template = podTemplate();
  const container = {
    name: "dump",
    command: ["sh", "-c", command],
    env: [{ name: "DESTINATION", value: "shop-archive/ledger-dump" }, { name: "SECRET" }],
  };
  return {
    type: "kubernetes:batch/v1:CronJob",
    name,
    props: {
      metadata: { name, namespace: "shop" },
      spec: {
        schedule: "10 3 * * *",
        ...spec,
        jobTemplate: {
          spec: {
            template: { ...template, spec: { initContainers: [], containers: [container] } },
          },
        },
      },
    },
  };
};

export const rds = (props: Fixture["props"] = {}): Fixture => ({
  type: "aws:rds/instance:Instance",
  name: "ledger",
  props: { engine: "postgres", backupRetentionPeriod: 23, multiAz: true, ...props },
});

/** Takes a dump every night. */
export const DUMPED = cronJob("ledger-dump", "pg_dump shop");

/** Backup buckets, with one lifecycle rule. */
export const s3 = (rule: object, bucket: unknown = "shop-archive"): Fixture => ({
  type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  name: "old",
  props: { bucket, rules: [{ status: "Enabled", ...rule }] },
});
export const google = (condition: object, type = "Delete"): Fixture => ({
  type: "gcp:storage/bucket:Bucket",
  name: "old",
  props: {
    name: "shop-archive",
    location: "EU",
    lifecycleRules: [{ action: { type }, condition }],
  },
});
export const space = (rule: object): Fixture => ({
  type: "digitalocean:index/spacesBucket:SpacesBucket",
  name: "old",
  props: { name: "shop-archive", region: "ams3", lifecycleRules: [{ enabled: true, ...rule }] },
});
