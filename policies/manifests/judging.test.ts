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
import { policyNamed } from "../catalog";
import { housed, replicas, served, tier } from "./testing";

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
  expect(looks(served)).toEqual([true, true, false]);
  // It reports what is not there.
  expect(looks(housed)).toEqual([true, true, false]);
});

it("knows which types a policy on all objects together asks for", () => {
  const judged = (name: string, kind: string): boolean =>
    judgesSome(policyNamed(name), new Set([`kubernetes:${kind}`]));
  for (const name of ["workload-replicated", "dapr-access-caller", "secret-reference"])
    expect([name, judged(name, "core:ConfigMap")]).toEqual([name, false]);
  expect(judged("workload-replicated", "apps:Deployment")).toBe(true);
  expect(judged("dapr-access-caller", "dapr.io:Configuration")).toBe(true);
  expect(judged("secret-reference", "core:Pod")).toBe(true);
  // Any object may be of a defined kind.
  expect(judged("api-custom-schema", "core:ConfigMap")).toBe(true);
});
