import { redisVersion } from "../versions";
import { sizeOf, whoRuns } from "./data";
import { matching } from "./formats";
import { optional, runs } from "./key";

export const redis = {
  redis: whoRuns("redis", "Redis"),
  redisSize: sizeOf(
    "redisSize",
    "Size of the managed Redis or Valkey",
    "It can be raised in place.",
    "cache.m6g.xlarge",
  ),
  redisVersion: optional({
    schema: matching(/^\d+(\.\d+)?$/, "a version such as 7.0"),
    doc: "Version of Redis",
    otherwise: "the runbook's, or that of whoever runs it",
    example: "7.2",
    only: {
      where: "where the stack runs Redis, or its cloud does",
      applies: runs("redis", "managed", "operator"),
    },
    rules: [redisVersion],
  }),
};
