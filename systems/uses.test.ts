import { expect, it } from "vitest";
import { usesOf } from "./uses";
import { matches } from "./uses/use";
import { shop } from "./validate/fixtures/shop";

it.each([
  ["services[*].rollout.*", "services[api].rollout.by", true],
  ["services[*].rollout.*", "services[a.{b}/c].rollout.by", true],
  ["services[*].rollout.*", "services[api].rollout.deployments.blue", false],
  ["services[*].rollout.**", "services[api].rollout.deployments.blue", true],
  ["services[*].name", "services[api].sidecars[b].name", false],
  ["**.clause.**", "clause.ids", true],
  ["**.clause.**", "services[api].clause.ids", true],
  ["**.clause.**", "services[api].subclause.ids", false],
  ["edge.domain", "edge.domains", false],
])("the pattern %s and the path %s: %s", (pattern, path, expected) => {
  expect(matches(pattern, path)).toBe(expected);
});

it("depends on the values of the element, and on the environment", () => {
  const [first] = shop.edge.hosts;
  if (first === undefined) throw new Error("The fixture has no host.");
  const hosts = [{ ...first, host: "h", environment: "prod" as const }];
  const system = { ...shop, edge: { ...shop.edge, hosts } };
  const path = "edge.hosts[h].routes[/].path";
  const by = (environment: "prod" | "staging") =>
    usesOf([path, "edge.colour"], system, { environment, cloud: "aws" }).get(path)?.by;
  expect([by("staging"), by("prod")]).toEqual(["another stack", undefined]);
});

it("depends on the cloud", () => {
  const path = "cluster.pools[work].name";
  const by = (cloud: "aws" | "existing") =>
    usesOf([path], shop, { environment: "prod", cloud }).get(path)?.by;
  expect([by("existing"), by("aws")]).toEqual(["nothing here", undefined]);
});
