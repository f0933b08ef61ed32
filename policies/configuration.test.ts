import { describe, expect, it } from "vitest";
import { POLICIES } from "./catalog";
import { ConfigurationError, configure } from "./configuration";
import { KEYWORDS, faultsOf, type Schema } from "./configuration-schema";
import type { PolicyContext } from "./policy-context";
import { replicas, served, tier } from "./manifests/testing";

const PROD: PolicyContext = { environment: "prod", exemptions: [], podSecurityMinor: Infinity };
const STAGING: PolicyContext = { ...PROD, environment: "staging" };
const PACK = [replicas, tier, served];

const configured = (fixture?: unknown, policyContext = PROD): Record<string, unknown> =>
  Object.fromEntries(configure(PACK, policyContext, fixture));

const faults = (fixture: unknown): readonly string[] => {
  try {
    configure(PACK, PROD, fixture);
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
    [{ something: {} }, 'The pack has no policy "something". docs/policies.md lists them.'],
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
    [{ all: { least: 2 } }, '"all" has no property "least". It has none.'],
    [{ replicas: { lest: 2 } }, '"replicas" has no property "lest". Did you mean "least"?'],
    [{ replicas: { other: 2 } }, '"replicas" has no property "other". It has least.'],
    [
      { tier: { enforcmentLevel: "advisory" } },
      '"tier" has no property "enforcmentLevel". Did you mean "enforcementLevel"?',
    ],
    [{ replicas: { least: 0 } }, "replicas.least is 0; it must be 1 or more."],
    [{ replicas: { least: 1.5 } }, "replicas.least is 1.5; it must be a whole number."],
  ])("refuses %j", (fixture, fault) => {
    expect(faults(fixture)).toEqual([fault]);
  });

  it("says everything that is wrong at once", () => {
    expect(faults({ tier: "on", replicas: { least: "2" } })).toEqual([
      'The enforcement level of "tier" is "on"; it must be one of mandatory, advisory, disabled, remediate.',
      'replicas.least is "2"; it must be a whole number.',
    ]);
  });

  it("takes names that every object has for what they are", () => {
    expect(faults({ constructor: "advisory" })).toEqual([
      'The pack has no policy "constructor". docs/policies.md lists them.',
    ]);
  });
});

describe("faultsOf", () => {
  const cases: readonly (readonly [Schema, unknown, string | undefined])[] = [
    [{ type: "string" }, "a", undefined],
    [{ type: "string" }, 1, "be a text"],
    [{ type: "number" }, 1.5, undefined],
    [{ type: "number" }, "1", "be a number"],
    [{ type: "boolean" }, 0, "be true or false"],
    [{ type: "array" }, {}, "be a list"],
    [{ type: "object" }, [], "be an object"],
    [{ type: "object" }, null, "be an object"],
    [{ type: "object" }, {}, undefined],
    [{ type: ["string", "null"] }, null, undefined],
    [{ type: ["string", "null"] }, 1, "be a text or null"],
    [{ enum: ["a", 2] }, 2, undefined],
    [{ enum: ["a", 2] }, "2", 'be one of "a", 2'],
    [{ minimum: 2 }, 2, undefined],
    [{ minimum: 2 }, 1, "be 2 or more"],
    [{ exclusiveMinimum: 2 }, 3, undefined],
    [{ exclusiveMinimum: 2 }, 2, "be more than 2"],
    [{ maximum: 2 }, 2, undefined],
    [{ maximum: 2 }, 3, "be 2 or less"],
    [{ maximum: 2 }, "3", undefined],
    [{ minLength: 1 }, "a", undefined],
    [{ minLength: 1 }, "", "have 1 character or more"],
    [{ minLength: 2 }, "a", "have 2 characters or more"],
    [{ pattern: "^a" }, "ab", undefined],
    [{ pattern: "^a" }, "ba", "match ^a"],
    [{ minItems: 1 }, [1], undefined],
    [{ minItems: 1 }, [], "have 1 item or more"],
  ];
  it.each(cases)("of %j and %j", (schema, value, expected) => {
    const reported = `a[0].b is ${JSON.stringify(value)}; it must ${expected ?? ""}.`;
    expect(faultsOf(schema, value, ["a", 0, "b"])).toEqual(
      expected === undefined ? [] : [reported],
    );
  });

  it("looks into lists", () => {
    const schema: Schema = { type: "array", items: { type: "string" } };
    expect(faultsOf(schema, ["a", 1, "b", 2], ["a"])).toEqual([
      "a[1] is 1; it must be a text.",
      "a[3] is 2; it must be a text.",
    ]);
  });
});

describe("the pack's schemas", () => {
  const keywordsOf = (schema: unknown): readonly string[] =>
    typeof schema !== "object" || schema === null
      ? []
      : [...Object.keys(schema), ...keywordsOf((schema as Schema).items)];

  it("use the keywords that are looked at, and defaults that are right", () => {
    for (const { name, configuration } of POLICIES) {
      for (const [key, schema] of Object.entries(configuration?.properties ?? {})) {
        expect(KEYWORDS).toEqual(expect.arrayContaining([...keywordsOf(schema)]));
        if (typeof schema === "boolean" || schema.default === undefined) continue;
        expect(faultsOf(schema, schema.default, [name, key])).toEqual([]);
      }
    }
  });
});
