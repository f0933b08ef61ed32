import { describe, expect, it } from "vitest";
import { parseSettings, type RawSettings } from "../../settings";
import { good, images, mistakes, onAws, sentence, commands } from "../../settings/testing";
import { SYSTEMS } from "../../systems";
import { route53Failover } from "../clouds/aws/dns-failover";
import type { DnsHost } from "../dns/contract";
import { inputsOf, register } from "../kit/testing";
import { sharedHostAnnotations, sharedHosts, UNPUBLISHED } from "./failover";
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

  it("needs nothing of production's region in the recovery environment", async () => {
    const { result, resources } = await annotations(dr);
    expect(result).toEqual({
      [`${PREFIX}/set-identifier`]: "secondary",
      [`${PREFIX}/aws-failover`]: "SECONDARY",
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
