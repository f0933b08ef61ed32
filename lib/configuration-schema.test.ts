import { describe, expect, it } from "vitest";
import { faultsOf, type Schema } from "./configuration-schema";

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

  it.each<[Schema, unknown, string]>([
    [{ type: "array" }, "a, b,", 'a list: write ["a", "b"]'],
    [{ type: "array" }, "", "a list: write []"],
    [{ type: "array", items: { type: "integer" } }, "80, 443", "a list: write [80, 443]"],
    [{ type: "array", items: { type: "integer" } }, 443, "a list: write [443]"],
    [{ type: "array" }, true, "a list"],
  ])("shows how a list is written: %j of %j", (schema, value, expected) => {
    expect(faultsOf(schema, value, ["a"])).toEqual([
      `a is ${JSON.stringify(value)}; it must be ${expected}.`,
    ]);
  });

  it("looks into lists", () => {
    const schema: Schema = { type: "array", items: { type: "string" } };
    expect(faultsOf(schema, ["a", 1, "b", 2], ["a"])).toEqual([
      "a[1] is 1; it must be a text.",
      "a[3] is 2; it must be a text.",
    ]);
  });
});
