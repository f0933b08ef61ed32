import { describe, expect, it } from "vitest";
import type { Backup, Database } from "../../systems/model";
import { days, hours, minutes, seconds } from "../../systems/units";
import { checkBackups, checkDump, fileFormat, jobName, prefix, schedule } from "./plan";
import { messageOf } from "./testing";

const clause = { ids: [], heading: "Backups" };
const dump: Backup = {
  clause,
  name: "shop-dump",
  of: "shop",
  method: "dump",
  every: hours(24),
  schedule: "17 3 * * *",
  retention: days(31),
};
const shop: Database = {
  clause,
  name: "shop",
  engine: "postgres",
  runs: "external",
  url: { secret: "shop-secrets", key: "URL" },
};

describe("names", () => {
  it("come from the backup", () => {
    expect(jobName(dump)).toBe("shop-dump");
    expect(prefix(dump)).toBe("shop-dump");
    expect(fileFormat(dump)).toBe("shop-dump-%Y%m%d_%H%M%S.dump");
  });

  it("are the runbook's where it has some", () => {
    const runbook = {
      ...dump,
      job: "database-backup",
      file: { prefix: "/snapshots/daily/", name: "todo-{date}-{time}.dump" },
    };
    expect(jobName(runbook)).toBe("database-backup");
    expect(prefix(runbook)).toBe("snapshots/daily");
    expect(fileFormat(runbook)).toBe("todo-%Y%m%d-%H%M%S.dump");
  });
});

describe("schedule", () => {
  it.each([
    [hours(24), "0 2 * * *"],
    [hours(6), "0 */6 * * *"],
    [hours(1), "0 */1 * * *"],
    [minutes(15), "*/15 * * * *"],
  ])("keeps the interval where no hour is given: %o", (every, cron) => {
    expect(schedule("x", { every })).toBe(cron);
  });

  it("takes the hour that is given", () => {
    expect(schedule("x", dump)).toBe("17 3 * * *");
  });

  it.each([hours(5), minutes(90), seconds(90), days(2)])("refuses %o", (every) => {
    expect(messageOf(() => schedule("x", { every }))).toMatch(
      /^x: every is \w+, but must be an interval that divides an hour or a day\. Give the backup a schedule\.$/,
    );
  });
});

describe("checkBackups", () => {
  const check = (...backups: readonly Backup[]) =>
    messageOf(() => {
      checkBackups("shop", backups, [shop]);
    });

  it("accepts a dump, the provider's own backups, and several dumps of one database", () => {
    const hourly = { ...dump, name: "shop-hourly", every: hours(1), schedule: "5 * * * *" };
    expect(check(dump, { ...dump, method: "provider" }, hourly)).toBe("nothing was thrown");
  });

  it("names the methods there are", () => {
    expect(check({ ...dump, method: "wal" })).toBe(
      'Backups shop, backup shop-dump: method is "wal", but must be dump, provider, replication. Choose one of them in the system\'s file, or leave the backup out.',
    );
  });

  it("refuses a dump of something else than a database", () => {
    expect(check({ ...dump, of: "cache" })).toBe(
      'Backups shop, backup shop-dump: of is "cache", but must be a database: shop. A dump covers a database only.',
    );
  });

  it("refuses dumps of two databases", () => {
    const both = [dump, { ...dump, name: "crm-dump", of: "crm" }];
    const message = messageOf(() => {
      checkBackups("shop", both, [shop, { ...shop, name: "crm" }]);
    });
    expect(message).toBe(
      "Backups shop: backups is dumps of shop and crm, but must be dumps of one database. Give each database a Backups component of its own.",
    );
  });

  it("refuses two dumps in one place", () => {
    expect(check(dump, { ...dump, name: "other", job: "shop-dump" })).toBe(
      'Backups shop: file.prefix is "shop-dump" twice, but must be different for each backup. Backups below one prefix would expire together.',
    );
  });
});

describe("checkDump", () => {
  const check = (wrong: Partial<Backup>) =>
    messageOf(() => {
      checkDump("x", { ...dump, ...wrong });
    });

  it("leaves room for -restore in a CronJob's 52 characters", () => {
    expect(check({ name: "a".repeat(44) })).toBe("nothing was thrown");
    expect(check({ name: "a".repeat(45) })).toBe(
      `x: name is "${"a".repeat(45)}", but must be 1 to 44 lower-case letters, digits and hyphens, with a letter or digit at both ends. Kubernetes names the CronJob by it.`,
    );
    expect(check({ job: "Dump" })).toMatch(/^x: job is "Dump", but must be 1 to 44 /);
  });

  it("refuses a cron expression with seconds", () => {
    expect(check({ schedule: "0 0 2 * * *" })).toBe(
      'x: schedule is "0 0 2 * * *", but must be a cron expression of five fields. It is read in UTC.',
    );
  });

  it.each([
    [hours(36), "36h"],
    [days(1), "1d"],
  ])("refuses to keep backups for %o", (retention, text) => {
    expect(check({ retention })).toBe(
      `x: retention is ${text}, but must be whole days, longer than the interval of 1d. Object stores expire objects by the day.`,
    );
  });

  it.each([
    "a-{time}-{date}.dump",
    "a-{date}.dump",
    "a-{date}_{time}.sql.gz",
    "{date}{time} .dump",
  ])("refuses the file name %s", (name) => {
    expect(check({ file: { prefix: "p", name } })).toBe(
      `x: file.name is "${name}", but must be letters, digits, _ and - with {date} before {time}, ending in .dump. Dumps are in pg_dump's custom format.`,
    );
  });
});
