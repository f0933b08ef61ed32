import { describe, expect, it } from "vitest";
import type { Backup } from "../../systems/model";
import { phase5 } from "../../systems/phase-5";
import { days, hours, minutes, seconds } from "../../systems/units";
import {
  checkBackups,
  checkDump,
  expirations,
  fileFormat,
  jobName,
  prefix,
  schedule,
} from "./plan";
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
describe("names", () => {
  it("come from the backup", () => {
    expect(jobName(dump)).toBe("shop-dump");
    expect(prefix(dump)).toBe("shop-dump");
    expect(fileFormat(dump)).toBe("shop-dump-%Y%m%d_%H%M%S.dump");
  });

  it("are the runbook's if it has any", () => {
    const runbook = {
      ...dump,
      job: "database-backup",
      file: { prefix: "/snapshots/daily/", name: "todo-{date}-{time}.dump" },
    };
    expect(jobName(runbook)).toBe("database-backup");
    expect(prefix(runbook)).toBe("snapshots/daily");
    expect(fileFormat(runbook)).toBe("todo-%Y%m%d-%H%M%S.dump");
  });

  it("P5-06: are those in Phase 5's restore command", () => {
    const { backups } = phase5;
    const [runbook = dump] = backups;
    expect([jobName(runbook), prefix(runbook)]).toEqual(["database-backup", "snapshots"]);
    expect(fileFormat(runbook)).toBe("todo-app-backup-%Y%m%d_%H%M%S.sql.gz");
    expect(expirations(backups)).toEqual([{ prefix: "snapshots/", days: 30 }]);
  });
});

describe("schedule", () => {
  it.each([
    [hours(24), "0 2 * * *"],
    [hours(6), "0 */6 * * *"],
    [hours(1), "0 */1 * * *"],
    [minutes(15), "*/15 * * * *"],
  ])("keeps the interval without a schedule: %o", (every, cron) => {
    expect(schedule("x", { every })).toBe(cron);
  });

  it("uses the given schedule", () => {
    expect(schedule("x", dump)).toBe("17 3 * * *");
  });

  it.each([hours(5), minutes(90), seconds(90), days(2)])("refuses %o", (every) => {
    expect(messageOf(() => schedule("x", { every }))).toMatch(
      /^x: every is \w+, but must be an interval that divides an hour or a day\. Set the backup's schedule\.$/,
    );
  });
});

describe("backups without a dump", () => {
  const others: readonly Backup[] = [
    { ...dump, name: "log", method: "wal", ours: { method: "A day is too long to lose." } },
    { ...dump, name: "nightly", of: "cache", method: "snapshot" },
    { ...dump, name: "copy", of: "bus", method: "replication" },
    { ...dump, name: "namespace", of: "configuration", method: "manifests" },
  ];

  it("need no prefix in the bucket", () => {
    expect(expirations([dump, ...others])).toEqual([{ prefix: "shop-dump/", days: 31 }]);
  });
});

describe("checkBackups", () => {
  const check = (...backups: readonly Backup[]) =>
    messageOf(() => {
      checkBackups("shop", backups, ["shop", "crm"]);
    });

  it("accepts every method, several dumps of one database, and dumps of several", () => {
    const hourly = { ...dump, name: "shop-hourly", every: hours(1), schedule: "5 * * * *" };
    const methods = ["wal", "snapshot", "provider", "replication", "manifests"] as const;
    const others = methods.map((method) => ({ ...dump, method, of: "anything" }));
    expect(check(dump, hourly, { ...dump, name: "crm-dump", of: "crm" }, ...others)).toBe(
      "nothing was thrown",
    );
  });

  it("refuses a dump of anything except a database", () => {
    expect(check({ ...dump, of: "cache" })).toBe(
      'Backups shop, backup shop-dump: of is "cache", but must be a database: shop, crm. Only a database can be dumped.',
    );
  });

  it("refuses two dumps with the same prefix or name", () => {
    expect(
      check(dump, {
        ...dump,
        name: "other",
        file: { prefix: "shop-dump", name: "{date}{time}.dump" },
      }),
    ).toBe(
      'Backups shop: file.prefix is "shop-dump" twice, but must be different for each backup. Backups below one prefix would expire together.',
    );
    expect(check(dump, { ...dump, name: "other", job: "shop-dump" })).toBe(
      'Backups shop: job is "shop-dump" twice, but must be different for each backup. One CronJob makes one backup.',
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
      `x: name is "${"a".repeat(45)}", but must be 1 to 44 lower-case letters, digits and hyphens, with a letter or digit at both ends. The CronJob is named after it.`,
    );
    expect(check({ job: "Dump" })).toMatch(/^x: job is "Dump", but must be 1 to 44 /);
  });

  it.each(["0 0 2 * * *", "0 2 * * 7", "0 24 * * *"])("refuses the schedule %s", (schedule) => {
    expect(check({ schedule })).toBe(
      `x: schedule is "${schedule}", but must be a schedule of a CronJob, such as "0 2 * * *". Its times are in UTC.`,
    );
  });

  it("accepts Kubernetes' schedule macros", () => {
    expect(schedule("x", { ...dump, schedule: "@daily" })).toBe("@daily");
  });

  it.each([
    [hours(36), "36h"],
    [days(1), "1d"],
  ])("refuses to keep backups for %o", (retention, text) => {
    expect(check({ retention })).toBe(
      `x: retention is ${text}, but must be whole days, longer than the interval of 1d. Object stores expire objects by the day.`,
    );
  });

  it.each(["a-{time}-{date}.dump", "a-{date}.dump", "a-{date}_{time}.sql", "{date}{time} .dump"])(
    "refuses the file name %s",
    (name) => {
      expect(check({ file: { prefix: "p", name } })).toBe(
        `x: file.name is "${name}", but must be letters, digits, _ and - with {date} before {time}, ending in .dump or .sql.gz. The ending decides between pg_dump's custom format and compressed SQL.`,
      );
    },
  );
});
