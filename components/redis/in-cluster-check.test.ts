import { describe, expect, it } from "vitest";
import { gib, mib } from "../../systems/units";
import { refusal } from "../kit/testing";
import { checkInClusterRedis } from "./in-cluster-check";
import type { InClusterRedisArguments } from "./in-cluster-names";
import { inCluster as args } from "./testing";

describe("a store that would not start", () => {
  const names =
    "at most 40 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen. The names of the pods and of their Services begin with it.";

  it.each<[Partial<InClusterRedisArguments>, string]>([
    [{ serviceName: "Redis" }, `serviceName is "Redis", but must be ${names}`],
    [
      { version: "7.0" },
      'version is "7.0", but must be one of 9.1. In the cluster it is always Valkey, which speaks the Redis protocol.',
    ],
    [
      { memory: mib(127) },
      "memory is 127Mi, but must be 128Mi or more. Data can use only three quarters of it.",
    ],
    [
      { memory: gib(4), storage: gib(7) },
      "storage is 7Gi, but must be at least twice the memory of 4Gi. While the log is rewritten, the volume holds two copies.",
    ],
  ])("refuses %j", (changes, expected) => {
    expect(
      refusal(() => {
        checkInClusterRedis("store", { ...args, ...changes });
      }),
    ).toBe(`InClusterRedis store: ${expected}`);
  });

  it.each<Partial<InClusterRedisArguments>>([
    { serviceName: "r" },
    { serviceName: "a".repeat(40) },
    { memory: mib(128), storage: mib(256) },
  ])("accepts %j", (changes) => {
    expect(
      refusal(() => {
        checkInClusterRedis("store", { ...args, ...changes });
      }),
    ).toBe("");
  });
});
