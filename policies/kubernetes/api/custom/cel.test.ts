import { describe, expect, it } from "vitest";
import { celValue, evaluate, isOnChange } from "./cel";

const SELF = {
  url: "https://example.com:8443/x",
  memory: "512Mi",
  ip: "10.1.2.3",
  range: "10.0.0.0/8",
  list: [1n, 2n, 5n],
  text: "a1b22",
};

describe("evaluate", () => {
  it.each([
    ['url(self.url).getScheme() == "https" && url(self.url).getPort() == "8443"'],
    [
      'url(self.url).getHostname() == "example.com" && url(self.url).getHost() == "example.com:8443"',
    ],
    ['isURL("/only/path") && !isURL("::")'],
    [
      'quantity(self.memory).isGreaterThan(quantity("500Mi")) && isQuantity("1Gi") && !isQuantity("x")',
    ],
    ['quantity("1k").add(quantity("24")).asInteger() == 1024'],
    ['isIP(self.ip) && ip(self.ip).family() == 4 && !isIP("300.1.1.1")'],
    [
      "isCIDR(self.range) && cidr(self.range).containsIP(self.ip) && cidr(self.range).prefixLength() == 8",
    ],
    [
      "self.list.isSorted() && self.list.sum() == 8 && self.list.max() == 5 && self.list.min() == 1",
    ],
    ["self.list.indexOf(2) == 1 && self.list.indexOf(9) == -1"],
    ['self.text.find("[0-9]+") == "1" && self.text.findAll("[0-9]+") == ["1", "22"]'],
    ['self.text.replace("b", "c") == "a1c22"'],
    ['self.?absent.orValue("x") == "x" && !has(self.absent)'],
    ['self.text.matches("^[a-z0-9]+$") && self.text.lowerAscii().startsWith("a")'],
  ])("keeps %s", (rule) => {
    expect(evaluate({ rule }, SELF)).toEqual({ is: "kept" });
  });

  it("gives the message, the expression's text, or the rule", () => {
    const rule = 'self.text == ""';
    expect(evaluate({ rule, message: "no\n  text." }, SELF)).toEqual({
      is: "broken",
      message: "no text.",
    });
    expect(evaluate({ rule, messageExpression: '"it has " + self.text' }, SELF)).toEqual({
      is: "broken",
      message: "it has a1b22",
    });
    expect(evaluate({ rule, message: "no text", messageExpression: "self.absent" }, SELF)).toEqual({
      is: "broken",
      message: "no text",
    });
    expect(evaluate({ rule }, SELF)).toEqual({
      is: "broken",
      message: `it breaks the rule ${rule}`,
    });
  });

  it("says why a rule is undecided", () => {
    expect(evaluate({ rule: "self.text.unheardOf()" }, SELF)).toEqual({
      is: "undecided",
      reason: expect.stringMatching(
        /^the rule self\.text\.unheardOf\(\) cannot be evaluated here: found no matching overload/,
      ) as unknown,
    });
  });
});

describe("celValue", () => {
  it("tells whole numbers from others, and renames fields that the language cannot spell", () => {
    const schema = {
      type: "object",
      properties: {
        count: { type: "integer" },
        share: { type: "number" },
        namespace: { type: "string" },
        "max-size.x": { type: "integer" },
        map: { type: "object", additionalProperties: { type: "integer" } },
      },
    };
    const raw = {
      count: 3,
      share: 3,
      namespace: "a",
      "max-size.x": 1,
      map: { "a-b": 2 },
      other: 1,
    };
    expect(celValue(raw, schema)).toEqual({
      count: 3n,
      share: 3,
      __namespace__: "a",
      max__dash__size__dot__x: 1n,
      map: { "a-b": 2n },
    });
  });
});

it("knows rules on changes", () => {
  expect(isOnChange({ rule: "self >= oldSelf" })).toBe(true);
  expect(isOnChange({ rule: "self.oldSelfie" })).toBe(false);
});
