import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { yamlText } from "./yaml";

describe("yamlText", () => {
  it("quotes strings that other parsers would read as something else", () => {
    expect(yamlText({ a: "yes", b: "0o7", c: "=", d: "1:20", e: "off", f: "012" })).toBe(
      'a: "yes"\nb: "0o7"\nc: "="\nd: "1:20"\ne: "off"\nf: "012"\n',
    );
  });

  it("keeps scripts readable and hidden characters visible", () => {
    expect(yamlText({ script: "set -e\n\tdump\n", name: "a\u202eb\u{e0041}" })).toBe(
      'script: |\n  set -e\n  \tdump\nname: "a\\u202eb\\U000e0041"\n',
    );
  });

  it("writes equal objects in full instead of using aliases", () => {
    const shared = { a: 1 };
    expect(yamlText([shared, shared])).toBe("- a: 1\n- a: 1\n");
  });

  it("reads back as the same value under both versions of YAML", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean())), (value) => {
        const written = yamlText(value);
        expect(written.replaceAll("\n", "").replaceAll("\t", "")).not.toMatch(
          /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u,
        );
        for (const version of ["1.1", "1.2"] as const) {
          expect(parse(written, { version, merge: false })).toEqual(value);
        }
      }),
      { numRuns: 300 },
    );
  });
});
