import { list } from "../../lib/words";
import type { CloudName } from "../../systems/model";
import { durationText } from "../../systems/units";
import { problem, type Check } from "../problem";
import { redisVersion } from "../versions";
import { sizeOf, whoRuns } from "./data";
import { matching } from "./formats";
import { optional, runs } from "./key";

/** Where the managed Redis takes snapshots. */
const WITH_SNAPSHOTS: readonly CloudName[] = ["aws", "gcp"];

/** Nothing in a stack takes snapshots of a Redis, except these clouds of their own. */
const snapshotsTaken: Check = (_, { system, cloud, production }) =>
  system.caches.flatMap(({ runs: way, name }) => {
    const here = WITH_SNAPSHOTS.includes(cloud);
    if (!production || way === "operator" || (way === "managed" && here)) return [];
    const [key, value, allowed] = here
      ? ["redis", way, '"managed"']
      : ["cloud", cloud, list(WITH_SNAPSHOTS)];
    return system.backups
      .filter(({ of, method }) => of === name && method === "snapshot")
      .map(({ every, clause }) =>
        problem(
          key,
          value,
          `${allowed} for ${name}: the runbook takes a snapshot every ${durationText(every)} (${clause.heading}), and nothing here would; ` +
            `if its provider does, say so in systems/${system.id}: a backup by its provider`,
        ),
      );
  });

export const redis = {
  redis: whoRuns("redis", "Redis", [snapshotsTaken]),
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
