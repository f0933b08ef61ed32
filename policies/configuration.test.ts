import { describe, expect, it } from "vitest";
import { POLICIES } from "./catalog";
import { KEYWORDS, faultsOf, type Schema } from "../lib/configuration-schema";
import { ConfigurationError } from "../lib/policy-configuration";
import { configurePack } from "./configuration";
import type { PolicyContext } from "./policy-context";
import { replicas, served, tier } from "./manifests/testing";

const PROD: PolicyContext = {
  environment: "prod",
  exemptions: [],
  podSecurityMinor: Infinity,
  zoned: true,
  restored: {},
};
const STAGING: PolicyContext = { ...PROD, environment: "staging" };
const PACK = [replicas, tier, served];

const configured = (fixture?: unknown, policyContext = PROD): Record<string, unknown> =>
  Object.fromEntries(configurePack(PACK, policyContext, fixture));

const faults = (fixture: unknown): readonly string[] => {
  try {
    configurePack(PACK, PROD, fixture);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.faults;
  }
};

const advice = { level: "advisory", properties: {} };
const strict = { level: "mandatory", properties: {} };

describe("configure", () => {
  it("gives each policy its level in the environment, and its defaults", () => {
    const defaults = { ...strict, properties: { least: 2 } };
    expect(configured()).toEqual({ replicas: defaults, tier: advice, served: strict });
    expect(configured({}, STAGING)).toEqual({
      replicas: { ...defaults, level: "advisory" },
      tier: advice,
      served: advice,
    });
  });

  it("takes levels and properties of policies, and the level of all others", () => {
    const fixture = { all: "disabled", replicas: { least: 5 }, served: "remediate" };
    const expected = {
      replicas: { level: "disabled", properties: { least: 5 } },
      tier: { ...advice, level: "disabled" },
      served: { ...strict, level: "remediate" },
    };
    expect(configured(fixture)).toEqual(expected);
    expect(configured({ ...fixture, all: { enforcementLevel: "disabled" } })).toEqual(expected);
    expect(configured({ replicas: { enforcementLevel: "advisory" } })).toMatchObject({
      replicas: { level: "advisory", properties: { least: 2 } },
    });
  });

  it.each([
    [[], "The policy configuration must be an object: policy names with their configuration."],
    ["tier", "The policy configuration must be an object: policy names with their configuration."],
    [{ replica: "advisory" }, 'The pack has no policy "replica". Did you mean "replicas"?'],
    [{ something: {} }, 'The pack has no policy "something". Correct the name, or remove it.'],
    [
      { tier: "off" },
      'The enforcement level of "tier" is "off"; it must be one of mandatory, advisory, disabled, remediate.',
    ],
    [
      { all: { enforcementLevel: null } },
      'The enforcement level of "all" is null; it must be one of mandatory, advisory, disabled, remediate.',
    ],
    [
      { tier: true },
      'The enforcement level of "tier" is true; it must be one of mandatory, advisory, disabled, remediate.',
    ],
    [{ all: { least: 2 } }, '"all" has no property "least". It has enforcementLevel.'],
    [{ replicas: { lest: 2 } }, '"replicas" has no property "lest". Did you mean "least"?'],
    [
      { replicas: { other: 2 } },
      '"replicas" has no property "other". It has least, enforcementLevel.',
    ],
    [
      { tier: { enforcmentLevel: "advisory" } },
      '"tier" has no property "enforcmentLevel". Did you mean "enforcementLevel"?',
    ],
    [{ replicas: { least: 0 } }, "replicas.least is 0; it must be 1 or more."],
    [{ replicas: { least: 1.5 } }, "replicas.least is 1.5; it must be a whole number."],
  ])("refuses %j", (fixture, fault) => {
    expect(faults(fixture)).toEqual([fault]);
  });

  it("reports all problems at once", () => {
    expect(faults({ tier: "on", replicas: { least: "2" } })).toEqual([
      'The enforcement level of "tier" is "on"; it must be one of mandatory, advisory, disabled, remediate.',
      'replicas.least is "2"; it must be a whole number.',
    ]);
  });

  it("is not confused by names of Object.prototype", () => {
    expect(faults({ constructor: "advisory" })).toEqual([
      'The pack has no policy "constructor". Correct the name, or remove it.',
    ]);
  });
});

describe("the pack's schemas", () => {
  const keywordsOf = (schema: unknown): readonly string[] =>
    typeof schema !== "object" || schema === null
      ? []
      : [...Object.keys(schema), ...keywordsOf((schema as Schema).items)];

  it("use supported keywords, and valid defaults", () => {
    for (const { name, configuration } of POLICIES) {
      for (const [key, schema] of Object.entries(configuration?.properties ?? {})) {
        expect(KEYWORDS).toEqual(expect.arrayContaining([...keywordsOf(schema)]));
        if (typeof schema === "boolean" || schema.default === undefined) continue;
        expect(faultsOf(schema, schema.default, [name, key])).toEqual([]);
      }
    }
  });
});
