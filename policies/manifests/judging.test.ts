import { expect, it } from "vitest";
import { aws } from "../aws";
import { digitalocean } from "../digitalocean";
import { gcp } from "../gcp";
import { kubernetes } from "../kubernetes";
import { podSecurity } from "../pod-security";
import type { Policy } from "../policy";
import { pulumi } from "../pulumi";
import { runbook } from "../runbook";
import { judgesManifests, judgesSome } from "./judging";
import { replicas, tier } from "./testing";

const names = (policies: readonly Policy[]): readonly string[] =>
  policies.filter(judgesManifests).map(({ name }) => name);

it("knows that what is about clouds, programs and runbooks judges no manifest", () => {
  expect(names([...aws, ...digitalocean, ...gcp, ...pulumi, ...runbook])).toEqual([]);
  const all = [...kubernetes, ...podSecurity];
  const programs = all.filter(({ needs }) => needs === "program");
  expect(names(all)).toHaveLength(all.length - programs.length);
});

it("knows which types a policy looks at", () => {
  const [deployments, services] = ["apps:Deployment", "core:Service"].map(
    (type) => new Set([`kubernetes:${type}`]),
  );
  const looks = (policy: Policy) =>
    [deployments, services, new Set<string>()].map((types = new Set()) =>
      judgesSome(policy, types),
    );
  expect(looks(replicas)).toEqual([true, false, false]);
  expect(looks(tier)).toEqual([true, true, false]);
});
