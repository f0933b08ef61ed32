import { durationText } from "../../systems/units";
import { problem, type Check } from "../problem";
import { redisVersion } from "../versions";
import { sizeOf, whoRuns } from "./data";
import { matching } from "./formats";
import { optional, runs } from "./key";

/** Nothing here takes snapshots of a Redis elsewhere. */
const snapshotsElsewhere: Check = (_, { system, production }) =>
  system.caches.flatMap(({ runs: way, name }) => {
    const snapshots = system.backups.filter(
      ({ of, method }) => of === name && method === "snapshot",
    );
    return production && way === "external"
      ? snapshots.map((backup) =>
          problem(
            "redis",
            way,
            `"managed" for ${name}: the runbook takes a snapshot every ${durationText(backup.every)} (${backup.clause.heading}), and nothing in this stack would; ` +
              `if its provider does, say so in systems/${system.id}: a backup by "provider"`,
          ),
        )
      : [];
  });

export const redis = {
  redis: whoRuns("redis", "Redis", [snapshotsElsewhere]),
  redisSize: sizeOf(
    "redisSize",
    "Size of the managed Redis or Valkey",
    "It can be increased in place.",
    "cache.m6g.xlarge",
  ),
  redisVersion: optional({
    schema: matching(/^\d+(\.\d+)?$/, "a version such as 7.0"),
    doc: "Version of Redis",
    otherwise: "the runbook's version, or the default of the service or operator",
    example: "7.2",
    only: {
      where: "where Redis is managed or run by an operator",
      applies: runs("redis", "managed", "operator"),
    },
    rules: [redisVersion],
  }),
};
