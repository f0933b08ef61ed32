/** No host is published by production and by the recovery environment, unless as the two halves of a failover. */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import { parseSettings, type RawSettings } from "../settings";
import { images, onAws, onGoogle, commands } from "../settings/testing";
import { SYSTEMS, type SystemId } from "../systems";
import { environmentPlan } from "./environment-plan";

const PREFIX = "external-dns.alpha.kubernetes.io";
const mail = { smarthost: "mail.example.org:587", from: "a@example.org", username: "a" };

const CASES: readonly (readonly [SystemId, RawSettings, string, string])[] = [
  ["todo-chatbot", onAws, "eu-west-1", "eu-central-1"],
  ["ai-wealth", onAws, "eu-west-1", "eu-central-1"],
  ["aia", { ...onGoogle, mail }, "europe-west4", "europe-west1"],
  ["aeneas", onAws, "us-east-1", "us-west-2"],
  ["phase-5", onAws, "us-east-1", "us-west-2"],
];

/** By host: the record's half of a failover, or the whole record. */
async function published(raw: RawSettings): Promise<ReadonlyMap<string, string>> {
  vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  const { resources } = await environmentPlan(parseSettings(raw));
  return new Map(
    resources
      .filter(({ type }) => type.endsWith(":HTTPRoute"))
      .flatMap(({ inputs }) => {
        const { metadata, spec } = inputs as {
          metadata: { annotations?: Record<string, string> };
          spec: { hostnames: string[] };
        };
        const { annotations = {} } = metadata;
        if (annotations[`${PREFIX}/controller`] === "none") return [];
        return spec.hostnames.map(
          (host) => [host, annotations[`${PREFIX}/aws-failover`] ?? "whole"] as const,
        );
      }),
  );
}

describe.each(CASES)("%s", (system, base, home, recovery) => {
  it("production and the recovery environment share no record", async () => {
    const raw = {
      ...base,
      system,
      images: images(SYSTEMS[system]),
      commands: commands(SYSTEMS[system]),
    };
    const prod = await published({ ...raw, environment: "prod", region: home });
    const dr = await published({ ...raw, environment: "dr", region: recovery });
    expect(prod.size).toBeGreaterThan(0);
    const both = [...prod].filter(([host]) => dr.has(host));
    expect(both.map(([host, half]) => [half, dr.get(host)])).toEqual(
      SYSTEMS[system].failover === undefined ? [] : [["PRIMARY", "SECONDARY"]],
    );
  });
});

it("a promoted recovery environment answers where production's health check asks", async () => {
  vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  const raw: RawSettings = {
    ...onAws,
    system: "aeneas",
    images: images(SYSTEMS.aeneas),
    commands: commands(SYSTEMS.aeneas),
  };
  const planned = async (more: Partial<RawSettings>) =>
    (await environmentPlan(parseSettings({ ...raw, ...more }))).resources;
  const prod = await planned({ environment: "prod", region: "us-east-1" });
  const dr = await planned({ environment: "dr", region: "us-west-2", failover: "active" });

  const asks = prod.find(({ name }) => name.endsWith("-failover-promotion"))?.inputs;
  const route = dr.find(({ name }) => name.endsWith("-edge-promotion"))?.inputs["spec"];
  expect(route).toMatchObject({
    hostnames: [asks?.["fqdn"]],
    parentRefs: [{ sectionName: "http" }],
    rules: [{ matches: [{ path: { type: "Exact", value: asks?.["resourcePath"] } }] }],
  });
  const answer = dr.find(({ name }) => name.endsWith("-edge-promotion-answer"))?.inputs["spec"];
  expect(answer).toMatchObject({
    directResponse: { statusCode: 200, body: { inline: asks?.["searchString"] } },
  });
});
