import { redisVersion } from "../versions";
import { sizeOf, whoRuns } from "./data";
import { matching } from "./formats";
import { optional, runs } from "./key";

export const redis = {
  redis: whoRuns("redis", "Redis"),
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
