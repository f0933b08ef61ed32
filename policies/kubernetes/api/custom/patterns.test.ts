import { describe, expect, it } from "vitest";
import { Undecided, matches } from "./patterns";

describe("matches", () => {
  it.each([
    ["^[[:alnum:]_-]+$", "a-1_", "a:"],
    [String.raw`^\pL+$`, "äß", "L1"],
    [String.raw`^\p{Greek}+$`, "λ", "l"],
    ["^(?P<name>a)b$", "ab", "b"],
    [String.raw`\Aab\z`, "ab", "ab\n"],
    [String.raw`(?m)\Aab`, "ab", "x\nab"],
    ["(?i)^abc$", "ABC", "abd"],
    [String.raw`^[\w-.]+$`, "a-.b", "a b"],
    [String.raw`^\-\_\/\"$`, '-_/"', '\\-_/"'],
    ["^[]a]+$", "]a", "b"],
    ["^{}x{2}$", "{}xx", "{}x"],
    ["^.$", "\r", "\n"],
    [String.raw`^\s$`, "\t", "\u00a0"],
    [String.raw`^[\s]$`, "\t", "\u00a0"],
    [String.raw`^\x{1F600}$`, "😀", "x"],
  ])("reads %s as Go does", (pattern, yes, no) => {
    expect(matches(yes, pattern)).toBe(true);
    expect(matches(no, pattern)).toBe(false);
  });

  it.each([
    "^(?i:a)b$",
    "(?U)a+",
    String.raw`\Qa.b\E`,
    "[[:^alpha:]]",
    "(?=a)",
    String.raw`(a)\1`,
    "[a",
  ])("leaves %s undecided", (pattern) => {
    expect(() => matches("ab", pattern)).toThrow(Undecided);
  });

  it("ends a short text too, and tries it once", () => {
    const pattern = "^(a|a|a|a|aa)+$";
    const text = `${"a".repeat(24)}!`;
    for (let time = 0; time < 1000; time += 1) {
      expect(() => matches(text, pattern)).toThrow("takes too long");
    }
    expect(() => matches("a", pattern)).toThrow("takes too long");
  });
});
