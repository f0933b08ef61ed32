import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SYSTEMS } from "../../systems";
import { parseSettings, type RawSettings } from "../parse";
import {
  good,
  images,
  mistakes,
  onAws,
  onExisting,
  onGoogle,
  sentence,
  commands,
} from "../testing";

const NOW = "2027-03-15T12:00:00Z";
beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(NOW) });
});
afterEach(() => {
  vi.useRealTimers();
});

const aeneas: RawSettings = {
  ...onAws,
  system: "aeneas",
  region: "us-east-1",
  images: images(SYSTEMS.aeneas),
  commands: commands(SYSTEMS.aeneas),
  incarnations: { postgresql: 3 },
};
const phase5: RawSettings = {
  ...aeneas,
  system: "phase-5",
  images: images(SYSTEMS["phase-5"]),
  commands: commands(SYSTEMS["phase-5"]),
  incarnations: { postgres: 2 },
};
const BACKUPS = "arn:aws:rds:us-east-1:210987654321:auto-backup:ab-abc123";
const SNAPSHOT = "arn:aws:rds:us-east-1:210987654321:snapshot:aeneas-final";

describe("a database starts from", () => {
  it.each<[string, RawSettings, object]>([
    ["an earlier incarnation", aeneas, { incarnation: 2 }],
    ["one at a point in time", aeneas, { incarnation: 1, time: "2027-03-01T08:30:00+02:00" }],
    ["automated backups", aeneas, { from: BACKUPS, time: "2027-03-15T11:59:00Z" }],
    ["a snapshot", aeneas, { from: SNAPSHOT }],
  ])("%s on aws", (_, base, source) => {
    const { restoreFrom } = parseSettings({ ...base, restoreFrom: { postgresql: source } });
    expect(restoreFrom).toEqual({ postgresql: source });
  });

  it.each<[string, object]>([
    ["an earlier incarnation", { incarnation: 1 }],
    ["another bucket", { from: "old-bucket" }],
    ["an archive in it", { from: "old-bucket/phase-5-prod-7", time: "2027-03-14T00:00:00Z" }],
  ])("%s in the cluster", (_, source) => {
    expect(mistakes({ restoreFrom: { postgres: source } }, phase5)).toBe("");
  });
});

describe("a restore is refused", () => {
  const key = "restoreFrom.postgresql";
  it.each<[string, RawSettings, string, string]>([
    [
      "from before the retention",
      { incarnation: 1, time: "2027-02-13T11:59:59Z" },
      `${key}.time`,
      'is "2027-02-13T11:59:59Z", but must be within the last 30 days, which postgresql can be restored to (once it is restored, remove restoreFrom)',
    ],
    [
      "from the future",
      { incarnation: 1, time: "2027-03-15T12:00:01Z" },
      `${key}.time`,
      'is "2027-03-15T12:00:01Z", but must be within the last 30 days, which postgresql can be restored to (once it is restored, remove restoreFrom)',
    ],
    [
      "to a time without an offset",
      { incarnation: 1, time: "2027-03-15T11:00:00" },
      `${key}.time`,
      'is "2027-03-15T11:00:00", but must be a time with its offset, such as 2027-01-31T12:40:00Z',
    ],
    [
      "from its own incarnation",
      { incarnation: 3 },
      `${key}.incarnation`,
      "is 3, but must be lower than 3, the database's own",
    ],
    ["from nothing", {}, key, "is {}, but must be a map with either incarnation or from"],
    [
      "from two sources",
      { incarnation: 1, from: SNAPSHOT },
      key,
      `is {"incarnation":1,"from":"${SNAPSHOT}"}, but must be a map with either incarnation or from`,
    ],
    [
      "from something else",
      { from: "aeneas-prod-postgresql" },
      `${key}.from`,
      'is "aeneas-prod-postgresql", but must be the ARN of an auto-backup or of a snapshot',
    ],
    [
      "from a snapshot at another time",
      { from: SNAPSHOT, time: "2027-03-15T11:00:00Z" },
      `${key}.time`,
      'is "2027-03-15T11:00:00Z", but must not be set for a snapshot, which has one time only',
    ],
  ])("%s", (_, source, at, expected) => {
    expect(mistakes({ restoreFrom: { postgresql: source } }, aeneas)).toContain(
      `runstack:${at} ${expected}. `,
    );
  });

  it("30 days is the runbook's retention, and the edge is within it", () => {
    const source = { incarnation: 1, time: "2027-02-13T12:00:00Z" };
    expect(mistakes({ restoreFrom: { postgresql: source } }, aeneas)).toBe("");
  });

  it("if the stack shortened or lengthened the retention, by that one", () => {
    const source = { incarnation: 1, time: "2027-02-13T11:59:59Z" };
    const restoreFrom = { postgresql: source };
    expect(mistakes({ restoreFrom, pointInTimeRecovery: 35 }, aeneas)).toBe("");
  });

  it("in the first incarnation, whose name or archive is still in use", () => {
    const changes = { restoreFrom: { postgresql: { incarnation: 1 } }, incarnations: {} };
    expect(mistakes(changes, aeneas)).toBe(
      sentence(
        "restoreFrom.postgresql.incarnation",
        "is 1",
        "lower than the database's own, which is 1: set incarnations.postgresql to 2 first",
      ),
    );
  });

  it("of a database that is not run by the stack", () => {
    expect(mistakes({ restoreFrom: { neon: { incarnation: 1 } } })).toContain(
      "runstack:restoreFrom.neon is ",
    );
  });

  it("where the provider would restore into what it has just made", () => {
    for (const [base, title] of [
      [{ ...good, postgres: "managed" }, "DigitalOcean"],
      [{ ...onGoogle, postgres: "managed" }, "Google Cloud"],
    ] as const) {
      expect(
        mistakes({ restoreFrom: { neon: { incarnation: 1 } }, incarnations: { neon: 2 } }, base),
      ).toBe(
        sentence(
          "restoreFrom.neon",
          'is {"incarnation":1}',
          `not set for a managed Postgres of ${title}: restore beside it, then its dump (docs/recovery.md)`,
        ),
      );
    }
  });

  it("from another bucket, where pods have the key of their own only", () => {
    const changes = { postgres: "operator", restoreFrom: { neon: { from: "old-bucket" } } };
    expect(mistakes(changes, onExisting)).toBe(
      sentence(
        "restoreFrom.neon.from",
        'is "old-bucket"',
        "not set, except on aws: pods elsewhere have the key of their own bucket only. Copy the archive there and set `incarnation`",
      ),
    );
  });

  it("from an archive that lies in the bucket of an earlier environment", () => {
    const changes = { restoreFrom: { postgres: { incarnation: 1 } }, incarnation: 2 };
    expect(mistakes(changes, phase5)).toContain(
      "must not be set while this environment has a bucket",
    );
    expect(mistakes({ ...changes, backupBucket: "todo-app-backups" }, phase5)).toBe("");
  });

  it("of a replica", () => {
    const changes = {
      environment: "dr",
      region: "us-west-2",
      replicaOf: "todo-app-backups",
      restoreFrom: { postgres: { incarnation: 1 } },
    };
    expect(mistakes(changes, phase5)).toContain(
      "must not be set for a replica, which follows replicaOf",
    );
  });
});
