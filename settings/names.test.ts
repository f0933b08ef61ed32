import { describe, expect, it } from "vitest";
import { aeneas } from "../systems/aeneas";
import { aia } from "../systems/aia";
import {
  archiveName,
  bucketName,
  clusterName,
  environmentName,
  recordOwner,
  serviceName,
} from "./names";
import { parseSettings } from "./parse";
import { good, mistakes, onGoogle, sentence } from "./testing";

const named = {
  system: aeneas,
  environment: "dr",
  incarnation: 3,
  incarnations: { redis: 5 },
} as const;
const first = { ...named, incarnation: 1, incarnations: {} } as const;

describe("a name", () => {
  it("of the first incarnation has no number", () => {
    expect(environmentName(first)).toBe("aeneas-dr");
    expect(clusterName(first)).toBe("aeneas-dr");
    expect(clusterName({ ...first, system: aia, environment: "prod" })).toBe("aia-cluster");
    expect(serviceName(first, "redis")).toBe("aeneas-dr-redis");
    expect(archiveName(first, 1)).toBe("aeneas-dr");
  });

  it("of a later one ends in its number", () => {
    expect(environmentName(named)).toBe("aeneas-dr-3");
    expect(clusterName(named)).toBe("aeneas-dr-3");
    expect(clusterName({ ...named, system: aia, environment: "prod" })).toBe("aia-cluster-3");
    expect(serviceName(named, "kafka")).toBe("aeneas-dr-kafka-3");
    expect(archiveName(named, 2)).toBe("aeneas-dr-2");
  });

  it("of a data service has its own incarnation, if it has one", () => {
    expect(serviceName(named, "redis")).toBe("aeneas-dr-redis-5");
  });

  it("that owns DNS records is the same in every incarnation, which must take them over", () => {
    expect(recordOwner(named)).toBe(recordOwner(first));
  });

  it("of a bucket has the prefix, or else the account, in front", () => {
    const bucket = { incarnation: 1, namePrefix: undefined };
    expect(bucketName(bucket, "dumps")).toBe("dumps");
    expect(bucketName(bucket, "dumps", "a-12")).toBe("a-12-dumps");
    expect(bucketName({ ...bucket, namePrefix: "team" }, "dumps", "a-12")).toBe("team-dumps");
    expect(bucketName({ namePrefix: "team", incarnation: 4 }, "dumps")).toBe("team-dumps-4");
  });
});

describe("the bucket of backups", () => {
  it.each([
    [{}, good, "todo-chatbot-prod-backups"],
    [{ incarnation: 2 }, good, "todo-chatbot-prod-backups-2"],
    [{ namePrefix: "team" }, good, "team-todo-chatbot-prod-backups"],
    [{}, onGoogle, "bikes-and-more-todo-chatbot-prod-backups"],
    [{ namePrefix: "team" }, onGoogle, "team-todo-chatbot-prod-backups"],
    [{ namePrefix: "team", backupBucket: "as-it-is" }, good, "as-it-is"],
  ])("with %o", (changes, base, expected) => {
    expect(parseSettings({ ...base, ...changes }).backupBucket).toBe(expected);
  });
});

describe("an incarnation", () => {
  it.each([
    ["incarnation", 0, "is 0", "at least 1"],
    ["incarnation", 1.5, "is 1.5", "a whole number"],
    ["incarnation", 1000, "is 1000", "at most 999"],
  ])("%s: %s is refused", (key, value, is, allowed) => {
    expect(mistakes({ [key]: value })).toBe(sentence(key, is, allowed));
  });

  it("of a data service that this stack does not run is refused", () => {
    expect(mistakes({ incarnations: { stat: 2 } })).toBe(
      sentence(
        "incarnations.stat",
        "is 2",
        'for a data service of todo-chatbot that this stack runs: state, pubsub (did you mean "state"?)',
      ).replace("state, pubsub", '"state" or "pubsub"'),
    );
  });
});

it("a prefix that no bucket could have is refused", () => {
  expect(mistakes({ namePrefix: "My team" })).toBe(
    sentence(
      "namePrefix",
      'is "My team"',
      "1 to 20 lower-case letters, digits and hyphens, such as the organisation's name",
    ),
  );
});
