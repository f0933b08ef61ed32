import { describe, expect, it } from "vitest";
import type { System } from "../systems/model";
import { isProduction, readSurroundings } from "./environment";
import { shop } from "./system-fixture";

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
});
