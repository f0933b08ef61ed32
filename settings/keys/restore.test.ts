import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SYSTEMS } from "../../systems";
import { PROFILES } from "../clouds";
import { parseSettings, type RawSettings } from "../parse";
import type { Site } from "../site";
import type { Values } from ".";
import { restore } from "./restore";
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
    ["a copied archive", { from: "phase-5-prod-1999" }],
    [
      "an archive in another bucket",
      { from: "old-bucket/phase-5-prod-7", time: "2027-03-14T00:00:00Z" },
    ],
  ])("%s in the cluster", (_, source) => {
    expect(mistakes({ restoreFrom: { postgres: source } }, phase5)).toBe("");
  });
});

it("a copied archive is the source on every cloud", () => {
  for (const base of [good, onAws, onGoogle, onExisting]) {
    const changes = {
      postgres: "operator",
      incarnations: { neon: 2 },
      restoreFrom: { neon: { from: "todo-chatbot-prod" } },
    };
    expect(mistakes(changes, base)).toBe("");
  }
});

describe("a restore is refused", () => {
  const key = "restoreFrom.postgresql";
  it.each<[string, RawSettings, string, string]>([
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
      "from a backup in another region",
      { from: SNAPSHOT.replace("us-east-1", "us-west-2") },
      `${key}.from`,
      `is "${SNAPSHOT.replace("us-east-1", "us-west-2")}", but must be in us-east-1, this stack's region: copy the snapshot there first, with aws rds copy-db-snapshot`,
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

  it("from the database's own archive", () => {
    const changes = { restoreFrom: { postgres: { from: "phase-5-prod-2" } } };
    expect(mistakes(changes, phase5)).toBe(
      sentence(
        "restoreFrom.postgres.from",
        'is "phase-5-prod-2"',
        "another archive than phase-5-prod-2, the database's own",
      ),
    );
  });

  it("from a second bucket, which pods may not read", () => {
    const [database = expect.fail("no database")] = SYSTEMS["phase-5"].databases;
    const databases = ["a", "b", "c"].map((name) => ({ ...database, name }));
    const refused = (sources: Readonly<Record<string, string>>) => {
      const from = Object.entries(sources).map(([name, one]) => [name, { from: one }] as const);
      const values = { restoreFrom: Object.fromEntries(from), incarnation: 2, incarnations: {} };
      const site: Partial<Site> = {
        system: { ...SYSTEMS["phase-5"], databases },
        environment: "prod",
        cloud: "aws",
        profile: PROFILES.aws,
      };
      return (restore.restoreFrom.rules ?? []).flatMap((rule) =>
        rule(values as Values, site as Site),
      );
    };
    expect(refused({ a: "first/x", b: "own", c: "first/y" })).toEqual([]);
    expect(refused({ a: "first/x", b: "own", c: "second/y" })).toEqual([
      {
        key: "restoreFrom.c.from",
        value: "second/y",
        allowed: "in first, as that of a: copy the archive there, or restore one after the other",
      },
    ]);
  });

  it("from what is no archive", () => {
    const from = { restoreFrom: { postgres: { from: "a/b/c" } } };
    expect(mistakes(from, phase5)).toContain('is "a/b/c", but must be ARCHIVE or BUCKET/ARCHIVE. ');
    const neon = { ...operated, restoreFrom: { neon: { from: "a/b/c" } } };
    expect(mistakes(neon, onGoogle)).toContain('is "a/b/c", but must be ARCHIVE. ');
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

const operated: RawSettings = { postgres: "operator", incarnations: { neon: 2 } };

/** Each refusal with its whole sentence; then what it advises, which must be accepted. */
describe("the advice can be followed", () => {
  it.each<[string, RawSettings, RawSettings, [string, string, string], RawSettings]>([
    [
      "in the first incarnation, whose name or archive is still in use",
      aeneas,
      { restoreFrom: { postgresql: { incarnation: 1 } }, incarnations: {} },
      [
        "restoreFrom.postgresql.incarnation",
        "is 1",
        "lower than the database's own, which is 1: set incarnations.postgresql to 2 first",
      ],
      { incarnations: { postgresql: 2 } },
    ],
    [
      "from a backup, into a first incarnation that may run already",
      aeneas,
      { restoreFrom: { postgresql: { from: BACKUPS } }, incarnations: {} },
      [
        "restoreFrom.postgresql.from",
        `is "${BACKUPS}"`,
        "together with another incarnation than the first, because a database that runs already keeps its data: set incarnations.postgresql to 2 first",
      ],
      { incarnations: { postgresql: 2 } },
    ],
    ...[good, onGoogle].map(
      (base): [string, RawSettings, RawSettings, [string, string, string], RawSettings] => [
        `from the bucket of an earlier environment, which pods on ${String(base["cloud"])} have no key for`,
        base,
        { ...operated, incarnation: 2, restoreFrom: { neon: { incarnation: 1 } } },
        [
          "restoreFrom.neon.incarnation",
          "is 1",
          "at least 2, the environment's own, whose bucket holds no earlier archive: copy the archive into this environment's bucket, and set `from` to its name instead",
        ],
        { incarnations: { neon: 3 }, restoreFrom: { neon: { from: "todo-chatbot-prod" } } },
      ],
    ),
    [
      "from the bucket of an earlier environment on aws",
      phase5,
      { incarnation: 2, restoreFrom: { postgres: { incarnation: 1 } } },
      [
        "restoreFrom.postgres.incarnation",
        "is 1",
        "at least 2, the environment's own, whose bucket holds no earlier archive: set `from` to BUCKET/ARCHIVE instead",
      ],
      { restoreFrom: { postgres: { from: "todo-app-backups/phase-5-prod" } } },
    ],
    ...["", "old-bucket/"].map(
      (bucket): [string, RawSettings, RawSettings, [string, string, string], RawSettings] => [
        `from the folder of an archive in ${bucket || "its own bucket"}`,
        phase5,
        { restoreFrom: { postgres: { from: `${bucket}phase-5-prod-pg15` } } },
        [
          "restoreFrom.postgres.from",
          `is "${bucket}phase-5-prod-pg15"`,
          `without -pg15, which is added for the database's version: ${bucket}phase-5-prod`,
        ],
        { restoreFrom: { postgres: { from: `${bucket}phase-5-prod` } } },
      ],
    ),
    [
      "from another bucket, where pods have the key of their own only",
      onExisting,
      { ...operated, restoreFrom: { neon: { from: "old-bucket/archive" } } },
      [
        "restoreFrom.neon.from",
        'is "old-bucket/archive"',
        "archive, in this environment's own bucket, whose key is the only one that pods have: copy the archive there first",
      ],
      { restoreFrom: { neon: { from: "archive" } } },
    ],
  ])("%s", (_, base, changes, refusal, advice) => {
    expect(mistakes(changes, base)).toBe(sentence(...refusal));
    expect(mistakes({ ...changes, ...advice }, base)).toBe("");
  });

  it("a bucket that the stack names holds the archives of every incarnation", () => {
    const changes = { incarnation: 2, restoreFrom: { neon: { incarnation: 1 } } };
    expect(mistakes({ ...operated, ...changes }, onExisting)).toBe("");
  });

  it("within an environment that was built again, a later incarnation of its database has an archive", () => {
    const changes = { incarnation: 2, incarnations: { neon: 3 }, postgres: "operator" };
    const source = { restoreFrom: { neon: { incarnation: 2 } } };
    expect(mistakes({ ...changes, ...source }, onGoogle)).toBe("");
  });
});
