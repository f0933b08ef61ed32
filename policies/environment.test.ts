import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { System } from "../systems/model";
import { POLICIES } from "./catalog";
import { policyPage } from "./docs";
import { isProduction, readSurroundings } from "./environment";
import { shop } from "./testing/system";

const systems: Readonly<Record<string, System>> = { shop };
const read = (values: Readonly<Record<string, string>>): ReturnType<typeof readSurroundings> =>
  readSurroundings(systems, { get: (key) => values[key] });

describe("readSurroundings", () => {
  it("takes a stack without configuration for production of no known system", () => {
    expect(read({})).toEqual({ environment: "prod", exemptions: [], podSecurityMinor: Infinity });
  });

  it("reads what the stack says", () => {
    expect(
      read({
        environment: "dr",
        system: "shop",
        policyExemptions: '[{"policy":"x"}]',
        podSecurityVersion: "v1.34",
      }),
    ).toEqual({
      environment: "dr",
      system: shop,
      exemptions: [{ policy: "x" }],
      podSecurityMinor: 34,
    });
  });

  it("judges an environment it has not heard of as production", () => {
    expect(read({ environment: "Staging" }).environment).toBe("prod");
    expect(read({ environment: "staging" }).environment).toBe("staging");
  });

  it("takes everything but staging for production", () => {
    const production = (environment: string): boolean => isProduction(read({ environment }));
    expect(["prod", "dr", "staging", "test"].map(production)).toEqual([true, true, false, true]);
  });

  it("knows no system that is not in the table, whatever its name", () => {
    expect(read({ system: "toString" }).system).toBeUndefined();
  });

  it("keeps exemptions that are no JSON, so that a policy can say so", () => {
    expect(read({ policyExemptions: "oops" }).exemptions).toBe("oops");
  });

  it("takes every other version for the latest", () => {
    expect(read({ podSecurityVersion: "latest" }).podSecurityMinor).toBe(Infinity);
    expect(read({ podSecurityVersion: "1.29" }).podSecurityMinor).toBe(29);
  });

  it("reads only keys that Pulumi.yaml declares, with defaults that it understands", () => {
    const { config } = parse(readFileSync(join(__dirname, "..", "Pulumi.yaml"), "utf8")) as {
      readonly config: Readonly<Record<string, { readonly default?: unknown }>>;
    };
    const keys: string[] = [];
    const surroundings = readSurroundings(systems, {
      get: (key) => {
        keys.push(key);
        const value = config[key]?.default;
        return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
      },
    });
    expect(keys.sort()).toEqual([
      "environment",
      "podSecurityVersion",
      "policyExemptions",
      "system",
    ]);
    expect(keys.filter((key) => !Object.hasOwn(config, key))).toEqual([]);
    expect(surroundings).toEqual(read({}));
  });

  it("documents no other key than those", () => {
    const named = policyPage(POLICIES).matchAll(/runstack:([A-Za-z]+)/g);
    expect([...new Set([...named].map(([, key]) => key))].sort()).toEqual([
      "environment",
      "podSecurityVersion",
      "policyExemptions",
    ]);
  });
});
