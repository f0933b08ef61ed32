import { describe, expect, it } from "vitest";
import { parseSettings, type RawSettings } from "../../settings";
import { good, images, mistakes, onAws, sentence, commands } from "../../settings/testing";
import { SYSTEMS } from "../../systems";
import { route53Failover } from "../clouds/aws/dns-failover";
import type { DnsHost } from "../dns/contract";
import { inputsOf, register } from "../kit/testing";
import { promotedHost, sharedHostAnnotations, sharedHosts, UNPUBLISHED } from "./failover";
import { edgeRoutes } from "./gateway-routes";

const PREFIX = "external-dns.alpha.kubernetes.io";
const route53 = { failover: route53Failover } as unknown as DnsHost;

const aeneas: RawSettings = {
  ...onAws,
  system: "aeneas",
  region: "us-east-1",
  domain: "aeneas.io",
  dnsZone: "aeneas.io",
  images: images(SYSTEMS.aeneas),
  commands: commands(SYSTEMS.aeneas),
};
const dr: RawSettings = { ...aeneas, environment: "dr", region: "us-west-2" };

const annotations = (raw: RawSettings, dns: DnsHost | undefined = route53) =>
  register((options) => sharedHostAnnotations("move", parseSettings(raw), dns, options), {
    cloud: { "aws:route53/healthCheck:HealthCheck": {} },
    preview: true,
  });

describe("AE-11, P5-08: the host that production and the recovery environment share", () => {
  it("is the public one of the runbook's failover", () => {
    expect(sharedHosts(SYSTEMS.aeneas)).toEqual(["api.{domain}"]);
    expect(sharedHosts(SYSTEMS["phase-5"])).toEqual(["api.{domain}"]);
  });

  it.each(Object.values(SYSTEMS))("of $id is covered by its failover, if it has one", (system) => {
    if (system.failover === undefined) return;
    expect(sharedHosts(system)).toEqual([system.failover.host]);
    expect(sharedHosts(system)).not.toContain(system.failover.primaryHost);
  });

  it("has two records on Route 53, of which production's depends on its own health", async () => {
    const { result, resources } = await annotations(aeneas);
    expect(Object.keys(result)).toEqual([
      `${PREFIX}/set-identifier`,
      `${PREFIX}/aws-failover`,
      `${PREFIX}/aws-health-check-id`,
    ]);
    expect(result[`${PREFIX}/aws-failover`]).toBe("PRIMARY");
    expect(inputsOf(resources, "move-primary")).toMatchObject({
      type: "CALCULATED",
      childHealthThreshold: 2,
    });
    expect(inputsOf(resources, "move-health")).toEqual({
      type: "HTTPS",
      fqdn: "primary.api.aeneas.io",
      port: 443,
      resourcePath: "/api/v1/health",
      enableSni: true,
      requestInterval: 30,
      failureThreshold: 3,
      tags: { Name: "primary.api.aeneas.io" },
    });
  });

  it("stays with a promoted recovery environment, whatever production says", async () => {
    const { resources } = await annotations(aeneas);
    expect(inputsOf(resources, "move-promotion")).toEqual({
      type: "HTTP_STR_MATCH",
      fqdn: "promoted.api.aeneas.io",
      port: 80,
      resourcePath: "/",
      searchString: "runstack: promoted",
      invertHealthcheck: true,
      requestInterval: 30,
      failureThreshold: 3,
      tags: { Name: "promoted.api.aeneas.io" },
    });
    const active = { ...dr, failover: "active" } as const;
    expect(promotedHost(parseSettings(active), route53)).toBe("promoted.api.aeneas.io");
    // A record of its own would be refused beside the other half.
    expect((await annotations(active)).result).toEqual((await annotations(dr)).result);
  });

  it.each<[string, RawSettings, DnsHost | undefined]>([
    ["a recovery environment that is not promoted", dr, route53],
    ["production", aeneas, route53],
    [
      "a recovery environment elsewhere",
      { ...good, environment: "dr", region: "sfo3", failover: "active" },
      undefined,
    ],
  ])("is not kept by %s", (_, raw, dns) => {
    expect(promotedHost(parseSettings(raw), dns)).toBeUndefined();
  });

  it("has no record of its own in production, where it is half of a failover", () => {
    expect(mistakes({ failover: "active" }, aeneas)).toBe(
      sentence(
        "failover",
        'is "active"',
        '"automatic" or "standby" in prod: its record is one half of a failover. To move the host back here, remove the key in dr',
      ),
    );
    expect(mistakes({ failover: "standby" }, aeneas)).toBe("");
    expect(mistakes({ failover: "active" }, dr)).toBe("");
  });

  it("needs nothing of production's region in the recovery environment", async () => {
    const { result, resources } = await annotations(dr);
    expect(result).toEqual({
      [`${PREFIX}/set-identifier`]: "secondary",
      [`${PREFIX}/aws-failover`]: "SECONDARY",
      [`${PREFIX}/aws-evaluate-target-health`]: "false",
    });
    expect(resources).toEqual([]);
  });

  it.each<[string, RawSettings, object]>([
    ["production", { ...good, environment: "prod" }, {}],
    ["the recovery environment", { ...good, environment: "dr", region: "sfo3" }, UNPUBLISHED],
    [
      "the recovery environment after the switch",
      { ...good, environment: "dr", region: "sfo3", failover: "active" },
      {},
    ],
    ["production after the switch", { ...good, failover: "standby" }, UNPUBLISHED],
    ["a recovery environment without records of its own", { ...dr, dns: "manual" }, UNPUBLISHED],
  ])("is published by one of both elsewhere: %s", async (_, raw, expected) => {
    expect((await annotations(raw, undefined)).result).toEqual(expected);
  });

  it("cannot move by itself without Route 53", () => {
    const allowed =
      '"active" or "standby": only Route 53 moves a host by itself, and only for a runbook with a failover';
    expect(mistakes({ failover: "automatic" })).toBe(
      sentence("failover", 'is "automatic"', allowed),
    );
    expect(mistakes({ failover: "automatic", dns: "manual" }, aeneas)).toContain(allowed);
    expect(mistakes({ failover: "automatic" }, aeneas)).toBe("");
  });

  it("is not published by the redirect: the route decides who answers", () => {
    const { edge } = SYSTEMS.aeneas;
    const shared = { host: "api.aeneas.io", routes: [], annotations: UNPUBLISHED };
    const own = { host: "dr.api.aeneas.io", routes: [] };
    expect(edgeRoutes(edge, [own, shared]).map((route) => route.annotations)).toEqual([
      UNPUBLISHED,
      {},
      UNPUBLISHED,
    ]);
    expect(edgeRoutes(edge, [own]).map((route) => route.annotations)).toEqual([{}, {}]);
  });
});
